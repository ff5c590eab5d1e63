//! The public door. This file is the whole route table, grouped by caller; handlers translate and decide nothing.

mod assets;
mod auth;
mod body;
mod context;
mod cookies;
mod health;
mod identity;
mod me;
mod openapi;
mod people;
mod reply;
mod request_id;

pub use context::{Context, Parts};
pub use cookies::Cookies;
pub use identity::{Administrator, Caller, MaybeActor, SignedIn, WithAccount};
pub use openapi::document;

use axum::Router;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everybody: no credentials are asked for, old cookies are ignored.
fn public() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(auth::settings))
        .routes(routes!(auth::register))
        .routes(routes!(auth::set_up))
        .routes(routes!(auth::login))
        .routes(routes!(auth::guest_login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
}

/// Whoever is signed in, guests included.
fn signed_in() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(me::me, me::change_profile))
        .routes(routes!(me::preferences, me::set_preferences))
}

/// Whoever has an account.
fn with_account() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(me::change_password))
        .routes(routes!(me::sessions))
        .routes(routes!(me::end_session))
}

/// Every documented route, with the document that describes them.
fn api() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(openapi::frame()).merge(public()).merge(signed_in()).merge(with_account())
}

/// The door: API, documentation, page.
pub fn router(context: Context) -> Router {
    let (api, document) = api().split_for_parts();
    let api = api.with_state(context.clone());
    api.merge(openapi::routes(document))
        .fallback(assets::page)
        .layer(axum::middleware::from_fn(request_id::layer))
}
