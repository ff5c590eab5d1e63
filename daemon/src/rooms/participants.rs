//! What may be known of the people in a room, and by whom.

use super::{Rooms, moderation::verbs::Verb, policy};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    livekit::SfuParticipant,
    store::{
        presences,
        rooms::{self, Room},
    },
};

/// What people in one room see of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// User id or guest id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Where their picture is; empty without one.
    pub avatar_url: String,
}

impl Rooms {
    /// Somebody's connection and tracks: for themselves and for moderators.
    pub async fn participant(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<SfuParticipant> {
        let is_self = actor.person().is_some_and(|p| p.id == identity);
        let asker = actor.person().map_or("", |p| p.id.as_str());
        let standing = self.standing(room_id, asker).await?.filter(|s| s.room.is_open());
        let standing = standing.ok_or_else(|| Error::not_found("room"))?;
        if !is_self {
            policy::must(actor, Verb::Everybody, Some(&standing))?;
        }
        self.0.sfu.client().get_participant(room_id, identity).await.map_err(|e| match e.kind {
            Kind::NotFound => Error::not_found("participant"),
            _ => e,
        })
    }

    /// Name and picture of somebody inside, for somebody inside.
    pub async fn profile(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<Profile> {
        let asker = actor.person().map_or("", |p| p.id.as_str());
        let id = room_id.to_owned();
        let inside = self.0.store.run(move |connection| {
            let room = rooms::by_id(connection, &id)?.filter(Room::is_open);
            room.ok_or_else(|| Error::not_found("room"))?;
            presences::inside(connection, &id)
        });
        let inside = inside.await?;
        if !inside.iter().any(|p| p.identity == asker) && !self.is_connected(room_id, asker).await {
            return Err(Error::forbidden("not_inside", "Only people in this room see each other."));
        }
        if let Some(person) = inside.into_iter().find(|p| p.identity == identity) {
            return Ok(Profile { id: person.identity, name: person.name, avatar_url: person.avatar_url });
        }
        let user = match self.is_connected(room_id, identity).await {
            true => self.standing(room_id, identity).await?.and_then(|standing| standing.user),
            false => None,
        };
        let user = user.ok_or_else(|| Error::not_found("participant"))?;
        Ok(Profile { id: identity.to_owned(), name: user.name, avatar_url: user.avatar_url })
    }

    /// Asks the SFU, which knows of somebody before it tells us: some 50 ms after they have connected.
    async fn is_connected(&self, room_id: &str, identity: &str) -> bool {
        !identity.is_empty() && self.0.sfu.client().get_participant(room_id, identity).await.is_ok()
    }
}
