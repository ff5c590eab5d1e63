//! Kick, ban, unban, mute, unmute, for the operator: finds the room and the person, and leaves the rest to `rooms`.

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
};
use bedrud_control::{ChangeQuery, Moderated, Person};

use super::Context;
use crate::{actor::Actor, error::Result, rooms::Participants, store::users};

/// Where and whom, as the operator typed it.
type Target = Path<(String, String)>;

/// `POST /v1/rooms/{room}/kick/{person}`
pub(super) async fn kick(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Path((room, person)): Target,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    let (room, person) = find(&context, &room, &person, Participants::find_inside).await?;
    if !change.dry_run {
        context.rooms.kick(&actor, &room.room.id, &person.identity).await?;
    }
    Ok(met(room, person))
}

/// `POST /v1/rooms/{room}/ban/{person}`
pub(super) async fn ban(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Path((room, person)): Target,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    let (room, person) = find(&context, &room, &person, Participants::find_inside).await?;
    if !change.dry_run {
        context.rooms.ban(&actor, &room.room.id, &person.identity).await?;
    }
    Ok(met(room, person))
}

/// `POST /v1/rooms/{room}/unban/{person}`
pub(super) async fn unban(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Path((room, person)): Target,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    let (room, person) = find(&context, &room, &person, Participants::find_banned).await?;
    if !change.dry_run {
        context.rooms.unban(&actor, &room.room.id, &person.identity).await?;
    }
    Ok(met(room, person))
}

/// `POST /v1/rooms/{room}/mute/{person}`
pub(super) async fn mute(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Path((room, person)): Target,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    let (room, person) = find(&context, &room, &person, Participants::find_inside).await?;
    if !change.dry_run {
        context.rooms.mute(&actor, &room.room.id, &person.identity).await?;
    }
    Ok(met(room, person))
}

/// `POST /v1/rooms/{room}/unmute/{person}`
pub(super) async fn unmute(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Path((room, person)): Target,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    let (room, person) = find(&context, &room, &person, Participants::find_inside).await?;
    if !change.dry_run {
        context.rooms.unmute(&actor, &room.room.id, &person.identity).await?;
    }
    Ok(met(room, person))
}

/// The room, and the person whom `among` finds in it by identity or name; a mail address stands for its account.
async fn find(
    context: &Context,
    room: &str,
    person: &str,
    among: fn(&Participants, &str) -> Result<(String, String)>,
) -> Result<(Participants, Person)> {
    let room = context.rooms.show(room).await?;
    let mut wanted = person.to_owned();
    if person.contains('@') {
        let mail = person.trim().to_lowercase();
        let account = context.store.run(move |connection| users::by_email(connection, &mail)).await?;
        wanted = account.map_or(wanted, |account| account.id);
    }
    let (identity, name) = among(&room, &wanted)?;
    Ok((room, Person { identity, name }))
}

fn met(room: Participants, participant: Person) -> Json<Moderated> {
    Json(Moderated { room: room.room.name, participant })
}
