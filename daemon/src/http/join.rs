//! The way into a room, over HTTP: join, guest-join, check, a new join token.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Context,
    identity::{Caller, MaybeActor, SignedIn},
    people::Tokens,
    rooms::{RoomSettings, identity},
    sfu_url::AskedSfuUrl,
};
use crate::{
    door::{Body, Failure, Segments},
    error::{Error, Kind, Result},
    limits::Rule,
    rooms::{self, Joined, Place},
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

/// A moderator has to let the asker in. Join again from time to time, or hear it at `/api/room/{id}/lobby/{ticket}`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Waiting {
    /// `waiting`
    status: &'static str,
    /// For people.
    message: &'static str,
    /// Names this question; absent for who only looked ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    id: String,
    name: String,
    /// What people call it; the slug where it has no title, or is private.
    title: String,
    /// Counted from 1; 0 for who only looked ahead.
    place: i64,
    /// How many wait.
    waiting: i64,
    /// Somebody is inside who can let people in.
    moderator_inside: bool,
}

impl From<rooms::Waiting> for Waiting {
    fn from(waiting: rooms::Waiting) -> Self {
        let rooms::Waiting { room, asked } = waiting;
        let title = if room.is_public { room.called().to_owned() } else { room.name.clone() };
        let (ticket, place) = asked.unzip();
        let place = place.unwrap_or(Place { place: 0, waiting: 0, has_moderator: false });
        Self {
            status: "waiting",
            message: "A moderator has to let you in. Ask again in a moment.",
            ticket,
            id: room.id,
            name: room.name,
            title,
            place: place.place,
            waiting: place.waiting,
            moderator_inside: place.has_moderator,
        }
    }
}

/// What a join answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum JoinAnswer {
    Admission(Box<Admission>),
    ArchivedOwned(ArchivedOwned),
}

/// Into which room, and how much it is meant.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wanted {
    /// The slug in the link.
    room_name: String,
    /// Only looks ahead: where a moderator lets people in, nobody is asked yet.
    #[serde(default)]
    ahead: bool,
    /// The token of an invitation link.
    invitation: Option<String>,
}

/// Takes a seat in a room, or waits before it. A seat is held for 45 seconds, until the person connects.
#[utoipa::path(post, path = "/api/room/join", tag = "rooms", security(("bearer" = [])), request_body = Wanted,
    responses((status = 200, body = JoinAnswer), (status = 202, body = Waiting), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Refused, full or banned"), (status = 404, body = Failure),
        (status = 410, body = Failure, description = "Closed"), (status = 429, body = Failure)))]
pub(super) async fn join(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Caller(origin): Caller,
    AskedSfuUrl(livekit_host): AskedSfuUrl,
    Body(body): Body<Wanted>,
) -> Result<Response> {
    context.limits.by_account(Rule::Join, "room-join", identity(&actor))?;
    let from = actor.person().and_then(|person| person.address);
    let joining = context.rooms.join(
        &actor,
        origin.guest_key.as_deref(),
        rooms::Wanted {
            room_name: &body.room_name,
            asks: !body.ahead,
            invitation: body.invitation.as_deref(),
        },
    );
    let joined = context.limits.guessing(Rule::Join, UNKNOWN_ROOM, from, is_unknown, joining).await?;
    let admitted = match joined {
        Joined::Admitted(admitted) => *admitted,
        Joined::ArchivedOwned(room) => {
            return Ok(Json(JoinAnswer::ArchivedOwned((*room).into())).into_response());
        }
        Joined::Waiting(waiting) => {
            return Ok((StatusCode::ACCEPTED, Json(Waiting::from(*waiting))).into_response());
        }
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
        livekit_host,
        active_recording_id: "",
    };
    Ok(Json(JoinAnswer::Admission(Box::new(answer))).into_response())
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
    /// The token of an invitation link.
    invitation: Option<String>,
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

/// A guest before the door, with a session. The same tokens come as cookies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct GuestWaiting {
    #[serde(flatten)]
    waiting: Waiting,
    access_token: String,
    refresh_token: String,
    tokens: Tokens,
}

/// Comes into a room with a name only, or waits before it.
#[utoipa::path(post, path = "/api/room/guest-join", tag = "rooms", request_body = GuestAtDoor,
    responses((status = 200, body = GuestAdmission), (status = 202, body = GuestWaiting), (status = 400, body = Failure),
        (status = 403, body = Failure, description = "Refused, full, banned, or no guests on this server"),
        (status = 404, body = Failure), (status = 410, body = Failure, description = "Closed"), (status = 429, body = Failure)))]
pub(super) async fn guest_join(
    State(context): State<Context>,
    Caller(origin): Caller,
    AskedSfuUrl(livekit_host): AskedSfuUrl,
    Body(body): Body<GuestAtDoor>,
) -> Result<Response> {
    // nobody is made a guest of the server for a room that would not take them
    let known = context.accounts.returning_guest(&origin).await?;
    let (key, address) = (origin.guest_key.as_deref(), origin.address);
    let knocking = context.rooms.knock(known.as_ref(), key, address, &body.room_name);
    context.limits.guessing(Rule::Guest, UNKNOWN_ROOM, address, is_unknown, knocking).await?;
    let login = context.accounts.guest_join(&origin, &body.guest_name).await?;
    let actor = context.accounts.authenticate(&login.tokens.access, origin.address).await?;
    let joined = context.rooms.join(
        &actor,
        origin.guest_key.as_deref(),
        rooms::Wanted { room_name: &body.room_name, asks: true, invitation: body.invitation.as_deref() },
    );
    let joined = joined.await?;
    let admitted = match joined {
        Joined::Admitted(admitted) => *admitted,
        Joined::Waiting(waiting) => {
            let answer = GuestWaiting {
                waiting: (*waiting).into(),
                access_token: login.tokens.access.clone(),
                refresh_token: login.tokens.refresh.clone(),
                tokens: (&login.tokens).into(),
            };
            let mut answer = context.cookies.signed_in(&login, answer);
            *answer.status_mut() = StatusCode::ACCEPTED;
            return Ok(answer);
        }
        Joined::ArchivedOwned(_) => return Err(Error::not_found("room")), // guests own nothing
    };
    let answer = GuestAdmission {
        title: admitted.room.called().to_owned(),
        id: admitted.room.id,
        name: admitted.room.name,
        token: admitted.token,
        admin_id: admitted.room.admin_id,
        is_public: admitted.room.is_public,
        livekit_host,
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
    /// A moderator would have to let the asker in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    waits: bool,
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
    let checking = context.rooms.check(actor.as_ref(), key, address, &name);
    let rooms::Knocked { room, inside, waits } =
        context.limits.guessing(Rule::Join, UNKNOWN_ROOM, address, is_unknown, checking).await?;
    Ok(Json(Exists { exists: true, title: room.called().to_owned(), name: room.name, inside, waits }))
}
