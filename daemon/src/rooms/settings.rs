//! Changing what the owner may switch: absent fields stay as they are, and what would have no effect yet is refused.

use super::{Rooms, effects::Effect, note, policy};
use crate::{
    actor::Actor,
    error::{Error, Result},
    names,
    store::{
        Timestamp,
        rooms::{self, Room, Settings},
    },
};

/// Some of [`Settings`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // the names are those of `Settings`
pub struct SettingsChange {
    pub allow_chat: Option<bool>,
    pub allow_video: Option<bool>,
    pub allow_audio: Option<bool>,
    pub require_approval: Option<bool>,
    pub e2ee: Option<bool>,
    pub is_persistent: Option<bool>,
    pub recordings_allowed: Option<bool>,
}

impl SettingsChange {
    /// `settings` with the change that `actor` wants. Fails for what would promise what this server does not do, and for what
    /// only administrators may say; what is so already may be said by anybody.
    pub(super) fn apply(self, actor: &Actor, mut settings: Settings) -> Result<Settings> {
        if self.is_persistent == Some(true) && !settings.is_persistent && !actor.administers() {
            let s = "Only an administrator of this server may keep a room for good. Leave isPersistent off.";
            return Err(Error::forbidden("not_permitted", s));
        }
        let set = |field: &mut bool, value: Option<bool>| {
            if let Some(value) = value {
                *field = value;
            }
        };
        set(&mut settings.allow_chat, self.allow_chat);
        set(&mut settings.allow_video, self.allow_video);
        set(&mut settings.allow_audio, self.allow_audio);
        set(&mut settings.is_persistent, self.is_persistent);
        // a permission for later, which clients read and send back; nothing is promised by it
        set(&mut settings.recordings_allowed, self.recordings_allowed);
        if self.require_approval == Some(true) {
            let s = "This server cannot let people wait for a moderator yet. Leave requireApproval off.";
            return Err(Error::invalid("not_supported", s));
        }
        if self.e2ee == Some(true) {
            let s = "This server does not encrypt meetings end to end yet. Leave e2ee off.";
            return Err(Error::invalid("not_supported", s));
        }
        Ok(settings)
    }
}

/// A change to a room.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What people call it; empty: its slug again.
    pub title: Option<String>,
    /// Who may come in.
    pub is_public: Option<bool>,
    /// Seats. Nobody is put out when there are fewer.
    pub max_participants: Option<i64>,
    /// What the owner may switch.
    pub settings: SettingsChange,
}

impl Rooms {
    /// Changes a room (owner or administrator) and, at once, what everybody inside may do.
    pub async fn change(&self, actor: &Actor, room_id: &str, changes: Changes) -> Result<Room> {
        if let Some(seats) = changes.max_participants {
            self.check_seats(seats)?;
        }
        let title = changes.title.as_deref().map(names::title).transpose()?;
        let (by, id) = (actor.clone(), room_id.to_owned());
        let room = self.0.outbox.decide(move |connection| {
            // the room's row holds it: of two changes at once neither writes the other's old values back
            rooms::hold(connection, &id)?;
            let room = rooms::by_id(connection, &id)?.filter(Room::is_open);
            let mut room = room.ok_or_else(|| Error::not_found("room"))?;
            policy::must_own(&by, &room)?;
            room.is_public = changes.is_public.unwrap_or(room.is_public);
            room.max_participants = changes.max_participants.unwrap_or(room.max_participants);
            if let Some(title) = &title {
                room.title = title.clone().unwrap_or_default();
            }
            room.settings = changes.settings.apply(&by, room.settings)?;
            room.updated_at = Timestamp::now();
            rooms::update(connection, &room)?;
            note(connection, &by, "room.settings", &room.id, &room.id, &format!("{changes:?}"))?;
            Effect::Room { room: room.id.clone() }.leave(connection)?;
            Ok(room)
        });
        room.await
    }

    /// A number of seats that a room may have.
    pub(super) fn check_seats(&self, seats: i64) -> Result<()> {
        let limit = self.0.max_participants_limit;
        if (1..=i64::from(limit)).contains(&seats) {
            return Ok(());
        }
        let s = format!("maxParticipants is a number from 1 to {limit}.");
        Err(Error::invalid("max_participants_invalid", s))
    }
}
