//! The way into a room, over HTTP: join, guest-join, check, a new join token.

use axum::{Json, extract::State, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Context,
    identity::{Caller, MaybeActor, SignedIn},
    path::Segments,
    people::Tokens,
    rooms::{RoomSettings, identity},
};
use crate::{
    door::{Body, Failure},
    error::{Error, Kind, Result},
    limits::Rule,
    rooms::Joined,
    store::{Timestamp, rooms::Room},
};

/// Counted by address: who looks for rooms by their names.
const UNKNOWN_ROOM: &str = "unknown-room";

/// Whether somebody asked for a room that is not there.
fn is_unknown(error: &Error) -> bool {
    error.kind == Kind::NotFound
}

/// Which room.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    /// The slug in the link.
    room_name: String,
}

/// The way in: the join token opens the SFU at `livekitHost`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Admission {
    id: String,
    /// The slug in the link.
    name: String,
    /// What people call it; the slug where it has no title.
    title: String,
    /// Two hours.
    token: String,
    created_by: String,
    admin_id: String,
    is_active: bool,
    is_public: bool,
    max_participants: i64,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    settings: RoomSettings,
    livekit_host: String,
    mode: &'static str,
    /// Empty while nothing is recorded.
    active_recording_id: &'static str,
}

/// The asker's own room, which was deleted.
#[derive(Serialize, ToSchema)]
pub(super) struct ArchivedOwned {
    /// `archived_owned`
    status: &'static str,
    name: String,
    title: String,
    mode: &'static str,
    settings: RoomSettings,
}

impl From<Room> for ArchivedOwned {
    fn from(room: Room) -> Self {
        let (mode, settings) = (room.mode.name(), (&room.settings).into());
        let title = room.called().to_owned();
        Self { status: "archived_owned", name: room.name, title, mode, settings }
    }
}

/// What a join answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum JoinAnswer {
    Admission(Box<Admission>),
    ArchivedOwned(ArchivedOwned),
}

/// Takes a seat in a room. It is held for 45 seconds, until the person connects.
#[utoipa::path(post, path = "/api/room/join", tag = "rooms", security(("bearer" = [])), request_body = Which,
    responses((status = 200, body = JoinAnswer), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Private, full or banned"), (status = 404, body = Failure),
        (status = 410, body = Failure, description = "Closed"), (status = 429, body = Failure)))]
pub(super) async fn join(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Caller(origin): Caller,
    Body(body): Body<Which>,
) -> Result<Json<JoinAnswer>> {
    context.limits.by_account(Rule::Join, "room-join", identity(&actor))?;
    let from = actor.person().and_then(|person| person.address);
    let joining = context.rooms.join(&actor, origin.guest_key.as_deref(), &body.room_name);
    let joined = context.limits.guessing(Rule::Join, UNKNOWN_ROOM, from, is_unknown, joining).await?;
    let admitted = match joined {
        Joined::Admitted(admitted) => *admitted,
        Joined::ArchivedOwned(room) => return Ok(Json(JoinAnswer::ArchivedOwned((*room).into()))),
    };
    let (room, token) = (admitted.room, admitted.token);
    let answer = Admission {
        expires_at: room.expires_at(),
        settings: (&room.settings).into(),
        mode: room.mode.name(),
        title: room.called().to_owned(),
        id: room.id,
        name: room.name,
        token,
        created_by: room.created_by,
        admin_id: room.admin_id,
        is_active: room.is_active,
        is_public: room.is_public,
        max_participants: room.max_participants,
        livekit_host: context.rooms.livekit_host().to_owned(),
        active_recording_id: "",
    };
    Ok(Json(JoinAnswer::Admission(Box::new(answer))))
}

/// A new join token.
#[derive(Serialize, ToSchema)]
pub(super) struct JoinToken {
    token: String,
}

/// Signs a new join token; bans, role and settings are looked at again.
#[utoipa::path(post, path = "/api/room/refresh-token", tag = "rooms", security(("bearer" = [])), request_body = Which,
    responses((status = 200, body = JoinToken), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Private, full or banned"), (status = 404, body = Failure),
        (status = 410, body = Failure, description = "Closed"), (status = 429, body = Failure)))]
pub(super) async fn refresh_token(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Caller(origin): Caller,
    Body(body): Body<Which>,
) -> Result<Json<JoinToken>> {
    context.limits.by_account(Rule::Join, "room-refresh-token", identity(&actor))?;
    let from = actor.person().and_then(|person| person.address);
    let signing = context.rooms.refresh_token(&actor, origin.guest_key.as_deref(), &body.room_name);
    let token = context.limits.guessing(Rule::Join, UNKNOWN_ROOM, from, is_unknown, signing).await?;
    Ok(Json(JoinToken { token }))
}

/// A guest at the door.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GuestAtDoor {
    /// The slug in the link.
    room_name: String,
    /// 1 to 50 characters that can be seen, in any script.
    guest_name: String,
}

/// The way in for a guest, and a session. The same tokens come as cookies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GuestAdmission {
    id: String,
    /// The slug in the link.
    name: String,
    /// What people call it; the slug where it has no title.
    title: String,
    /// Two hours.
    token: String,
    admin_id: String,
    is_public: bool,
    livekit_host: String,
    /// Empty while nothing is recorded.
    active_recording_id: &'static str,
    access_token: String,
    refresh_token: String,
    tokens: Tokens,
}

/// Comes into a public room with a name only.
#[utoipa::path(post, path = "/api/room/guest-join", tag = "rooms", request_body = GuestAtDoor,
    responses((status = 200, body = GuestAdmission), (status = 400, body = Failure),
        (status = 403, body = Failure, description = "Private, full, banned, or no guests on this server"),
        (status = 404, body = Failure), (status = 410, body = Failure, description = "Closed"), (status = 429, body = Failure)))]
pub(super) async fn guest_join(
    State(context): State<Context>,
    Caller(origin): Caller,
    Body(body): Body<GuestAtDoor>,
) -> Result<Response> {
    // nobody is made a guest of the server for a room that would not take them
    let known = context.accounts.returning_guest(&origin).await?;
    let (key, address) = (origin.guest_key.as_deref(), origin.address);
    let knocking = context.rooms.knock(known.as_ref(), key, address, &body.room_name);
    context.limits.guessing(Rule::Guest, UNKNOWN_ROOM, address, is_unknown, knocking).await?;
    let login = context.accounts.guest_join(&origin, &body.guest_name).await?;
    let actor = context.accounts.authenticate(&login.tokens.access, origin.address).await?;
    let admitted = match context.rooms.join(&actor, origin.guest_key.as_deref(), &body.room_name).await? {
        Joined::Admitted(admitted) => *admitted,
        Joined::ArchivedOwned(_) => return Err(Error::not_found("room")), // guests own nothing
    };
    let answer = GuestAdmission {
        title: admitted.room.called().to_owned(),
        id: admitted.room.id,
        name: admitted.room.name,
        token: admitted.token,
        admin_id: admitted.room.admin_id,
        is_public: admitted.room.is_public,
        livekit_host: context.rooms.livekit_host().to_owned(),
        active_recording_id: "",
        access_token: login.tokens.access.clone(),
        refresh_token: login.tokens.refresh.clone(),
        tokens: (&login.tokens).into(),
    };
    Ok(context.cookies.signed_in(&login, answer))
}

/// A room that would take one more.
#[derive(Serialize, ToSchema)]
pub(super) struct Exists {
    exists: bool,
    /// The slug in the link.
    name: String,
    /// What people call it; the slug where it has no title.
    title: String,
    /// How many people are inside now.
    inside: i64,
}

/// Is there such a room, and would it take the asker?
#[utoipa::path(get, path = "/api/room/check/{roomName}", tag = "rooms", params(("roomName" = String, Path)),
    responses((status = 200, body = Exists), (status = 401, body = Failure, description = "An access token that is not valid"),
        (status = 403, body = Failure, description = "Private, full or banned"),
        (status = 404, body = Failure), (status = 410, body = Failure, description = "Closed"),
        (status = 429, body = Failure, description = "Too many rooms asked for that are not there")))]
pub(super) async fn check(
    State(context): State<Context>,
    MaybeActor(actor): MaybeActor,
    Caller(origin): Caller,
    Segments(name): Segments<String>,
) -> Result<Json<Exists>> {
    let actor = match actor {
        None => context.accounts.returning_guest(&origin).await?,
        somebody => somebody,
    };
    let (key, address) = (origin.guest_key.as_deref(), origin.address);
    let knocking = context.rooms.knock(actor.as_ref(), key, address, &name);
    let (room, inside) =
        context.limits.guessing(Rule::Join, UNKNOWN_ROOM, address, is_unknown, knocking).await?;
    Ok(Json(Exists { exists: true, title: room.called().to_owned(), name: room.name, inside }))
}
