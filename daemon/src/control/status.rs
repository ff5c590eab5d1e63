//! The daemon at a glance.

use axum::{Json, extract::State};
use bedrud_control::{Database, Status};

use super::Context;

/// `GET /v1/status`
pub(super) async fn show(State(context): State<Context>) -> Json<Status> {
    let database = context.store.run(|c| c.first("SELECT 1", &[], |row| row.get::<i64>(0))).await;
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        pid: std::process::id(),
        uptime_seconds: context.started.elapsed().as_secs(),
        http_address: context.http_address.to_string(),
        public_url: context.public_url.clone(),
        state_dir: context.state.display().to_string(),
        runtime_dir: context.runtime.display().to_string(),
        database: Database { kind: "sqlite".to_owned(), answers: database.is_ok() },
    })
}
