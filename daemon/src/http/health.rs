//! Is the process alive, and can it do its work: `/api/health` and `/api/ready`.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Context;
use crate::store::Timestamp;

/// Alive.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
    /// What keeps it from its work though it lives, such as `disk_full`; `/api/ready` says it in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
}

/// Answers as soon as the process serves; asks nobody but the disk.
#[utoipa::path(get, path = "/api/health", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn health(State(context): State<Context>) -> Json<Health> {
    let problem = context.store.disk().await.err().map(|e| e.code);
    Json(Health { status: "healthy", problem, time: Timestamp::now() })
}

/// Not able to work.
#[derive(Serialize, ToSchema)]
pub(super) struct NotReady {
    status: &'static str,
    error: String,
    code: String,
}

/// Asks the database, its disk and the SFU.
#[utoipa::path(get, path = "/api/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = NotReady)))]
pub(super) async fn ready(State(context): State<Context>) -> impl IntoResponse {
    let database = context.store.run(|c| c.first("SELECT 1", &[], |row| row.get::<i64>(0))).await;
    let all = match (database, context.store.disk().await) {
        (Ok(_), Ok(())) => context.rooms.ask_sfu().await,
        (Err(e), _) | (_, Err(e)) => Err(e),
    };
    match all {
        Ok(()) => Json(Health { status: "ready", problem: None, time: Timestamp::now() }).into_response(),
        Err(e) => {
            let (error, code) = (e.sentence.into_owned(), e.code.to_owned());
            let body = NotReady { status: "not_ready", error, code };
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
