//! What moderators do to people in a room: every route names the verb of `rooms` and nothing else.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Context, identity::SignedIn};
use crate::{
    door::{Failure, MaybeBody, Segments},
    error::{Error, Result},
    rooms::Promoted,
    store::holds::Device,
};

/// Done.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// `success`, or `already_moderator`.
    status: &'static str,
}

pub(super) const SUCCESS: Json<Done> = Json(Done { status: "success" });

/// Room id and identity.
type Target = Segments<(String, String)>;

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident, $path:literal $(, $conflict:literal)?;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "moderation", security(("bearer" = [])),
            params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Participant")),
            responses((status = 200, body = Done), (status = 400, body = Failure, description = "Oneself"),
                (status = 401, body = Failure), (status = 403, body = Failure, description = "Not permitted, the owner, or somebody who moderates"),
                (status = 404, body = Failure, description = "No such room, or nobody of that identity inside")
                $(, (status = 409, body = Failure, description = $conflict))?))]
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
    /// Keeps somebody from writing until they are unblocked.
    block_chat, "/api/room/{id}/chat/{identity}/block";
    /// Lets somebody write again.
    unblock_chat, "/api/room/{id}/chat/{identity}/unblock";
    /// Lets somebody hear nothing, by telling their client.
    deafen, "/api/room/{id}/deafen/{identity}";
    /// Lets somebody hear again.
    undeafen, "/api/room/{id}/undeafen/{identity}";
    /// Shows somebody large to everybody.
    spotlight, "/api/room/{id}/spotlight/{identity}";
    /// Puts somebody out; they may join again with a new token.
    kick, "/api/room/{id}/kick/{identity}";
    /// Puts somebody out and keeps them out; also somebody who has left.
    ban, "/api/room/{id}/ban/{identity}";
    /// Lets somebody who was banned come back.
    unban, "/api/room/{id}/unban/{identity}";
    /// Mutes somebody, who may unmute again.
    mute, "/api/room/{id}/mute/{identity}";
    /// Switches somebody's camera off, who may switch it on again.
    video_off, "/api/room/{id}/video/{identity}/off";
    /// Ends a shared screen.
    stop_screenshare, "/api/room/{id}/screenshare/{identity}/stop";
    /// Takes the right to moderate back (owner).
    demote, "/api/room/{id}/demote/{identity}";
    /// Asks to turn the microphone on, giving it back where it was held.
    ask_unmute, "/api/room/{id}/ask/{identity}/unmute";
    /// Asks to turn the camera on, giving it back where it was held.
    ask_camera, "/api/room/{id}/ask/{identity}/camera";
    /// Brings somebody of the audience on stage: they may speak and show themselves.
    bring_on_stage, "/api/room/{id}/stage/{identity}/bring", "A room without a stage";
    /// Puts somebody back into the audience.
    take_off_stage, "/api/room/{id}/stage/{identity}/remove", "A room without a stage";
}

macro_rules! holds {
    ($($(#[$doc:meta])* $name:ident, $path:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "moderation", security(("bearer" = [])),
            params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Participant"),
                ("device" = String, Path, description = "`microphone`, `camera`, `screenshare`, `chat` or `hearing`")),
            responses((status = 200, body = Done), (status = 400, body = Failure, description = "Oneself"),
                (status = 401, body = Failure),
                (status = 403, body = Failure, description = "Not permitted, the owner, or somebody who moderates"),
                (status = 404, body = Failure, description = "No such room or device, or nobody of that identity inside")))]
        pub(super) async fn $name(
            State(context): State<Context>,
            SignedIn(actor): SignedIn,
            Segments((room, identity, device)): Segments<(String, String, String)>,
        ) -> Result<Json<Done>> {
            let device = Device::named(&device).ok_or_else(|| Error::not_found("device"))?;
            context.rooms.$name(&actor, &room, &identity, device).await?;
            Ok(SUCCESS)
        }
    )*};
}

holds! {
    /// Takes a device from somebody until a moderator releases it.
    hold, "/api/room/{id}/hold/{identity}/{device}";
    /// Gives a device back.
    release, "/api/room/{id}/release/{identity}/{device}";
}

/// How to mute everybody.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct MuteAll {
    /// True: their microphones are held until they are released or the meeting ends, also those of people who come later.
    hold: bool,
}

/// Mutes everybody who does not moderate; they may unmute again, unless `hold` says otherwise.
#[utoipa::path(post, path = "/api/room/{id}/mute-all", tag = "moderation", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")), request_body = Option<MuteAll>,
    responses((status = 200, body = Done), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator"),
        (status = 404, body = Failure, description = "No such room"), (status = 413, body = Failure)))]
pub(super) async fn mute_all(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
    MaybeBody(wanted): MaybeBody<MuteAll>,
) -> Result<Json<Done>> {
    match wanted.hold {
        true => context.rooms.hold_all(&actor, &room).await?,
        false => context.rooms.mute_all(&actor, &room).await?,
    }
    Ok(SUCCESS)
}

/// Gives the microphone back to everybody.
#[utoipa::path(post, path = "/api/room/{id}/release-all", tag = "moderation", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")),
    responses((status = 200, body = Done), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No moderator"),
        (status = 404, body = Failure, description = "No such room")))]
pub(super) async fn release_all(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
) -> Result<Json<Done>> {
    context.rooms.release_all(&actor, &room).await?;
    Ok(SUCCESS)
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
