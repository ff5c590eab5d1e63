//! Rooms, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{NewRoom, PageQuery, Participant, Participants, Person, Room, RoomSettings, Rooms};

use super::Context;
use crate::{
    actor::Actor,
    door::{Body, Query, Segments, USUAL_PAGE, page},
    error::Result,
    rooms,
    store::{holds::Device, presences::Inside, rooms::Room as Row},
};

/// `GET /v1/rooms`
pub(super) async fn list(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Rooms>> {
    let (page, limit) = page(query.page, query.limit, USUAL_PAGE);
    let (found, total) = context.rooms.list_all(&query.q, page, limit).await?;
    let rooms = found.into_iter().map(|row| shown(row.room, row.participants_count)).collect();
    Ok(Json(Rooms { rooms, total, page, limit }))
}

/// `GET /v1/meetings`: rooms that have somebody inside
pub(super) async fn meetings(
    State(context): State<Context>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Rooms>> {
    let (page, limit) = page(query.page, query.limit, USUAL_PAGE);
    let (found, total) = context.rooms.meetings(page, limit).await?;
    let rooms = found.into_iter().map(|row| shown(row.room, row.participants_count)).collect();
    Ok(Json(Rooms { rooms, total, page, limit }))
}

/// `GET /v1/rooms/{room}`
pub(super) async fn show(
    State(context): State<Context>,
    Segments(room): Segments<String>,
) -> Result<Json<Room>> {
    let found = context.rooms.show(&room).await?;
    Ok(Json(counted(found)))
}

/// `POST /v1/rooms`
pub(super) async fn create(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<NewRoom>,
) -> Result<Json<Room>> {
    let owner = context.accounts.find_user(&actor, &new.owner).await?;
    let wanted = rooms::NewRoom {
        name: new.name.unwrap_or_default(),
        title: new.title.unwrap_or_default(),
        max_participants: new.max_participants.map(i64::from),
        is_public: new.is_public,
        mode: new.mode,
        ..rooms::NewRoom::default()
    };
    let room = context.rooms.create(&actor, &owner.id, wanted).await?;
    Ok(Json(shown(room, 0)))
}

/// `DELETE /v1/rooms/{room}`
pub(super) async fn close(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(room): Segments<String>,
) -> Result<Json<Room>> {
    let found = context.rooms.show(&room).await?;
    context.rooms.archive(&actor, &found.room.id).await?;
    let closed = context.rooms.show(&found.room.id).await?;
    Ok(Json(counted(closed)))
}

/// `GET /v1/rooms/{room}/participants`
pub(super) async fn participants(
    State(context): State<Context>,
    Segments(room): Segments<String>,
) -> Result<Json<Participants>> {
    let found = context.rooms.show(&room).await?;
    let inside = found.inside.iter().map(|person| Participant {
        identity: person.identity.clone(),
        name: person.name.clone(),
        joined_at: person.joined_at.seconds(),
        is_moderator: person.is_moderator,
        held: held(person),
    });
    let participants = inside.collect();
    let banned = found.banned.iter();
    let banned = banned.map(|(identity, name)| Person { identity: identity.clone(), name: name.clone() });
    Ok(Json(Participants { banned: banned.collect(), participants, room: counted(found) }))
}

fn held(person: &Inside) -> Vec<String> {
    let held = Device::ALL.into_iter().filter(|device| person.holds.has(*device, person.is_moderator));
    held.map(|device| device.name().to_owned()).collect()
}

fn counted(found: rooms::Participants) -> Room {
    let count = i64::try_from(found.inside.len()).unwrap_or(i64::MAX);
    shown(found.room, count)
}

fn shown(room: Row, participants_count: i64) -> Room {
    let settings = room.settings;
    Room {
        title: room.called().to_owned(),
        id: room.id,
        name: room.name,
        created_by: room.created_by,
        admin_id: room.admin_id,
        is_active: room.is_active,
        is_public: room.is_public,
        max_participants: room.max_participants,
        mode: room.mode.name().to_owned(),
        settings: RoomSettings {
            allow_chat: settings.allow_chat,
            allow_video: settings.allow_video,
            allow_audio: settings.allow_audio,
            require_approval: settings.require_approval,
            e2ee: settings.e2ee,
            is_persistent: settings.is_persistent,
            recordings_allowed: settings.recordings_allowed,
            moderator_first: settings.moderator_first,
        },
        participants_count,
        created_at: room.created_at.to_string(),
        updated_at: room.updated_at.to_string(),
        last_activity_at: room.last_activity_at.to_string(),
        deleted_at: room.deleted_at.map(|at| at.to_string()),
    }
}
