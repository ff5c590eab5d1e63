//! What a decision about rooms leaves to be done at the SFU, and how it is done. Each may be done twice: what the store says
//! by then counts, not what was said when it was left.

use serde::{Deserialize, Serialize};

use super::{
    Rooms,
    grants::Anew,
    notice::{About, Notice},
};
use crate::{
    error::{Error, Result},
    store::{Connection, Timestamp, effects, presences},
};

/// Something to be done at the SFU.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Effect {
    /// An account changed: name, picture, role, or whether it may be here at all. In every room they are inside of.
    Person { user: String },
    /// Somebody in one room: what they may do there, or that they have to leave.
    Refresh { room: String, identity: String },
    /// Everybody in one room.
    Room { room: String },
    /// Somebody is told to have been put out by `actor`, and is.
    PutOut { room: String, identity: String, about: About, actor: String },
    /// Who waits before a room has changed, or may come in: they look again, and moderators inside are told.
    Lobby { room: String },
    /// Somebody new waits, at the end: moderators inside are told, and nobody's place before them is another.
    Knock { room: String },
    /// Everybody is told that a message was taken back.
    Unsaid { room: String, actor: String, identity: String, message: String },
    /// The meeting ends; `decided_at` in Unix milliseconds.
    End { room: String, notice: Notice, decided_at: i64 },
}

impl Effect {
    /// What somebody may do in a room has changed, or that they may be there.
    pub(super) fn refresh(room_id: &str, identity: &str) -> Self {
        Effect::Refresh { room: room_id.to_owned(), identity: identity.to_owned() }
    }

    /// Who waits before a room, or may come in, has changed.
    pub(super) fn lobby(room_id: &str) -> Self {
        Effect::Lobby { room: room_id.to_owned() }
    }

    /// Leaves it to be done when the transaction is committed.
    pub(super) fn leave(&self, connection: &mut Connection) -> Result<()> {
        let (kind, key) = match self {
            Effect::Person { user } => ("sfu.person", user.clone()),
            Effect::Refresh { room, identity } => ("sfu.refresh", format!("{room} {identity}")),
            Effect::Room { room } => ("sfu.room", room.clone()),
            Effect::PutOut { room, identity, .. } => ("sfu.put_out", format!("{room} {identity}")),
            Effect::Lobby { room } => ("sfu.lobby", room.clone()),
            Effect::Knock { room } => ("sfu.knock", room.clone()),
            Effect::Unsaid { room, identity, message, .. } => {
                ("sfu.unsaid", format!("{room} {identity} {message}"))
            }
            Effect::End { room, .. } => ("sfu.end", room.clone()),
        };
        let payload = serde_json::to_string(self).map_err(Error::internal)?;
        effects::leave(connection, kind, &key, &payload)
    }
}

/// In the transaction of a change to an account: the rooms they are inside of follow.
pub fn person_changed(connection: &mut Connection, user_id: &str) -> Result<()> {
    Effect::Person { user: user_id.to_owned() }.leave(connection)
}

impl Rooms {
    /// Does what was left. A failure is tried again later.
    pub async fn perform(&self, effect: &effects::Effect) -> Result<()> {
        match serde_json::from_str(&effect.payload).map_err(Error::internal)? {
            Effect::Person { user } => self.refresh_everywhere(user).await,
            Effect::Refresh { room, identity } => self.refresh(&room, &identity, Anew::Role).await,
            Effect::Room { room } => {
                self.0.bells.ring(&room);
                self.refresh_room(&room).await
            }
            Effect::Lobby { room } => {
                self.0.bells.ring(&room);
                self.tell_of_lobby(&room).await
            }
            Effect::Knock { room } => self.tell_of_lobby(&room).await,
            Effect::PutOut { room, identity, about, actor } => {
                self.see_out(&room, &identity, about, &actor).await
            }
            Effect::Unsaid { room, actor, identity, message } => {
                self.tell_unsaid(&room, &actor, &identity, &message).await;
                Ok(())
            }
            Effect::End { room, notice, decided_at } => {
                self.0.bells.ring(&room);
                self.end(&room, notice, Timestamp(decided_at)).await
            }
        }
    }

    /// One room that fails keeps no other from following.
    async fn refresh_everywhere(&self, user: String) -> Result<()> {
        let id = user.clone();
        let mut done = Ok(());
        for room in self.0.store.run(move |c| presences::rooms_of(c, &id)).await? {
            done = done.and(self.refresh(&room, &user, Anew::Person).await);
        }
        done
    }
}
