//! The public door. This file is the whole route table, grouped by caller; handlers translate and decide nothing.

mod assets;
mod auth;
mod body;
mod cert;
mod context;
mod cookies;
mod health;
mod identity;
mod join;
mod me;
mod moderation;
mod openapi;
mod path;
mod path_check;
mod people;
mod plain;
mod presence;
mod reply;
mod request_id;
mod rooms;
mod signalling;
mod webhook;

pub(crate) use body::Body;
pub use context::{Context, Parts};
pub use cookies::Cookies;
pub use identity::{Administrator, Caller, MaybeActor, SignedIn, WithAccount};
pub use openapi::document;
pub use plain::plain_router;
pub use request_id::layer as request_log;

use axum::{Router, routing::any};
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everybody: no credentials are asked for, old cookies are ignored.
fn public() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(cert::certificate))
        .routes(routes!(auth::settings))
        .routes(routes!(auth::register))
        .routes(routes!(auth::set_up))
        .routes(routes!(auth::login))
        .routes(routes!(auth::guest_login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(join::guest_join))
        .routes(routes!(join::check))
        .routes(routes!(path_check::check_path))
        .routes(routes!(presence::presence))
        .routes(routes!(presence::inside_own))
}

/// The SFU, which signs what it sends.
fn sfu() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(webhook::hear))
}

/// Whoever is signed in, guests included.
fn signed_in() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(me::me, me::change_profile))
        .routes(routes!(me::preferences, me::set_preferences))
        .routes(routes!(join::join))
        .routes(routes!(join::refresh_token))
        .routes(routes!(presence::info))
        .routes(routes!(presence::profile))
}

/// Owners and moderators of a room, and administrators; `rooms` asks who is one.
fn moderating() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(rooms::change))
        .routes(routes!(rooms::delete))
        .routes(routes!(moderation::kick))
        .routes(routes!(moderation::ban))
        .routes(routes!(moderation::unban))
        .routes(routes!(moderation::mute))
        .routes(routes!(moderation::video_off))
        .routes(routes!(moderation::stop_screenshare))
        .routes(routes!(moderation::ask_unmute))
        .routes(routes!(moderation::ask_camera))
        .routes(routes!(moderation::promote))
        .routes(routes!(moderation::demote))
        .routes(routes!(moderation::end))
}

/// Whoever has an account.
fn with_account() -> OpenApiRouter<Context> {
    OpenApiRouter::new()
        .routes(routes!(me::change_password))
        .routes(routes!(me::sessions))
        .routes(routes!(me::end_session))
        .routes(routes!(rooms::create))
        .routes(routes!(rooms::list))
        .routes(routes!(rooms::archived))
}

/// Whoever has a join token; LiveKit's own clients, so it is no part of the document.
fn signalling() -> Router<Context> {
    let connect = any(signalling::connect);
    Router::new()
        .route("/livekit", connect.clone())
        .route("/livekit/", connect.clone())
        .route("/livekit/{*path}", connect)
}

/// Every documented route, with the document that describes them.
fn api() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(openapi::frame())
        .merge(public())
        .merge(sfu())
        .merge(signed_in())
        .merge(with_account())
        .merge(moderating())
}

/// The door: API, documentation, page.
pub fn router(context: Context) -> Router {
    let (api, _) = api().split_for_parts();
    let strict = axum::middleware::from_fn_with_state(context.clone(), cert::strict_transport);
    let api = api.merge(signalling()).with_state(context);
    api.merge(openapi::routes())
        .method_not_allowed_fallback(reply::method_not_allowed)
        .fallback(assets::page)
        .layer(strict)
        .layer(axum::middleware::from_fn(request_id::layer))
}

/// The SFU's own door, on loopback: it would not believe a certificate of ours.
pub fn sfu_router(context: Context) -> Router {
    let (routes, _) = sfu().split_for_parts();
    routes.with_state(context).layer(axum::middleware::from_fn(request_id::layer))
}
