//! Which meetings somebody was in, for administrators.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::invitations::PageOf;
use crate::{
    door::{Failure, Query, Segments},
    error::Result,
    http::{Administrator, Context},
    store::{Timestamp, presences},
};

/// A stay in a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Visit {
    id: String,
    room_id: String,
    room_name: String,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<Timestamp>,
    is_active: bool,
    duration_seconds: i64,
}

/// A page of them.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Visits {
    sessions: Vec<Visit>,
    total: i64,
    page: i64,
    limit: i64,
}

/// Which meetings somebody was in, latest first, as far back as that is kept.
#[utoipa::path(get, operation_id = "admin_user_visits", path = "/api/admin/users/{id}/sessions", tag = "administration", params(("id" = String, Path), PageOf),
    responses((status = 200, body = Visits), (status = 401, body = Failure), (status = 403, body = Failure),
        (status = 404, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn visits(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
    Query(query): Query<PageOf>,
) -> Result<Json<Visits>> {
    let user = context.accounts.user_of(&actor, &id).await?;
    let (page, limit) = query.bounds();
    let offset = (page - 1).saturating_mul(limit);
    let (found, total) = context.store.run(move |c| presences::visits_of(c, &user.id, limit, offset)).await?;
    let now = Timestamp::now();
    let sessions = found.into_iter().map(|visit| Visit {
        id: visit.id,
        room_id: visit.room_id,
        room_name: visit.room_name,
        joined_at: visit.joined_at,
        left_at: visit.left_at,
        is_active: visit.left_at.is_none(),
        duration_seconds: (visit.left_at.unwrap_or(now).0 - visit.joined_at.0).max(0) / 1000,
    });
    Ok(Json(Visits { sessions: sessions.collect(), total, page, limit }))
}
