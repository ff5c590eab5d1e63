//! An act on one person: looked at and written in one transaction, after everything that can be wrong with it.

use super::verbs::{self, Verb, Whereabouts};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    rooms::{Rooms, policy},
    store::{
        Connection, Timestamp,
        holds::Device,
        presences,
        standings::{self, Standing, Which, Who},
    },
};

impl Rooms {
    /// Does `work` if `actor` may do `verb` to `identity`, in the transaction that looked; what it leaves is tried before this returns. Refusals in their order: no such
    /// room, not of the rank, oneself, the owner, somebody who moderates, nobody there.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        actor: &Actor,
        room_id: &str,
        identity: &str,
        verb: Verb,
        work: impl Fn(&mut Connection, &Standing) -> Result<T> + Clone + Send + 'static,
    ) -> Result<T> {
        if let Some(done) = self.attempt(actor, room_id, identity, verb, false, work.clone()).await? {
            return Ok(done);
        }
        // the SFU is asked where its events have not arrived yet
        let absent = || Error::not_found("participant");
        if !verbs::is_met(verb, Whereabouts { is_inside: true, ..Whereabouts::default() }) {
            return Err(absent());
        }
        match self.0.sfu.client().get_participant(room_id, identity).await {
            Ok(_) => self.attempt(actor, room_id, identity, verb, true, work).await?.ok_or_else(absent),
            Err(e) if e.kind == Kind::NotFound => Err(absent()),
            Err(e) => Err(e),
        }
    }

    /// `None` when there is nobody whom the act would meet.
    async fn attempt<T: Send + 'static>(
        &self,
        actor: &Actor,
        room_id: &str,
        identity: &str,
        verb: Verb,
        is_inside: bool,
        work: impl Fn(&mut Connection, &Standing) -> Result<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        self.0
            .outbox
            .decide(move |connection| {
                let standing = allowed(connection, &by, &room, &whom, verb)?;
                let mut there = whereabouts(connection, &standing, &whom)?;
                there.is_inside |= is_inside;
                if verbs::is_met(verb, there) { work(connection, &standing).map(Some) } else { Ok(None) }
            })
            .await
    }
}

/// May `actor` do `verb` to `identity`? Their standing, if so.
pub(super) fn allowed(
    connection: &mut Connection,
    actor: &Actor,
    room_id: &str,
    identity: &str,
    verb: Verb,
) -> Result<Standing> {
    let now = Timestamp::now();
    let mut of = |identity: &str| {
        let who = Who { identity, guest_key: None, address: None };
        standings::of(connection, Which::Id(room_id), who, now)
    };
    let target = of(identity)?.filter(|s| s.room.is_open()).ok_or_else(|| Error::not_found("room"))?;
    let own = actor.person().map(|person| of(&person.id)).transpose()?.flatten();
    let is_self = actor.person().is_some_and(|person| person.id == identity);
    let by = verbs::rank_of(actor, own.as_ref());
    verbs::must_reach(by, verb, verbs::rank(&target, identity), is_self)?;
    Ok(target)
}

fn whereabouts(connection: &mut Connection, standing: &Standing, identity: &str) -> Result<Whereabouts> {
    let room_id = &standing.room.id;
    Ok(Whereabouts {
        is_inside: standing.is_inside,
        was_here: standing.held_until.is_some() || presences::was_inside(connection, room_id, identity)?,
        is_banned: standing.is_banned,
        is_held: Device::ALL.into_iter().any(|device| policy::is_held(standing, identity, device)),
        moderates: standing.is_moderator,
    })
}
