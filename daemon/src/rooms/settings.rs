//! Changing what the owner may switch: absent fields stay as they are, and what would have no effect yet is refused.

use super::{Rooms, effects::Effect, note, policy};
use crate::{
    actor::Actor,
    error::{Error, Result},
    names,
    store::{
        Timestamp,
        meeting::lobby,
        rooms::{self, Mode, Room, Settings},
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
    pub moderator_first: Option<bool>,
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
        set(&mut settings.require_approval, self.require_approval);
        set(&mut settings.moderator_first, self.moderator_first);
        set(&mut settings.is_persistent, self.is_persistent);
        // a permission for later, which clients read and send back; nothing is promised by it
        set(&mut settings.recordings_allowed, self.recordings_allowed);
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
    /// Who publishes; the names of [`super::NewRoom::mode`].
    pub mode: Option<String>,
    /// Seats. Nobody is put out when there are fewer.
    pub max_participants: Option<i64>,
    /// What the owner may switch.
    pub settings: SettingsChange,
}

/// The mode of that name.
pub(super) fn read_mode(name: &str) -> Result<Mode> {
    let s = "The mode is one of standard, webinar and broadcast.";
    Mode::named(name).ok_or_else(|| Error::invalid("mode_unknown", s))
}

/// Somebody may have to wait before this room. Who is inside when the door closes comes and goes as before.
fn is_closed(room: &Room) -> bool {
    !room.is_public || room.settings.require_approval || room.settings.moderator_first
}

impl Rooms {
    /// Changes a room (owner or administrator) and, at once, what everybody inside may do.
    pub async fn change(&self, actor: &Actor, room_id: &str, changes: Changes) -> Result<Room> {
        if let Some(seats) = changes.max_participants {
            self.check_seats(seats)?;
        }
        let title = changes.title.as_deref().map(names::title).transpose()?;
        let mode = changes.mode.as_deref().map(read_mode).transpose()?;
        let (by, id) = (actor.clone(), room_id.to_owned());
        let room = self.0.outbox.decide(move |connection| {
            // the room's row holds it: of two changes at once neither writes the other's old values back
            rooms::hold(connection, &id)?;
            let room = rooms::by_id(connection, &id)?.filter(Room::is_open);
            let mut room = room.ok_or_else(|| Error::not_found("room"))?;
            policy::must_own(&by, &room)?;
            let was_closed = is_closed(&room);
            room.is_public = changes.is_public.unwrap_or(room.is_public);
            room.max_participants = changes.max_participants.unwrap_or(room.max_participants);
            room.mode = mode.unwrap_or(room.mode);
            if let Some(title) = &title {
                room.title = title.clone().unwrap_or_default();
            }
            room.settings = changes.settings.apply(&by, room.settings)?;
            room.updated_at = Timestamp::now();
            rooms::update(connection, &room)?;
            if !was_closed && is_closed(&room) {
                lobby::admit_inside(connection, &room.id, room.updated_at)?;
            }
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
