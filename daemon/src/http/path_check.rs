//! A look ahead for the pre-join screen, over HTTP: what a browser needs to find its path to the SFU.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Context,
    identity::{Caller, MaybeActor},
    sfu_url::AskedSfuUrl,
};
use crate::{door::Failure, error::Result, limits::Rule};

/// Opens the SFU at `livekitHost` to one browser, in a room of its own where it can do nothing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PathCheck {
    livekit_host: String,
    /// Half a minute.
    token: String,
}

/// Lets a browser try by which path media will travel, before its person joins. What it gets opens the relay, so where
/// the server takes no guests it is for those who are signed in.
#[utoipa::path(post, path = "/api/room/path-check", tag = "rooms",
    responses((status = 200, body = PathCheck), (status = 401, body = Failure), (status = 403, body = Failure), (status = 429, body = Failure), (status = 503, body = Failure)))]
pub(super) async fn check_path(
    State(context): State<Context>,
    Caller(origin): Caller,
    MaybeActor(actor): MaybeActor,
    AskedSfuUrl(livekit_host): AskedSfuUrl,
) -> Result<Json<PathCheck>> {
    context.limits.by_crowd(Rule::Guest, "path-check", origin.address)?;
    if actor.is_none() {
        context.accounts.takes_guests().await?;
    }
    let token = context.rooms.check_path().await?;
    Ok(Json(PathCheck { livekit_host, token }))
}
