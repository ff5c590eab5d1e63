//! The operator's door: HTTP over a Unix socket. This file is the whole route table, grouped by how far a group reaches;
//! handlers translate and decide nothing. Bodies, answers and the log of requests are made where the public door makes them.

mod audit;
mod certificate;
mod config;
mod context;
mod doctor;
mod events;
mod invitations;
mod keys;
mod livekit;
mod logs;
mod mail;
mod metrics;
mod moderation;
mod operator;
mod process;
mod rooms;
mod settings;
mod setup;
mod status;
mod usage;
mod users;
mod webhooks;
mod whole;

pub use context::{Context, Parts};

use axum::{
    Router,
    middleware::from_fn,
    routing::{delete, get, post, put},
};

use whole::{backup, database, import};

use crate::{
    door::{method_not_allowed, request_log},
    error::Error,
};

/// Root, the daemon's own user and `bedrud-admin`.
fn administer() -> Router<Context> {
    Router::new()
        .route("/v1/status", get(status::show))
        .route("/v1/logs", get(logs::show))
        .route("/v1/events", get(events::show))
        .route("/v1/audit", get(audit::show))
        .route("/v1/config", get(config::show))
        .route("/v1/usage", get(usage::show))
        .route("/v1/doctor", get(doctor::examine))
        .route("/v1/metrics", get(metrics::show))
        .route("/v1/backup", get(backup::create))
        .route("/v1/backup/verify", post(backup::verify))
        .route("/v1/backup/restore", post(backup::restore))
        .route("/v1/setup", get(setup::show))
        .route("/v1/settings", get(settings::list))
        .route("/v1/settings/{name}", get(settings::show).put(settings::change))
        .route("/v1/certificate", get(certificate::show))
        .route("/v1/certificate/renew", post(certificate::renew))
        .route("/v1/certificate/obstacles", get(certificate::obstacles))
        .route("/v1/keys", get(keys::list))
        .route("/v1/keys/sessions/rotate", post(keys::rotate_sessions))
        .route("/v1/mail", get(mail::show))
        .route("/v1/mail/retry", post(mail::retry))
        .route("/v1/mail/test", post(mail::test))
        .route("/v1/database", get(database::show))
        .route("/v1/database/check", get(database::check))
        .route("/v1/database/move", post(database::begin).delete(database::give_up))
        .route("/v1/import", post(import::take_over))
        .route("/v1/livekit", get(livekit::show))
        .route("/v1/livekit/restart", post(livekit::restart))
        .route("/v1/users", get(users::list).post(users::add))
        .route("/v1/users/{user}", get(users::show).delete(users::delete))
        .route("/v1/users/{user}/deletion", get(users::deletion))
        .route("/v1/users/{user}/password", put(users::set_password))
        .route("/v1/users/{user}/role", put(users::set_role))
        .route("/v1/users/{user}/status", put(users::set_status))
        .route("/v1/users/{user}/reset-link", post(users::reset_link))
        .route("/v1/users/{user}/verified", put(users::set_verified))
        .route("/v1/users/{user}/sessions", get(users::sessions).delete(users::end_sessions))
        .route("/v1/users/{user}/sessions/{session}", delete(users::end_session))
        .route("/v1/invitations", get(invitations::list).post(invitations::create))
        .route("/v1/invitations/{id}", delete(invitations::revoke))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::add))
        .route("/v1/webhooks/{id}", delete(webhooks::remove))
        .route("/v1/webhooks/{id}/test", post(webhooks::test))
        .route("/v1/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/v1/webhooks/{id}/deliveries", get(webhooks::deliveries))
        .route("/v1/webhooks/{id}/deliveries/{delivery}", get(webhooks::delivery))
        .route("/v1/webhooks/{id}/replay", post(webhooks::replay))
        .route("/v1/rooms", post(rooms::create))
        .route("/v1/rooms/{room}", delete(rooms::close))
        .route_layer(from_fn(operator::administrators))
}

/// The same, and `bedrud-mod`.
fn moderate() -> Router<Context> {
    Router::new()
        .route("/v1/meetings", get(rooms::meetings))
        .route("/v1/rooms", get(rooms::list))
        .route("/v1/rooms/{room}", get(rooms::show))
        .route("/v1/rooms/{room}/participants", get(rooms::participants))
        .route("/v1/rooms/{room}/lobby", get(moderation::lobby))
        .route("/v1/rooms/{room}/{verb}", post(moderation::moderate_all))
        .route("/v1/rooms/{room}/{verb}/{person}", post(moderation::moderate))
}

/// The door. Default deny: nobody gets past the outermost layer without a reach.
pub fn router(context: Context) -> Router {
    administer()
        .merge(moderate())
        .with_state(context)
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async || Error::not_found("route"))
        .layer(from_fn(operator::identify))
        .layer(from_fn(request_log))
}

/// What is given out on loopback where the configuration says so: figures, and nothing else.
pub fn metrics_router(context: Context) -> Router {
    Router::new()
        .route("/metrics", get(metrics::show))
        .with_state(context)
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(async || Error::not_found("route"))
        .layer(from_fn(request_log))
}
