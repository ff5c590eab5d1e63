//! The way into a room, for members and guests alike: exists, open, allowed, not banned, not full; then a token.

use std::net::IpAddr;

use super::{Rooms, policy, slug};
use crate::{
    actor::{Actor, Person},
    error::{Error, Result},
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

/// What a join gives.
#[derive(Debug)]
pub enum Joined {
    /// Come in.
    Admitted(Box<Admitted>),
    /// The asker's own room, archived.
    ArchivedOwned(Box<Room>),
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
    /// Takes a seat in the room of that slug and signs a join token for it. `guest_key` is the device's, as at the gate.
    pub async fn join(&self, actor: &Actor, guest_key: Option<&str>, room_name: &str) -> Result<Joined> {
        let person = person(actor)?;
        let (standing, decided_at) = self.enter(person, guest_key, room_name).await?;
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
        match self.join(actor, guest_key, room_name).await? {
            Joined::Admitted(admitted) => Ok(admitted.token),
            Joined::ArchivedOwned(room) => {
                Err(policy::must_be_open(&room).err().unwrap_or_else(policy::private))
            }
        }
    }

    /// Would this room take a newcomer? `person` is whoever signed in; without one, a guest with that device and address.
    /// Answers the room and how many people are inside.
    pub async fn knock(
        &self,
        actor: Option<&Actor>,
        guest_key: Option<&str>,
        address: Option<IpAddr>,
        room_name: &str,
    ) -> Result<(Room, i64)> {
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
                policy::may_enter(&standing, &identity)?;
                let is_seated = standing.is_inside || standing.held_until.is_some_and(|until| until > now);
                let taken = admissions::seats_taken(connection, &standing.room.id, now)?;
                if !is_seated && taken >= standing.room.max_participants {
                    return Err(policy::full());
                }
                let inside = presences::count(connection, &standing.room.id)?;
                Ok((standing.room, inside))
            })
            .await
    }

    /// Decides and enrols in one go, and tells when. The answer's room is archived only for its owner.
    async fn enter(
        &self,
        person: &Person,
        guest_key: Option<&str>,
        room_name: &str,
    ) -> Result<(Standing, Timestamp)> {
        let (identity, guest_key) = (person.id.clone(), guest_key.map(ToOwned::to_owned));
        let (network, name) = (person.address.map(subscriber), slug::read(room_name));
        self.0
            .store
            .run(move |connection| {
                let who =
                    Who { identity: &identity, guest_key: guest_key.as_deref(), address: network.as_deref() };
                let look = |connection: &mut Connection, now| {
                    let standing = standings::of(connection, Which::Name(&name), who, now)?
                        .ok_or_else(|| Error::not_found("room"))?;
                    let is_own_archived = !standing.room.is_open() && standing.room.admin_id == identity;
                    if !is_own_archived {
                        policy::may_enter(&standing, &identity)?;
                    }
                    // who is inside comes again: the seat must outlive the connection they leave
                    let seconds = if standing.is_inside { admissions::HOLD_SECONDS } else { FRESH_SECONDS };
                    let is_seated = has_seat(&standing, seconds, now);
                    Ok((standing, is_own_archived || is_seated))
                };
                let now = Timestamp::now();
                if let (standing, true) = look(connection, now)? {
                    return Ok((standing, now)); // nothing to write: what one statement saw held at that moment
                }
                connection.transaction(|connection| {
                    let now = Timestamp::now();
                    let (standing, is_settled) = look(connection, now)?;
                    if !is_settled {
                        take_seat(connection, &standing, &identity, now)?;
                    }
                    Ok((standing, now))
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
