//! Who moderates a room beside its owner. Only owners and administrators say so, and nobody about themselves.

use super::{Rooms, effects::Effect, note, policy};
use crate::{
    actor::Actor,
    error::{Error, Result},
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
        self.role_target(actor, room_id, identity).await?;
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        let added = self.0.outbox.decide(move |connection| {
            let added = moderators::add(connection, &room, &whom, &by.label(), Timestamp::now())?;
            if added {
                note(connection, &by, "room.promote", &room, &whom, "")?;
            }
            // also for who was one already: the SFU may not know
            Effect::refresh(&room, &whom).leave(connection)?;
            Ok(added)
        });
        Ok(if added.await? { Promoted::Now } else { Promoted::Already })
    }

    /// Takes it back, also from somebody who is away.
    pub async fn demote(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.role_target(actor, room_id, identity).await?;
        let (by, room, whom) = (actor.clone(), room_id.to_owned(), identity.to_owned());
        let removed = self.0.outbox.decide(move |connection| {
            if moderators::remove(connection, &room, &whom)? {
                note(connection, &by, "room.demote", &room, &whom, "")?;
            }
            Effect::refresh(&room, &whom).leave(connection)
        });
        removed.await
    }

    /// The order of refusals is that of every other act on a person.
    async fn role_target(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let standing = self.standing(room_id, identity).await?.filter(|s| s.room.is_open());
        let standing = standing.ok_or_else(|| Error::not_found("room"))?;
        policy::must_own(actor, &standing.room)?;
        if actor.person().is_some_and(|p| p.id == identity) {
            return Err(Error::invalid("target_self", "You cannot change your own role."));
        }
        if standing.room.admin_id == identity {
            return Err(Error::forbidden("target_owner", "The owner's role cannot be changed."));
        }
        if standing.is_moderator {
            return Ok(());
        }
        self.must_be_inside(&standing, room_id, identity).await
    }
}
