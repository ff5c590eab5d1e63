//! What a participant has seen so far. Tests wait until a condition over it holds.
use std::collections::HashMap;

use livekit_protocol as proto;

/// A data packet as it arrived.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Identity of the sender as the SFU tells it; empty when the server sent it.
    pub from: String,
    /// Topic, empty when there is none.
    pub topic: String,
    /// The body.
    pub payload: Vec<u8>,
}

impl Packet {
    /// The body as JSON, `null` when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.payload).unwrap_or_default()
    }
}

/// Everything a participant knows of its meeting.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Own identity, from the join answer.
    pub identity: String,
    /// Own participant session.
    pub sid: String,
    /// The newest join token: LiveKit signs it anew at join and every few minutes.
    pub token: String,
    /// STUN and TURN servers that it was told, with credentials.
    pub ice_servers: Vec<proto::IceServer>,
    /// The others by identity, as last announced; who has left is gone.
    pub others: HashMap<String, proto::ParticipantInfo>,
    /// What the participant itself may do, as last announced.
    pub permission: Option<proto::ParticipantPermission>,
    /// Own tracks that the SFU has accepted.
    pub published: Vec<proto::TrackInfo>,
    /// Sids of own tracks that the SFU has taken down.
    pub unpublished: Vec<String>,
    /// Requests that the SFU refused, with its sentence.
    pub refused: Vec<String>,
    /// RTP packets received by track sid; a synthetic frame is one packet.
    pub packets_by_track: HashMap<String, u64>,
    /// Data packets in order of arrival.
    pub packets: Vec<Packet>,
    /// Media can be sent.
    pub publisher_up: bool,
    /// Media can be received.
    pub subscriber_up: bool,
    /// The data channel for sending is open.
    pub data_open: bool,
    /// Why the SFU sent the participant away.
    pub left: Option<proto::DisconnectReason>,
    /// The signalling socket is gone.
    pub signal_lost: bool,
    /// Times that signalling was taken up again without a new join.
    pub resumed: u32,
}

impl Seen {
    /// Tracks of another participant of this kind and source.
    pub fn tracks_of(
        &self,
        identity: &str,
        kind: proto::TrackType,
        source: proto::TrackSource,
    ) -> Vec<&proto::TrackInfo> {
        let tracks = self.others.get(identity).map(|person| person.tracks.as_slice()).unwrap_or_default();
        tracks.iter().filter(|track| track.r#type() == kind && track.source() == source).collect()
    }

    /// Packets of media that arrived from another participant, over all tracks of this kind.
    pub fn media_from(&self, identity: &str, kind: proto::TrackType) -> u64 {
        let Some(person) = self.others.get(identity) else { return 0 };
        let tracks = person.tracks.iter().filter(|track| track.r#type() == kind);
        tracks.filter_map(|track| self.packets_by_track.get(&track.sid)).sum()
    }

    /// Packets of one topic.
    pub fn topic<'a>(&'a self, topic: &'a str) -> impl Iterator<Item = &'a Packet> {
        self.packets.iter().filter(move |packet| packet.topic == topic)
    }

    pub(super) fn people(&mut self, people: Vec<proto::ParticipantInfo>) {
        for person in people {
            if person.identity == self.identity {
                self.permission = person.permission.or(self.permission.take());
            } else if person.state() == proto::participant_info::State::Disconnected {
                self.others.remove(&person.identity);
            } else {
                self.others.insert(person.identity.clone(), person);
            }
        }
    }
}
