//! The operator's door: HTTP over a Unix socket. This file is the whole route table, grouped by how far a group reaches;
//! handlers translate and decide nothing.

mod context;
mod logs;
mod operator;
mod status;

pub use context::{Context, Parts};

use axum::{Router, middleware::from_fn, routing::get};

use crate::error::Error;

/// Root, the daemon's own user and `bedrud-admin`.
fn administer() -> Router<Context> {
    Router::new()
        .route("/v1/status", get(status::show))
        .route("/v1/logs", get(logs::show))
        .route_layer(from_fn(operator::administrators))
}

/// The door. Default deny: nobody gets past the outermost layer without a reach.
pub fn router(context: Context) -> Router {
    administer()
        .with_state(context)
        .fallback(async || Error::not_found("route"))
        .layer(from_fn(operator::identify))
}
