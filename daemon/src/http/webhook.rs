//! What the SFU says by itself. The raw body goes to `rooms`, which verifies it; it carries TURN passwords and is never logged.

use axum::{Json, extract::State};
use http::{HeaderMap, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::Context;
use crate::{
    door::{Bytes, Failure},
    error::{Error, Kind, Result},
};

/// Written down.
#[derive(Serialize, ToSchema)]
pub(super) struct Heard {
    ok: bool,
}

/// Takes one event of LiveKit; answers when the change is committed.
#[utoipa::path(post, path = "/api/livekit/webhook", tag = "sfu", request_body(content_type = "application/webhook+json"),
    responses((status = 200, body = Heard), (status = 401, body = Failure, description = "Not signed by the SFU's key"),
        (status = 503, body = Failure, description = "Not stored; send it again")))]
pub(super) async fn hear(
    State(context): State<Context>,
    headers: HeaderMap,
    Bytes(body): Bytes,
) -> Result<Json<Heard>> {
    let authorization = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match context.rooms.hear(authorization, &body).await {
        Ok(()) => Ok(Json(Heard { ok: true })),
        Err(e) if matches!(e.kind, Kind::Unauthorized | Kind::Invalid) => Err(e),
        Err(e) => Err(Error { kind: Kind::Unavailable, ..e }),
    }
}
