//! The daemon at a glance. It answers also when the database does not.

use axum::{Json, extract::State};
use bedrud_control::{Database, Status};

use super::{Context, livekit};
use crate::store::presences;

/// `GET /v1/status`
pub(super) async fn show(State(context): State<Context>) -> Json<Status> {
    let inside = context.store.run(|c| Ok((presences::count_rooms(c)?, presences::count_all(c)?))).await;
    let problem = match &inside {
        Ok(_) => context.store.disk().await.err().map(|e| e.to_string()),
        Err(e) => Some(e.to_string()),
    };
    let setup_required = context.accounts.is_setup_required().await.unwrap_or(false);
    let (rooms, participants) = inside.as_ref().copied().unwrap_or_default();
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        uptime_seconds: context.started.elapsed().as_secs(),
        http_address: context.http_address.to_string(),
        plain_address: context.plain_address.map(|address| address.to_string()),
        public_url: (context.public_url)(),
        state_dir: context.state.display().to_string(),
        runtime_dir: context.runtime.display().to_string(),
        database: Database {
            kind: context.store.place().kind().to_owned(),
            answers: inside.is_ok(),
            problem: problem.unwrap_or_default(),
        },
        livekit: livekit::shown(&context.sfu),
        setup_required,
        rooms,
        participants,
    })
}
