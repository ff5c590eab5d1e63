//! `/v1/rooms`: rooms and the people inside. Members are named as in the public API.

use serde::{Deserialize, Serialize};

/// A room.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// UUID; also its name in the SFU.
    pub id: String,
    /// The slug in the link.
    pub name: String,
    /// What people call it; the slug where it has no title.
    #[serde(default)]
    pub title: String,
    /// Who made it.
    pub created_by: String,
    /// User id of the owner.
    pub admin_id: String,
    /// False once it is closed.
    pub is_active: bool,
    /// False: only owner, moderators and administrators come in.
    pub is_public: bool,
    /// Seats.
    pub max_participants: i64,
    /// `standard`, `webinar` or `broadcast`.
    pub mode: String,
    /// What the owner may switch.
    pub settings: RoomSettings,
    /// People inside now.
    pub participants_count: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// RFC 3339.
    pub last_activity_at: String,
    /// RFC 3339; when it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<String>,
}

/// What the owner of a room may switch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomSettings {
    /// Data packets: chat, reactions, polls.
    pub allow_chat: bool,
    /// Cameras and shared screens.
    pub allow_video: bool,
    /// Microphones.
    pub allow_audio: bool,
    /// A moderator lets people in.
    pub require_approval: bool,
    /// Clients encrypt end to end.
    pub e2ee: bool,
    /// The room is kept.
    pub is_persistent: bool,
    /// Moderators may record.
    pub recordings_allowed: bool,
    /// Everybody else waits until somebody who moderates is inside.
    #[serde(default)]
    pub moderator_first: bool,
}

/// `GET /v1/rooms`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rooms {
    /// Live ones, newest first.
    pub rooms: Vec<Room>,
    /// How many there are on all pages.
    pub total: i64,
    /// Counted from 1.
    pub page: i64,
    /// The most a page has.
    pub limit: i64,
}

/// `POST /v1/rooms`; what is missing takes its default.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewRoom {
    /// The slug; without it one is made of the title, or made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people call it, in any script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who owns it: mail address, name or id of an account.
    pub owner: String,
    /// Seats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_participants: Option<u32>,
    /// False: only owner, moderators and administrators come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_public: Option<bool>,
    /// `standard`, `webinar` or `broadcast`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
}

/// Somebody in a room.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// User id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// Unix seconds.
    pub joined_at: i64,
    /// May moderate this room.
    pub is_moderator: bool,
    /// What moderators hold back: `microphone`, `camera`, `screenshare`.
    pub held: Vec<String>,
}

/// `GET /v1/rooms/{room}/participants`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Participants {
    /// Which room.
    pub room: Room,
    /// By the time they came.
    pub participants: Vec<Participant>,
    /// Who may not come back.
    pub banned: Vec<Person>,
}

/// A person, as far as a room knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// User id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
}

/// The answer of `POST /v1/rooms/{room}/{verb}/{person}`: whom it met, and where. The verbs: `kick`, `ban`, `unban`, `mute`,
/// `unmute`, `admit`, `refuse`, `hold-DEVICE` and `release-DEVICE`, where DEVICE is one of those in [`Participant::held`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Moderated {
    /// Which room: slug.
    pub room: String,
    /// Whom.
    pub participant: Person,
}

/// The answer of `POST /v1/rooms/{room}/{mute-all|hold-all|release-all|admit-all|lock|unlock}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ModeratedAll {
    /// Which room: slug.
    pub room: String,
    /// How many people are inside who do not moderate; with `admit-all`, how many were let in.
    pub people: usize,
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// User id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// Came with a name only.
    pub is_guest: bool,
    /// Unix seconds.
    pub asked_at: i64,
}

/// Who waits before a room, who came first at the front.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lobby {
    /// Which room: slug.
    pub room: String,
    /// Until the meeting ends whoever is new waits.
    pub is_locked: bool,
    /// Who waits.
    pub waiting: Vec<Waiting>,
}
