//! Putting people out, for the page, the control socket and the sweep: policy, store, notice, SFU, audit line.

mod hold;
mod mute;
mod roles;
mod stage;
mod target;
pub(super) mod verbs;

pub use roles::Promoted;

use super::{
    Rooms,
    effects::Effect,
    note,
    notice::{About, Notice, name_of},
    policy,
};
use crate::{
    actor::Actor,
    error::{Error, Result},
    network::subscriber,
    store::{
        Connection, Timestamp, admissions, bans,
        meeting::{invitations, lobby, meetings},
        moderators, presences, revocations,
        standings::{self, Which, Who},
    },
};
use verbs::Verb;

/// A meeting with an address banned is taken to end after this long at the latest.
const ADDRESS_SECONDS: i64 = 24 * 3600;

impl Rooms {
    /// Puts somebody out. Their join tokens are worth nothing any more; they may ask for a new one.
    pub async fn kick(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let revoked = self.act(actor, room_id, identity, Verb::Kick, move |connection, standing| {
            dismiss(connection, &by, &standing.room.id, &whom, About::Kick)?;
            note(connection, &by, "room.kick", &standing.room.id, &whom, "")
        });
        revoked.await
    }

    /// The same without asking whether: it is the sweep that acts.
    pub(super) async fn remove(&self, room_id: &str, identity: &str, why: &'static str) -> Result<()> {
        let (room, whom) = (room_id.to_owned(), identity.to_owned());
        let revoked = self.0.outbox.decide(move |connection| {
            dismiss(connection, &Actor::System, &room, &whom, About::Kick)?;
            note(connection, &Actor::System, "room.kick", &room, &whom, why)
        });
        revoked.await
    }

    /// Puts somebody out and keeps them out, until they are unbanned; also somebody who has left.
    pub async fn ban(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let banned = self.act(actor, room_id, identity, Verb::Ban, move |connection, standing| {
            let (room, now) = (&standing.room.id, Timestamp::now());
            let traces = bans::traces(connection, &whom)?.unwrap_or_default();
            let address = traces.address.parse().ok().map(subscriber);
            let ban = bans::Ban {
                id: uuid::Uuid::new_v4().to_string(),
                room_id: room.clone(),
                identity: whom.clone(),
                name: standing.user.as_ref().map(|u| u.name.clone()).unwrap_or_default(),
                guest_key: traces.guest_key,
                address_until: address.as_ref().map(|_| now.plus_seconds(ADDRESS_SECONDS)),
                address,
                created_by: by.label(),
                created_at: now,
            };
            bans::insert(connection, &ban)?;
            moderators::remove(connection, room, &whom)?;
            invitations::forget(connection, room, &whom)?;
            dismiss(connection, &by, room, &whom, About::Ban)?;
            note(connection, &by, "room.ban", room, &whom, &ban.name)
        });
        banned.await
    }

    /// Lets somebody come back.
    pub async fn unban(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let lifted = self.act(actor, room_id, identity, Verb::Unban, move |connection, standing| {
            if !bans::remove(connection, &standing.room.id, &whom)? {
                return Err(Error::not_found("ban"));
            }
            note(connection, &by, "room.unban", &standing.room.id, &whom, "")
        });
        lifted.await
    }

    /// Ends the meeting for everybody inside. The room stays: its link opens it again.
    pub async fn end_meeting(&self, actor: &Actor, room_id: &str) -> Result<()> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        let ended = self.0.outbox.decide(move |connection| {
            let name = must_moderate(connection, &by, &id)?;
            let now = Timestamp::now();
            // a client that comes back by itself must not go on with it, and a new SFU must not open it again
            for person in presences::inside(connection, &id)? {
                revoke(connection, &id, &person.identity)?;
            }
            presences::end_room(connection, &id, now)?;
            meetings::end(connection, &id, by.person().map_or("", |person| &person.id))?;
            Effect::End { room: id.clone(), notice: Notice::Ended, decided_at: now.0 }.leave(connection)?;
            note(connection, &by, "room.end", &id, &id, &name)
        });
        ended.await
    }

    /// Tells everybody and disconnects them, unless they may be here again by now.
    pub(super) async fn see_out(
        &self,
        room_id: &str,
        identity: &str,
        about: About,
        actor: &str,
    ) -> Result<()> {
        if self.standing(room_id, identity).await?.is_none_or(|standing| !policy::must_leave(&standing)) {
            return Ok(());
        }
        self.tell(room_id, about, actor, identity).await;
        self.put_out(room_id, identity).await
    }
}

/// The name of an open room that `actor` moderates.
pub(super) fn must_moderate(connection: &mut Connection, actor: &Actor, room_id: &str) -> Result<String> {
    must(connection, actor, room_id, Verb::Everybody)
}

/// The name of an open room in which `actor` may do that.
pub(super) fn must(connection: &mut Connection, actor: &Actor, room_id: &str, verb: Verb) -> Result<String> {
    let person = actor.person().map(|p| p.id.as_str());
    let who = Who { identity: person.unwrap_or_default(), guest_key: None, address: None };
    let standing = standings::of(connection, Which::Id(room_id), who, Timestamp::now())?
        .filter(|s| s.room.is_open())
        .ok_or_else(|| Error::not_found("room"))?;
    policy::must(actor, verb, person.is_some().then_some(&standing))?;
    Ok(standing.room.name)
}

/// No join token issued until now opens the room, and no seat is held.
fn revoke(connection: &mut Connection, room_id: &str, identity: &str) -> Result<()> {
    revocations::set(connection, room_id, identity, Timestamp::now().seconds())?;
    lobby::forget(connection, room_id, identity)?;
    admissions::withdraw(connection, room_id, identity)
}

/// The same, and they are put out.
fn dismiss(
    connection: &mut Connection,
    by: &Actor,
    room_id: &str,
    identity: &str,
    about: About,
) -> Result<()> {
    revoke(connection, room_id, identity)?;
    let (room, identity, actor) = (room_id.to_owned(), identity.to_owned(), name_of(by).to_owned());
    Effect::PutOut { room, identity, about, actor }.leave(connection)
}
