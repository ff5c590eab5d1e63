//! The SFU's webhooks: verifies the signature over the raw body and types the event. Bodies carry TURN passwords and are never logged.

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer};

use super::jwt;
use crate::{
    error::{Error, Result},
    livekit::{Keys, SfuParticipant, SfuRoom, SfuTrack, Source, TrackKind},
};

/// What happened in the SFU. A hint: events may be missed, repeated or out of order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A room was opened.
    RoomStarted(SfuRoom),
    /// A room ended.
    RoomFinished(SfuRoom),
    /// Somebody's media connection is up.
    ParticipantJoined(SfuRoom, SfuParticipant),
    /// Somebody left, or never came further than the signalling socket. The number is the latest Unix millisecond at which
    /// they said goodbye themselves; `None` where they did not, and may be on their way back.
    ParticipantLeft(SfuRoom, SfuParticipant, Option<i64>),
    /// A track began. Only sid and identity of the person are told.
    TrackPublished(SfuRoom, SfuParticipant, SfuTrack),
    /// A track ended.
    TrackUnpublished(SfuRoom, SfuParticipant, SfuTrack),
    /// Anything else, of this version or a newer one.
    Other,
}

impl Event {
    /// The room it happened in, where it is known.
    pub fn room(&self) -> Option<&SfuRoom> {
        match self {
            Self::RoomStarted(room) | Self::RoomFinished(room) => Some(room),
            Self::ParticipantJoined(room, _) | Self::ParticipantLeft(room, ..) => Some(room),
            Self::TrackPublished(room, ..) | Self::TrackUnpublished(room, ..) => Some(room),
            Self::Other => None,
        }
    }
}

#[derive(Deserialize)]
struct Signature {
    sha256: String,
}

/// Verifies `authorization` (the bare JWT, without `Bearer`) against `body` at `now_seconds`, and types the body.
pub fn read(authorization: &str, body: &[u8], keys: &Keys, now_seconds: i64) -> Result<Event> {
    let signature: Signature = jwt::verify(authorization, keys, now_seconds)?;
    let digest = BASE64_STANDARD.encode(digest::digest(&digest::SHA256, body));
    if verify_slices_are_equal(digest.as_bytes(), signature.sha256.as_bytes()).is_err() {
        return Err(Error::unauthorized("signature_mismatch", "The body is not the one that was signed."));
    }
    let body: Body = serde_json::from_slice(body)
        .map_err(|e| Error::invalid("event_invalid", "The body is no event of LiveKit.").caused_by(e))?;
    Ok(body.into_event())
}

/// protobuf-JSON: camelCase, default values left out, 64-bit numbers as strings (protobuf.dev, ProtoJSON Format).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    event: String,
    /// Unix seconds.
    #[serde(default, deserialize_with = "number")]
    created_at: i64,
    room: Option<Room>,
    participant: Option<Participant>,
    track: Option<Track>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Room {
    sid: String,
    name: String,
    #[serde(deserialize_with = "number")]
    creation_time_ms: i64,
    num_participants: u32,
    num_publishers: u32,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Participant {
    sid: String,
    identity: String,
    name: String,
    state: String,
    disconnect_reason: String,
    #[serde(deserialize_with = "number")]
    joined_at_ms: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Track {
    sid: String,
    r#type: String,
    source: String,
    muted: bool,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(i64),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(n) => Ok(n),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

impl Body {
    fn into_event(self) -> Event {
        let said_goodbye =
            self.participant.as_ref().is_some_and(|p| p.disconnect_reason == "CLIENT_INITIATED");
        let goodbye = said_goodbye.then_some(self.created_at.saturating_mul(1000).saturating_add(999));
        let room = self.room.map(SfuRoom::from).filter(|r| !r.name.is_empty());
        let person = self.participant.map(SfuParticipant::from).filter(|p| !p.identity.is_empty());
        let track = self.track.map(SfuTrack::from);
        match (self.event.as_str(), room, person, track) {
            ("room_started", Some(room), ..) => Event::RoomStarted(room),
            ("room_finished", Some(room), ..) => Event::RoomFinished(room),
            ("participant_joined", Some(room), Some(person), _) => Event::ParticipantJoined(room, person),
            ("participant_left" | "participant_connection_aborted", Some(room), Some(person), _) => {
                Event::ParticipantLeft(room, person, goodbye)
            }
            ("track_published", Some(room), Some(person), Some(t)) => Event::TrackPublished(room, person, t),
            ("track_unpublished", Some(room), Some(person), Some(t)) => {
                Event::TrackUnpublished(room, person, t)
            }
            _ => Event::Other,
        }
    }
}

impl From<Room> for SfuRoom {
    fn from(room: Room) -> Self {
        Self {
            sid: room.sid,
            name: room.name,
            created_at_ms: room.creation_time_ms,
            participants: room.num_participants,
            publishers: room.num_publishers,
        }
    }
}

impl From<Participant> for SfuParticipant {
    fn from(person: Participant) -> Self {
        Self {
            sid: person.sid,
            identity: person.identity,
            name: person.name,
            joined_at_ms: person.joined_at_ms,
            active: person.state == "ACTIVE",
            tracks: Vec::new(),
            metadata: String::new(),
            permission: None,
        }
    }
}

impl From<Track> for SfuTrack {
    fn from(track: Track) -> Self {
        let kind = match track.r#type.as_str() {
            "" | "AUDIO" => TrackKind::Audio,
            "VIDEO" => TrackKind::Video,
            _ => TrackKind::Data,
        };
        let source = match track.source.as_str() {
            "CAMERA" => Source::Camera,
            "MICROPHONE" => Source::Microphone,
            "SCREEN_SHARE" => Source::ScreenShare,
            "SCREEN_SHARE_AUDIO" => Source::ScreenShareAudio,
            _ => Source::Unknown,
        };
        Self { sid: track.sid, kind, source, muted: track.muted }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;

    fn keys() -> Keys {
        Keys::new("APIlabcalls", "labcalls-secret-0123456789abcdef0123456789")
    }

    /// A recorded request: its `Authorization`, when it was signed, its body.
    fn recorded(name: &str) -> (String, i64, Vec<u8>) {
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/livekit-webhooks");
        let headers = fs::read_to_string(directory.join(format!("{name}.headers"))).expect("headers");
        let token = headers.lines().find_map(|l| l.strip_prefix("Authorization: ")).expect("token").trim();
        let part = token.split('.').nth(1).expect("three parts");
        let claims = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64");
        let claims: serde_json::Value = serde_json::from_slice(&claims).expect("JSON");
        let body = fs::read(directory.join(format!("{name}.json"))).expect("body");
        (token.to_owned(), claims["iat"].as_i64().expect("iat"), body)
    }

    fn event(name: &str) -> Event {
        let (token, signed_at, body) = recorded(name);
        read(&token, &body, &keys(), signed_at).expect(name)
    }

    #[test]
    fn recorded_events_are_typed() {
        assert!(
            matches!(event("room_started"), Event::RoomStarted(r) if r.name == "meeting-1" && r.created_at_ms == 1_795_263_565_601)
        );
        assert!(matches!(event("room_finished"), Event::RoomFinished(r) if r.sid == "RM_ZtyMFgmb75Jo"));
        let Event::ParticipantJoined(room, alice) = event("participant_joined") else { panic!("a join") };
        assert_eq!((room.name.as_str(), alice.identity.as_str()), ("meeting-1", "alice"));
        assert!(alice.active && alice.joined_at_ms == 1_795_263_566_704);
        assert!(
            matches!(event("participant_left"), Event::ParticipantLeft(_, p, Some(1_795_263_573_999)) if p.identity == "bob" && !p.active)
        );
        assert!(
            matches!(event("participant_connection_aborted"), Event::ParticipantLeft(_, p, None) if p.identity == "carol")
        );
        let Event::TrackPublished(_, _, sound) = event("track_published") else { panic!("a track") };
        assert_eq!((sound.kind, sound.source), (TrackKind::Audio, Source::Microphone));
        let Event::TrackUnpublished(_, _, picture) = event("track_unpublished") else { panic!("a track") };
        assert_eq!((picture.kind, picture.source), (TrackKind::Video, Source::Camera));
    }

    #[test]
    fn a_body_that_was_changed_or_is_late_is_refused() {
        let (token, signed_at, mut body) = recorded("participant_joined");
        let code = |r: Result<Event>| r.expect_err("refused").code;
        assert_eq!(code(read(&token, &body, &keys(), signed_at + 400)), "token_expired");
        assert_eq!(code(read("", &body, &keys(), signed_at)), "token_invalid");
        body.push(b' ');
        assert_eq!(code(read(&token, &body, &keys(), signed_at)), "signature_mismatch");
    }

    #[test]
    fn what_is_new_is_ignored() {
        let text = r#"{"event":"participant_joined","room":{"name":"r","future":[1]},
            "participant":{"sid":"PA_1","identity":"x","state":"FROZEN","kind":"HOLOGRAM"}}"#;
        let body: Body = serde_json::from_str(text).expect("an event");
        assert!(matches!(body.into_event(), Event::ParticipantJoined(_, p) if !p.active));
        let body: Body =
            serde_json::from_str(r#"{"event":"room_moved","room":{"name":"r"}}"#).expect("an event");
        assert_eq!(body.into_event(), Event::Other);
    }
}
