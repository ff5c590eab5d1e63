//! Kick, ban, unban, mute, unmute, for the operator: finds the room and the person, and leaves the rest to `rooms`.

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
};
use bedrud_control::{ChangeQuery, Moderated, Person};

use super::Context;
use crate::{
    actor::Actor,
    error::{Error, Result},
    rooms::Participants,
};

/// `POST /v1/rooms/{room}/{verb}/{person}`
pub(super) async fn moderate(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Path((room, verb, person)): Path<(String, String, String)>,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    let verb = Verb::named(&verb).ok_or_else(|| Error::not_found("route"))?;
    let (room, person) = find(&context, &room, &person, verb).await?;
    let (rooms, id, identity) = (&context.rooms, &room.room.id, &person.identity);
    if !change.dry_run {
        match verb {
            Verb::Kick => rooms.kick(&actor, id, identity).await?,
            Verb::Ban => rooms.ban(&actor, id, identity).await?,
            Verb::Unban => rooms.unban(&actor, id, identity).await?,
            Verb::Mute => rooms.mute(&actor, id, identity).await?,
            Verb::Unmute => rooms.unmute(&actor, id, identity).await?,
        }
    }
    Ok(Json(Moderated { room: room.room.name, participant: person }))
}

/// What is done to somebody.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Kick,
    Ban,
    Unban,
    Mute,
    Unmute,
}

impl Verb {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "kick" => Self::Kick,
            "ban" => Self::Ban,
            "unban" => Self::Unban,
            "mute" => Self::Mute,
            "unmute" => Self::Unmute,
            _ => return None,
        })
    }
}

/// The room, and the person in it (or banned from it) by identity or name; a mail address stands for its account.
async fn find(context: &Context, room: &str, person: &str, verb: Verb) -> Result<(Participants, Person)> {
    let room = context.rooms.show(room).await?;
    let account = context.accounts.id_of_mail(person).await?;
    let wanted = account.unwrap_or_else(|| person.to_owned());
    let (identity, name) =
        if verb == Verb::Unban { room.find_banned(&wanted)? } else { room.find_inside(&wanted)? };
    Ok((room, Person { identity, name }))
}
