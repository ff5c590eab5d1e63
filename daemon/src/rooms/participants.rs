//! What may be known of the people in a room, and by whom.

use super::{Rooms, policy};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    livekit::SfuParticipant,
    store::{
        presences::{self, Inside},
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
            policy::must_moderate(actor, Some(&standing))?;
        }
        self.0.sfu.client().get_participant(room_id, identity).await.map_err(|e| match e.kind {
            Kind::NotFound => Error::not_found("participant"),
            _ => e,
        })
    }

    /// Name and picture of somebody inside, for somebody inside.
    pub async fn profile(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<Profile> {
        let asker = actor.person().map(|p| p.id.clone()).unwrap_or_default();
        let (room_id, identity) = (room_id.to_owned(), identity.to_owned());
        self.0
            .store
            .run(move |connection| {
                rooms::by_id(connection, &room_id)?
                    .filter(Room::is_open)
                    .ok_or_else(|| Error::not_found("room"))?;
                let inside = presences::inside(connection, &room_id)?;
                if !inside.iter().any(|p| p.identity == asker) {
                    return Err(Error::forbidden("not_inside", "Only people in this room see each other."));
                }
                let wanted = inside.into_iter().find(|p| p.identity == identity);
                let Inside { identity: id, name, avatar_url, .. } =
                    wanted.ok_or_else(|| Error::not_found("participant"))?;
                Ok(Profile { id, name, avatar_url })
            })
            .await
    }
}
