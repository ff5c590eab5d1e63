//! The public door. This file is the whole route table, grouped by caller; handlers translate and decide nothing.

mod assets;
mod body;
mod context;
mod health;
mod openapi;
mod reply;
mod request_id;

pub use context::{Context, Parts};
pub use openapi::document;

use axum::Router;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everybody: no credentials are asked for, old cookies are ignored.
fn public() -> OpenApiRouter<Context> {
    OpenApiRouter::new().routes(routes!(health::health)).routes(routes!(health::ready))
}

/// Every documented route, with the document that describes them.
fn api() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(openapi::frame()).merge(public())
}

/// The door: API, documentation, page.
pub fn router(context: Context) -> Router {
    let (api, document) = api().split_for_parts();
    let api = api.with_state(context.clone());
    api.merge(openapi::routes(document))
        .fallback(assets::page)
        .layer(axum::middleware::from_fn(request_id::layer))
}
