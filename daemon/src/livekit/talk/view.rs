//! Rooms, participants and tracks as the SFU tells them, from its API and from its webhooks alike.

use livekit_protocol::{self as proto, TrackType, participant_info::State};

use crate::livekit::{Permission, Source};

/// An open room in the SFU.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SfuRoom {
    /// This opening of the room; another after every end.
    pub sid: String,
    /// Our room id.
    pub name: String,
    /// When it was opened, Unix milliseconds.
    pub created_at_ms: i64,
    /// People inside.
    pub participants: u32,
    /// Those of them who publish.
    pub publishers: u32,
}

/// Somebody inside, or who was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SfuParticipant {
    /// This connection of the person; another after every full reconnect.
    pub sid: String,
    /// User id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// Unix milliseconds; 0 where the SFU does not say.
    pub joined_at_ms: i64,
    /// False before the media connection is up and after it ended.
    pub active: bool,
    /// What they publish; empty in webhooks about anything but tracks.
    pub tracks: Vec<SfuTrack>,
    /// What others read about them; empty in webhooks.
    pub metadata: String,
    /// What they may do; absent where the SFU does not say.
    pub permission: Option<Permission>,
}

/// What sort of media a track carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrackKind {
    /// Sound.
    #[default]
    Audio,
    /// Pictures.
    Video,
    /// Anything else.
    Data,
}

impl TrackKind {
    /// The name in LiveKit's API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Audio => "AUDIO",
            Self::Video => "VIDEO",
            Self::Data => "DATA",
        }
    }
}

/// A published track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SfuTrack {
    /// Its id, for muting it.
    pub sid: String,
    /// Sound or pictures, by what is really sent.
    pub kind: TrackKind,
    /// Where the client says that it comes from.
    pub source: Source,
    /// Whether the client says that it is paused.
    pub muted: bool,
}

impl From<proto::Room> for SfuRoom {
    fn from(room: proto::Room) -> Self {
        let created_at_ms = match room.creation_time_ms {
            0 => room.creation_time.saturating_mul(1000),
            ms => ms,
        };
        Self {
            sid: room.sid,
            name: room.name,
            created_at_ms,
            participants: room.num_participants,
            publishers: room.num_publishers,
        }
    }
}

impl From<proto::ParticipantInfo> for SfuParticipant {
    fn from(person: proto::ParticipantInfo) -> Self {
        let joined_at_ms = match person.joined_at_ms {
            0 => person.joined_at.saturating_mul(1000),
            ms => ms,
        };
        Self {
            active: person.state() == State::Active,
            sid: person.sid,
            identity: person.identity,
            name: person.name,
            joined_at_ms,
            metadata: person.metadata,
            tracks: person.tracks.into_iter().map(SfuTrack::from).collect(),
            permission: person.permission.as_ref().map(Permission::read),
        }
    }
}

impl From<proto::TrackInfo> for SfuTrack {
    fn from(track: proto::TrackInfo) -> Self {
        let kind = match track.r#type() {
            TrackType::Audio => TrackKind::Audio,
            TrackType::Video => TrackKind::Video,
            TrackType::Data => TrackKind::Data,
        };
        Self { kind, source: Source::from_number(track.source), sid: track.sid, muted: track.muted }
    }
}
