//! The way into a room, for members and guests alike: exists, open, not banned, let in, not full; then a token.

use std::net::IpAddr;

use super::{
    Rooms, lobby,
    lobby::Place,
    policy::{self, Way},
    slug,
};
use crate::{
    actor::{Actor, Person},
    error::{Error, Kind, Result},
    livekit::{Grant, sign_join},
    network::subscriber,
    store::{
        Connection, Timestamp, admissions, presences, rooms,
        rooms::Room,
        standings::{self, Standing, Which, Who},
    },
};

/// A hold with at least this long to go is not written anew.
const FRESH_SECONDS: i64 = admissions::HOLD_SECONDS / 2;

/// How somebody joins.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The slug.
    pub room_name: &'a str,
    /// Who only looks ahead, without it, is not seen waiting.
    pub asks: bool,
    /// The secret of a link that they bring.
    pub invitation: Option<&'a str>,
}

/// What a join gives.
#[derive(Debug)]
pub enum Joined {
    /// Come in.
    Admitted(Box<Admitted>),
    /// The asker's own room, archived.
    ArchivedOwned(Box<Room>),
    /// A moderator has to let the asker in.
    Waiting(Box<Waiting>),
}

/// Somebody before the door.
#[derive(Debug)]
pub struct Waiting {
    /// The room.
    pub room: Room,
    /// What the question is named by, and the place it has; `None` where nobody was asked yet.
    pub asked: Option<(String, Place)>,
}

/// What a knock tells.
#[derive(Debug)]
pub struct Knocked {
    /// The room.
    pub room: Room,
    /// How many people are inside.
    pub inside: i64,
    /// A moderator would have to let the asker in.
    pub waits: bool,
}

/// The way in.
#[derive(Debug)]
pub struct Admitted {
    /// The room.
    pub room: Room,
    /// The join token for the SFU.
    pub token: String,
}

impl Rooms {
    /// Takes a seat in the room of that slug and signs a join token for it, or waits before it. `guest_key` is the device's, as
    /// at the gate.
    pub async fn join(&self, actor: &Actor, guest_key: Option<&str>, wanted: Wanted<'_>) -> Result<Joined> {
        let person = person(actor)?;
        let Entered { standing, way, asked, decided_at } = self.enter(person, guest_key, wanted).await?;
        if way == Way::Lobby {
            return Ok(Joined::Waiting(Box::new(Waiting { room: standing.room, asked })));
        }
        if !standing.room.is_open() {
            return Ok(Joined::ArchivedOwned(Box::new(standing.room)));
        }
        let opened = self.ensure_open(&standing.room.id).await;
        match opened {
            // the gate opens it when the person connects; until then the SFU may be back
            Err(e) if self.0.sfu.is_proxied() => {
                tracing::debug!(room = %standing.room.id, "not opened yet: {e}")
            }
            other => other?,
        }
        let token = self.sign(&standing, &person.id, decided_at)?;
        Ok(Joined::Admitted(Box::new(Admitted { room: standing.room, token })))
    }

    /// A new join token: bans, role and settings are looked at again.
    pub async fn refresh_token(
        &self,
        actor: &Actor,
        guest_key: Option<&str>,
        room_name: &str,
    ) -> Result<String> {
        match self.join(actor, guest_key, Wanted { room_name, asks: false, invitation: None }).await? {
            Joined::Admitted(admitted) => Ok(admitted.token),
            Joined::Waiting(_) => Err(policy::must_wait()),
            Joined::ArchivedOwned(room) => {
                Err(policy::must_be_open(&room).err().unwrap_or_else(policy::private))
            }
        }
    }

    /// Would this room take a newcomer? `person` is whoever signed in; without one, a guest with that device and address.
    pub async fn knock(
        &self,
        actor: Option<&Actor>,
        guest_key: Option<&str>,
        address: Option<IpAddr>,
        room_name: &str,
    ) -> Result<Knocked> {
        let person = actor.and_then(Actor::person);
        let identity = person.map(|p| p.id.clone()).unwrap_or_default();
        let guest_key = guest_key.map(ToOwned::to_owned);
        let (network, name) = (address.map(subscriber), slug::read(room_name));
        self.0
            .store
            .run(move |connection| {
                let now = Timestamp::now();
                let who =
                    Who { identity: &identity, guest_key: guest_key.as_deref(), address: network.as_deref() };
                let standing = standings::of(connection, Which::Name(&name), who, now)?
                    .ok_or_else(|| Error::not_found("room"))?;
                let way = policy::way(&standing, &identity, now)?;
                let is_seated = standing.is_inside || standing.held_until.is_some_and(|until| until > now);
                // who waits asks for no seat yet, and learns nothing of a room before they are let in
                let needs_seat = way == Way::Open && !is_seated;
                if needs_seat
                    && admissions::seats_taken(connection, &standing.room.id, now)?
                        >= standing.room.max_participants
                {
                    return Err(policy::full());
                }
                let inside = presences::count(connection, &standing.room.id)?;
                Ok(Knocked { room: standing.room, inside, waits: way == Way::Lobby })
            })
            .await
    }

    /// The same for who only wants to know: of a private room nobody learns anything.
    pub async fn check(
        &self,
        actor: Option<&Actor>,
        guest_key: Option<&str>,
        address: Option<IpAddr>,
        room_name: &str,
    ) -> Result<Knocked> {
        let knocked = self.knock(actor, guest_key, address, room_name).await?;
        if knocked.waits && !knocked.room.is_public { Err(policy::private()) } else { Ok(knocked) }
    }

    /// Decides and enrols in one go, or lets wait. The answer's room is archived only for its owner.
    async fn enter(&self, person: &Person, guest_key: Option<&str>, wanted: Wanted<'_>) -> Result<Entered> {
        let (identity, guest_key) = (person.id.clone(), guest_key.map(ToOwned::to_owned));
        let (network, name) = (person.address.map(subscriber), slug::read(wanted.room_name));
        let (asks, invitation) = (wanted.asks, wanted.invitation.map(ToOwned::to_owned));
        self.0
            .store
            .run(move |connection| {
                let who =
                    Who { identity: &identity, guest_key: guest_key.as_deref(), address: network.as_deref() };
                let look = |connection: &mut Connection, now| {
                    let standing = standings::of(connection, Which::Name(&name), who, now)?
                        .ok_or_else(|| Error::not_found("room"))?;
                    let is_own_archived = !standing.room.is_open() && standing.room.admin_id == identity;
                    let way =
                        if is_own_archived { Way::Open } else { policy::way(&standing, &identity, now)? };
                    // who is inside comes again: the seat must outlive the connection they leave
                    let seconds = if standing.is_inside { admissions::HOLD_SECONDS } else { FRESH_SECONDS };
                    let is_seated = has_seat(&standing, seconds, now);
                    let is_settled = is_own_archived || if way == Way::Open { is_seated } else { !asks };
                    Ok((standing, way, is_settled))
                };
                let now = Timestamp::now();
                if let (standing, way, true) = look(connection, now)?
                    && (invitation.is_none() || standing.is_invited)
                {
                    // nothing to write: what one statement saw held at that moment
                    return Ok(Entered { standing, way, asked: None, decided_at: now });
                }
                connection.transaction(|connection| {
                    let now = Timestamp::now();
                    let (mut standing, mut way, mut is_settled) = look(connection, now)?;
                    // who moderates needs none, and uses none up
                    let needs = standing.room.is_open() && !policy::moderates(&standing, &identity);
                    if let Some(secret) = invitation.as_ref().filter(|_| needs) {
                        match lobby::accept(connection, &standing, &identity, secret, now) {
                            Ok(false) => {}
                            Ok(true) => (standing, way, is_settled) = look(connection, now)?,
                            // who may come in anyway needs none
                            Err(e) if e.kind == Kind::Forbidden && way == Way::Open => {}
                            Err(e) => return Err(e),
                        }
                    }
                    let mut asked = None;
                    match way {
                        _ if is_settled => {}
                        Way::Open => take_seat(connection, &standing, &identity, now)?,
                        Way::Lobby => asked = Some(lobby::ask(connection, &standing, &identity, now)?),
                    }
                    Ok(Entered { standing, way, asked, decided_at: now })
                })
            })
            .await
    }

    /// Signs what the policy grants, as of when that was decided: who is kicked since then holds an old token. After a kick the
    /// token counts from the next second on, or it would be refused itself.
    fn sign(&self, standing: &Standing, identity: &str, decided_at: Timestamp) -> Result<String> {
        if standing.user.is_none() {
            return Err(Error::unauthorized("account_gone", "This account is gone. Sign in again."));
        }
        let earliest = standing.not_before_seconds.map_or(0, |limit| limit.saturating_add(1));
        let grant = Grant {
            room: standing.room.id.clone(),
            identity: identity.to_owned(),
            name: policy::name(standing).to_owned(),
            metadata: policy::metadata(standing, identity)?,
            issued_at_seconds: decided_at.seconds().max(earliest),
            permission: policy::permission(standing, identity),
        };
        sign_join(&grant, self.0.sfu.keys())
    }
}

/// What [`Rooms::enter`] decided, and when.
struct Entered {
    standing: Standing,
    way: Way,
    asked: Option<(String, Place)>,
    decided_at: Timestamp,
}

/// Does somebody hold a seat for at least `seconds` more?
pub(super) fn has_seat(standing: &Standing, seconds: i64, now: Timestamp) -> bool {
    standing.held_until.is_some_and(|until| until >= now.plus_seconds(seconds))
}

/// Gives `identity` a seat, in the transaction that read their standing.
pub(super) fn take_seat(
    connection: &mut Connection,
    standing: &Standing,
    identity: &str,
    now: Timestamp,
) -> Result<()> {
    let room_id = &standing.room.id;
    if !rooms::lock(connection, room_id, now)? {
        return Err(policy::closed());
    }
    if admissions::enrol(connection, room_id, identity, now)? { Ok(()) } else { Err(policy::full()) }
}

pub(super) fn person(actor: &Actor) -> Result<&Person> {
    actor
        .person()
        .ok_or_else(|| Error::forbidden("not_a_person", "Only somebody with a session can join a room."))
}
