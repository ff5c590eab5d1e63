//! Who moderates a room beside its owner. Only owners and administrators say so, and nobody about themselves.

use super::verbs::Verb;
use crate::{
    actor::Actor,
    error::Result,
    rooms::{Rooms, effects::Effect, note},
    store::{Timestamp, moderators},
};

/// What became of a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promoted {
    /// They moderate from now on.
    Now,
    /// They did before.
    Already,
}

impl Rooms {
    /// Makes somebody inside a moderator.
    pub async fn promote(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<Promoted> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let added = self.act(actor, room_id, identity, Verb::Promote, move |connection, standing| {
            let room = &standing.room.id;
            let added = moderators::add(connection, room, &whom, &by.label(), Timestamp::now())?;
            if added {
                note(connection, &by, "room.promote", room, &whom, "")?;
            }
            // also for who was one already: the SFU may not know
            Effect::refresh(room, &whom).leave(connection)?;
            Ok(added)
        });
        Ok(if added.await? { Promoted::Now } else { Promoted::Already })
    }

    /// Takes it back, also from somebody who is away.
    pub async fn demote(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let removed = self.act(actor, room_id, identity, Verb::Demote, move |connection, standing| {
            let room = &standing.room.id;
            if moderators::remove(connection, room, &whom)? {
                note(connection, &by, "room.demote", room, &whom, "")?;
            }
            Effect::refresh(room, &whom).leave(connection)
        });
        removed.await
    }
}
