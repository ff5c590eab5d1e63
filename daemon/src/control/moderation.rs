//! What is done to people in a room, for the operator: finds the room and the person, and leaves the rest to `rooms`.

use axum::{Extension, Json, extract::State};
use bedrud_control::{ChangeQuery, Lobby, Moderated, ModeratedAll, Person, Waiting};

use super::Context;
use crate::{
    actor::Actor,
    door::{Query, Segments},
    error::{Error, Result},
    rooms::Participants,
    store::holds::Device,
};

/// `POST /v1/rooms/{room}/{verb}/{person}`
pub(super) async fn moderate(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments((room, verb, person)): Segments<(String, String, String)>,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<Moderated>> {
    if let "admit" | "refuse" = verb.as_str() {
        return answer(&context, &actor, &room, &person, verb == "admit", change.dry_run).await;
    }
    let verb = Verb::named(&verb).ok_or_else(|| Error::not_found("route"))?;
    let (room, person) = find(&context, &room, &person, verb).await?;
    let (rooms, id, identity) = (&context.rooms, &room.room.id, &person.identity);
    if !change.dry_run {
        match verb {
            Verb::Kick => rooms.kick(&actor, id, identity).await?,
            Verb::Ban => rooms.ban(&actor, id, identity).await?,
            Verb::Unban => rooms.unban(&actor, id, identity).await?,
            Verb::Mute => rooms.mute(&actor, id, identity).await?,
            Verb::Unmute => rooms.ask_unmute(&actor, id, identity).await?,
            Verb::Hold(device) => rooms.hold(&actor, id, identity, device).await?,
            Verb::Release(device) => rooms.release(&actor, id, identity, device).await?,
        }
    }
    Ok(Json(Moderated { room: room.room.name, participant: person }))
}

/// `GET /v1/rooms/{room}/lobby`
pub(super) async fn lobby(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(room): Segments<String>,
) -> Result<Json<Lobby>> {
    let found = context.rooms.show(&room).await?;
    let (waiting, is_locked) = context.rooms.lobby(&actor, &found.room.id).await?;
    let waiting = waiting.into_iter().map(|one| Waiting {
        identity: one.identity,
        name: one.name,
        is_guest: one.is_guest,
        asked_at: one.asked_at.seconds(),
    });
    Ok(Json(Lobby { room: found.room.name, is_locked, waiting: waiting.collect() }))
}

/// `POST /v1/rooms/{room}/{mute-all|hold-all|release-all|admit-all|lock|unlock}`
pub(super) async fn moderate_all(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments((room, verb)): Segments<(String, String)>,
    Query(change): Query<ChangeQuery>,
) -> Result<Json<ModeratedAll>> {
    let known = ["mute-all", "hold-all", "release-all", "admit-all", "lock", "unlock"];
    if !known.contains(&verb.as_str()) {
        return Err(Error::not_found("route"));
    }
    let found = context.rooms.show(&room).await?;
    let (rooms, id) = (&context.rooms, &found.room.id);
    match verb.as_str() {
        _ if change.dry_run => {}
        "mute-all" => rooms.mute_all(&actor, id).await?,
        "hold-all" => rooms.hold_all(&actor, id).await?,
        "admit-all" => {
            let people = rooms.admit_all(&actor, id).await?;
            return Ok(Json(ModeratedAll { room: found.room.name, people }));
        }
        "lock" => rooms.set_locked(&actor, id, true).await?,
        "unlock" => rooms.set_locked(&actor, id, false).await?,
        _ => rooms.release_all(&actor, id).await?,
    }
    let people = found.inside.iter().filter(|person| !person.is_moderator).count();
    Ok(Json(ModeratedAll { room: found.room.name, people }))
}

/// What is done to somebody.
#[derive(Clone, Copy, PartialEq)]
enum Verb {
    Kick,
    Ban,
    Unban,
    Mute,
    Unmute,
    Hold(Device),
    Release(Device),
}

impl Verb {
    fn named(name: &str) -> Option<Self> {
        let device = |verb: &str| name.strip_prefix(verb).and_then(Device::named);
        Some(match name {
            "kick" => Self::Kick,
            "ban" => Self::Ban,
            "unban" => Self::Unban,
            "mute" => Self::Mute,
            "unmute" => Self::Unmute,
            _ => return device("hold-").map(Self::Hold).or_else(|| device("release-").map(Self::Release)),
        })
    }
}

/// Lets somebody in who waits, or does not.
async fn answer(
    context: &Context,
    actor: &Actor,
    room: &str,
    person: &str,
    is_welcome: bool,
    is_dry_run: bool,
) -> Result<Json<Moderated>> {
    let room = context.rooms.show(room).await?.room;
    let waiting = context.rooms.find_waiting(actor, &room.id, person).await?;
    match is_welcome {
        _ if is_dry_run => {}
        true => context.rooms.admit(actor, &room.id, &waiting.ticket).await?,
        false => context.rooms.refuse(actor, &room.id, &waiting.ticket).await?,
    }
    let participant = Person { identity: waiting.identity, name: waiting.name };
    Ok(Json(Moderated { room: room.name, participant }))
}

/// The room, and the person in it (or banned from it, or just gone) by identity or name; a mail address stands for its
/// account.
async fn find(context: &Context, room: &str, person: &str, verb: Verb) -> Result<(Participants, Person)> {
    let room = context.rooms.show(room).await?;
    let account = context.accounts.id_of_mail(person).await?;
    let wanted = account.unwrap_or_else(|| person.to_owned());
    let found = match verb {
        Verb::Unban => room.find_banned(&wanted),
        Verb::Ban => context.rooms.find_to_ban(&room, &wanted).await,
        _ => room.find_inside(&wanted),
    };
    let (identity, name) = found?;
    Ok((room, Person { identity, name }))
}
