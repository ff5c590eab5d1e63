//! Rooms: create, list, join, settings, delete. Parses and shapes; `rooms` decides.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Context,
    identity::{SignedIn, WithAccount},
    sfu_url::AskedSfuUrl,
};
use crate::{
    actor::Actor,
    door::{Failure, List, MaybeBody, Message, Query, Segments, page},
    error::Result,
    limits::Rule,
    rooms,
    store::{Timestamp, rooms as table},
};

/// What the owner of a room may switch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoomSettings {
    allow_chat: bool,
    allow_video: bool,
    allow_audio: bool,
    require_approval: bool,
    e2ee: bool,
    is_persistent: bool,
    recordings_allowed: bool,
    /// Everybody else waits until somebody who moderates is inside.
    moderator_first: bool,
}

impl From<&table::Settings> for RoomSettings {
    fn from(settings: &table::Settings) -> Self {
        Self {
            allow_chat: settings.allow_chat,
            allow_video: settings.allow_video,
            allow_audio: settings.allow_audio,
            require_approval: settings.require_approval,
            e2ee: settings.e2ee,
            is_persistent: settings.is_persistent,
            recordings_allowed: settings.recordings_allowed,
            moderator_first: settings.moderator_first,
        }
    }
}

/// A room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Room {
    id: String,
    /// The slug in the link.
    name: String,
    /// What people call it; the slug where it has no title.
    title: String,
    created_by: String,
    /// User id of the owner.
    admin_id: String,
    is_active: bool,
    is_public: bool,
    max_participants: i64,
    /// `standard`, `webinar` or `broadcast`.
    mode: &'static str,
    settings: RoomSettings,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// 24 hours after the last use; a century, where it is persistent. Nothing ends then.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_activity_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted_at: Option<Timestamp>,
}

impl From<table::Room> for Room {
    fn from(room: table::Room) -> Self {
        Self {
            expires_at: room.expires_at(),
            title: room.called().to_owned(),
            settings: (&room.settings).into(),
            mode: room.mode.name(),
            id: room.id,
            name: room.name,
            created_by: room.created_by,
            admin_id: room.admin_id,
            is_active: room.is_active,
            is_public: room.is_public,
            max_participants: room.max_participants,
            created_at: room.created_at,
            updated_at: room.updated_at,
            last_activity_at: room.last_activity_at,
            deleted_at: room.deleted_at,
        }
    }
}

/// Some of a room's settings; what is missing stays, or takes its default.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoomSettingsChange {
    allow_chat: Option<bool>,
    allow_video: Option<bool>,
    allow_audio: Option<bool>,
    require_approval: Option<bool>,
    e2ee: Option<bool>,
    is_persistent: Option<bool>,
    recordings_allowed: Option<bool>,
    moderator_first: Option<bool>,
}

impl RoomSettingsChange {
    /// iOS sends the fields at the top, everybody else below `settings`.
    fn or(self, other: Self) -> rooms::SettingsChange {
        rooms::SettingsChange {
            allow_chat: self.allow_chat.or(other.allow_chat),
            allow_video: self.allow_video.or(other.allow_video),
            allow_audio: self.allow_audio.or(other.allow_audio),
            require_approval: self.require_approval.or(other.require_approval),
            e2ee: self.e2ee.or(other.e2ee),
            is_persistent: self.is_persistent.or(other.is_persistent),
            recordings_allowed: self.recordings_allowed.or(other.recordings_allowed),
            moderator_first: self.moderator_first.or(other.moderator_first),
        }
    }
}

/// A room to make.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewRoom {
    /// Slug, in any case; without it one is made of the title, or drawn.
    name: Option<String>,
    /// What people call it: 1 to 80 characters in any script.
    title: Option<String>,
    max_participants: Option<i64>,
    /// False: owner, moderators and administrators come in, and whoever is let in.
    is_public: Option<bool>,
    /// `standard`, `webinar` or `broadcast`.
    mode: Option<String>,
    settings: Option<RoomSettingsChange>,
}

/// A room just made, and where its SFU is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    #[serde(flatten)]
    room: Room,
    livekit_host: String,
}

/// Makes a room. The name of a live room is a 409, and that room goes on.
#[utoipa::path(post, path = "/api/room/create", tag = "rooms", security(("bearer" = [])), request_body = Option<NewRoom>,
    responses((status = 200, body = Created), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "No account, or as many rooms as allowed"),
        (status = 409, body = Failure, description = "The name is taken"), (status = 429, body = Failure)))]
pub(super) async fn create(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    AskedSfuUrl(livekit_host): AskedSfuUrl,
    MaybeBody(body): MaybeBody<NewRoom>,
) -> Result<Json<Created>> {
    let owner = identity(&actor);
    context.limits.by_account(Rule::Api, "room-create", owner)?;
    let wanted = rooms::NewRoom {
        name: body.name.unwrap_or_default(),
        title: body.title.unwrap_or_default(),
        max_participants: body.max_participants,
        is_public: body.is_public,
        mode: body.mode,
        settings: body.settings.unwrap_or_default().or(RoomSettingsChange::default()),
    };
    let room = context.rooms.create(&actor, owner, wanted).await?;
    Ok(Json(Created { room: room.into(), livekit_host }))
}

/// The rooms one owns, newest first.
#[utoipa::path(get, path = "/api/room/list", tag = "rooms", security(("bearer" = [])),
    responses((status = 200, body = Vec<Room>), (status = 401, body = Failure), (status = 403, body = Failure)))]
pub(super) async fn list(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
) -> Result<List<Room>> {
    let rooms = context.rooms.list_of(identity(&actor)).await?;
    Ok(List(rooms.into_iter().map(Room::from).collect()))
}

/// Which part of a list.
#[derive(Default, Deserialize, IntoParams)]
pub(super) struct Page {
    /// Counted from 1.
    page: Option<i64>,
    /// 20 unless told otherwise; never more than 1000.
    limit: Option<i64>,
}

/// A room that was deleted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArchivedRoom {
    id: String,
    name: String,
    title: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    deleted_at: Option<Timestamp>,
    recording_count: u32,
}

/// A page of deleted rooms.
#[derive(Serialize, ToSchema)]
pub(super) struct ArchivedRooms {
    rooms: Vec<ArchivedRoom>,
    total: i64,
    page: i64,
    limit: i64,
}

/// The rooms one deleted, latest first.
#[utoipa::path(get, path = "/api/room/archived", tag = "rooms", security(("bearer" = [])), params(Page),
    responses((status = 200, body = ArchivedRooms), (status = 401, body = Failure), (status = 403, body = Failure)))]
pub(super) async fn archived(
    State(context): State<Context>,
    WithAccount(actor): WithAccount,
    Query(query): Query<Page>,
) -> Result<Json<ArchivedRooms>> {
    let (page, limit) = page(query.page, query.limit, 20);
    let (rooms, total) = context.rooms.archived_of(identity(&actor), page, limit).await?;
    let shape = |room: table::Room| ArchivedRoom {
        title: room.called().to_owned(),
        id: room.id,
        name: room.name,
        created_at: room.created_at,
        deleted_at: room.deleted_at,
        recording_count: 0,
    };
    Ok(Json(ArchivedRooms { rooms: rooms.into_iter().map(shape).collect(), total, page, limit }))
}

/// Changes to a room, with the settings below `settings` or at the top.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoomChange {
    /// What people call it; empty: its slug again.
    title: Option<String>,
    is_public: Option<bool>,
    /// `standard`, `webinar` or `broadcast`; who is inside follows at once.
    mode: Option<String>,
    /// Nobody is put out when there are fewer seats.
    max_participants: Option<i64>,
    settings: Option<RoomSettingsChange>,
    #[serde(flatten)]
    flat: RoomSettingsChange,
}

/// Changes a room and, at once, what people inside may do.
#[utoipa::path(put, path = "/api/room/{id}/settings", tag = "rooms", security(("bearer" = [])),
    params(("id" = String, Path)), request_body = RoomChange,
    responses((status = 200, body = Room), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Not the owner"), (status = 404, body = Failure), (status = 429, body = Failure)))]
pub(super) async fn change(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(id): Segments<String>,
    MaybeBody(body): MaybeBody<RoomChange>,
) -> Result<Json<Room>> {
    context.limits.by_account(Rule::Api, "room-settings", identity(&actor))?;
    let changes = rooms::Changes {
        title: body.title,
        is_public: body.is_public,
        mode: body.mode,
        max_participants: body.max_participants,
        settings: body.settings.unwrap_or_default().or(body.flat),
    };
    Ok(Json(context.rooms.change(&actor, &id, changes).await?.into()))
}

/// Archives a room: its meeting ends, its link leads nowhere, its name is free again.
#[utoipa::path(delete, path = "/api/room/{id}", tag = "rooms", security(("bearer" = [])), params(("id" = String, Path)),
    responses((status = 202, body = Message), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Not the owner"), (status = 404, body = Failure), (status = 429, body = Failure)))]
pub(super) async fn delete(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(id): Segments<String>,
) -> Result<impl IntoResponse> {
    context.limits.by_account(Rule::Api, "room-delete", identity(&actor))?;
    context.rooms.archive(&actor, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(Message { message: "The room is archived." })))
}

/// The id of whoever signed in.
pub(super) fn identity(actor: &Actor) -> &str {
    actor.person().map_or("", |person| person.id.as_str())
}
