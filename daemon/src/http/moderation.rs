//! What moderators do to people in a room: every route names the verb of `rooms` and nothing else.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Context, identity::SignedIn, path::Segments};
use crate::{door::Failure, error::Result, rooms::Promoted};

/// Done.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// `success`, or `already_moderator`.
    status: &'static str,
}

const SUCCESS: Json<Done> = Json(Done { status: "success" });

/// Room id and identity.
type Target = Segments<(String, String)>;

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident, $path:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "moderation", security(("bearer" = [])),
            params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Participant")),
            responses((status = 200, body = Done), (status = 400, body = Failure, description = "Oneself"),
                (status = 401, body = Failure), (status = 403, body = Failure, description = "Not permitted, or the owner"),
                (status = 404, body = Failure, description = "No such room, or nobody of that identity inside")))]
        pub(super) async fn $name(
            State(context): State<Context>,
            SignedIn(actor): SignedIn,
            Segments((room, identity)): Target,
        ) -> Result<Json<Done>> {
            context.rooms.$name(&actor, &room, &identity).await?;
            Ok(SUCCESS)
        }
    )*};
}

verbs! {
    /// Puts somebody out; they may join again with a new token.
    kick, "/api/room/{id}/kick/{identity}";
    /// Puts somebody out and keeps them out.
    ban, "/api/room/{id}/ban/{identity}";
    /// Lets somebody who was banned come back.
    unban, "/api/room/{id}/unban/{identity}";
    /// Takes the microphone from somebody, until they are asked to unmute.
    mute, "/api/room/{id}/mute/{identity}";
    /// Takes the camera from somebody, until they are asked to turn it on.
    video_off, "/api/room/{id}/video/{identity}/off";
    /// Ends a shared screen.
    stop_screenshare, "/api/room/{id}/screenshare/{identity}/stop";
    /// Takes the right to moderate back (owner).
    demote, "/api/room/{id}/demote/{identity}";
    /// Gives the microphone back and asks to turn it on.
    ask_unmute, "/api/room/{id}/ask/{identity}/unmute";
    /// Gives the camera back and asks to turn it on.
    ask_camera, "/api/room/{id}/ask/{identity}/camera";
}

/// Makes somebody inside a moderator (owner).
#[utoipa::path(post, path = "/api/room/{id}/promote/{identity}", tag = "moderation", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Participant")),
    responses((status = 200, body = Done), (status = 400, body = Failure, description = "Oneself"),
        (status = 401, body = Failure), (status = 403, body = Failure, description = "Not the owner, or upon the owner"),
        (status = 404, body = Failure, description = "No such room, or nobody of that identity inside")))]
pub(super) async fn promote(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments((room, identity)): Target,
) -> Result<Json<Done>> {
    Ok(match context.rooms.promote(&actor, &room, &identity).await? {
        Promoted::Now => SUCCESS,
        Promoted::Already => Json(Done { status: "already_moderator" }),
    })
}

/// Ends the meeting for everybody inside; the room and its link stay.
#[utoipa::path(post, path = "/api/room/{id}/end", tag = "moderation", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")),
    responses((status = 200, body = Done), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator"),
        (status = 404, body = Failure, description = "No such room")))]
pub(super) async fn end(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
) -> Result<Json<Done>> {
    context.rooms.end_meeting(&actor, &room).await?;
    Ok(SUCCESS)
}
