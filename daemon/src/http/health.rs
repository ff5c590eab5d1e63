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
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
}

/// Answers as soon as the process serves; asks nobody.
#[utoipa::path(get, path = "/api/health", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "healthy", time: Timestamp::now() })
}

/// Not able to work.
#[derive(Serialize, ToSchema)]
pub(super) struct NotReady {
    status: &'static str,
    error: String,
}

/// Asks the database and the SFU.
#[utoipa::path(get, path = "/api/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = NotReady)))]
pub(super) async fn ready(State(context): State<Context>) -> impl IntoResponse {
    let database = context.store.run(|c| c.first("SELECT 1", &[], |row| row.get::<i64>(0))).await;
    let both = match database {
        Ok(_) => context.rooms.ask_sfu().await,
        Err(e) => Err(e),
    };
    match both {
        Ok(()) => Json(Health { status: "ready", time: Timestamp::now() }).into_response(),
        Err(e) => {
            let body = NotReady { status: "not_ready", error: e.sentence.into_owned() };
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
