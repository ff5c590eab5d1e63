//! The task behind a participant: signalling and both peer connections, one loop, no lock.
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use livekit_protocol::{
    self as proto, SignalTarget, TrackSource, signal_request as request, signal_response as response,
};
use prost::Message as _;
use str0m::media::Mid;
use tokio::{
    net::UdpSocket,
    sync::{mpsc, watch},
};

use super::{
    media::Clip,
    peer::{Happening, Peer},
    seen::{Packet, Seen},
    signal::Signal,
};

pub(super) enum Command {
    Publish { clip: Clip, source: TrackSource },
    Speak(bool),
    Mute { source: TrackSource, muted: bool },
    Send { topic: String, payload: Vec<u8> },
    Resume(Signal),
    Leave,
}

/// A track that is being sent.
struct Sending {
    mid: Mid,
    clip: Clip,
    count: u64,
    due: Instant,
}

pub(super) struct Driver {
    line: Signal,
    commands: mpsc::UnboundedReceiver<Command>,
    seen: watch::Sender<Seen>,
    publisher: Peer,
    subscriber: Peer,
    /// Asked of the server by `cid`, not yet accepted.
    asked: HashMap<String, Clip>,
    /// Accepted, waiting for their offer.
    accepted: Vec<(String, Clip)>,
    sending: Vec<Sending>,
    /// Whether the sound that is sent claims to be a voice.
    speaking: bool,
    /// Which track a media line of the subscriber connection carries.
    tracks_by_mid: HashMap<String, String>,
    next_id: u32,
    ended: bool,
}

impl Driver {
    pub(super) fn new(
        line: Signal,
        commands: mpsc::UnboundedReceiver<Command>,
        seen: watch::Sender<Seen>,
    ) -> Self {
        Self {
            line,
            commands,
            seen,
            publisher: Peer::new(false),
            subscriber: Peer::new(true),
            asked: HashMap::new(),
            accepted: Vec::new(),
            sending: Vec::new(),
            speaking: false,
            tracks_by_mid: HashMap::new(),
            next_id: 0,
            ended: false,
        }
    }

    /// Runs until the participant leaves, is sent away, or is dropped.
    pub(super) async fn run(mut self) {
        let Err(error) = self.drive().await else { return };
        eprintln!("participant {}: {error:#}", self.seen.borrow().identity);
        // whoever is put out may lose the media connection before the goodbye has been read
        while let Some(message) = self.line.incoming.recv().await {
            if let response::Message::Leave(leave) = message {
                self.seen.send_modify(|seen| seen.left = Some(leave.reason()));
            }
        }
        self.seen.send_modify(|seen| seen.signal_lost = true);
    }

    async fn drive(&mut self) -> Result<()> {
        let mut buffer = vec![0; 2048];
        self.negotiate();
        while !self.ended {
            self.pump()?;
            let (up, down) = (self.publisher.socket(), self.subscriber.socket());
            let due = self.due();
            let lost = self.seen.borrow().signal_lost;
            tokio::select! {
                message = self.line.incoming.recv(), if !lost => match message {
                    Some(message) => self.answer(message)?,
                    None => { self.seen.send_modify(|seen| seen.signal_lost = true); }
                },
                command = self.commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => return Ok(()),
                },
                () = readable(up) => self.publisher.read(&mut buffer)?,
                () = readable(down) => self.subscriber.read(&mut buffer)?,
                () = tokio::time::sleep_until(due.into()) => self.tick()?,
            }
        }
        Ok(())
    }

    fn due(&self) -> Instant {
        let frames = self.sending.iter().map(|track| track.due);
        frames.chain([self.publisher.due, self.subscriber.due]).min().unwrap_or_else(Instant::now)
    }

    fn tick(&mut self) -> Result<()> {
        let now = Instant::now();
        for track in self.sending.iter_mut().filter(|track| track.due <= now) {
            self.publisher.write(track.mid, &track.clip, track.count, self.speaking);
            let happened = self.publisher.drain()?; // str0m wants to be polled after each write
            self.seen.send_if_modified(|seen| sending_side(seen, happened));
            track.count += 1;
            track.due = (track.due + track.clip.interval).max(now);
        }
        self.publisher.tick()?;
        self.subscriber.tick()
    }

    fn say(&self, message: request::Message) {
        let _ = self.line.outgoing.send(message);
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Publish { clip, source } => self.ask(clip, source),
            Command::Speak(speaking) => self.speaking = speaking,
            Command::Mute { source, muted } => {
                let own = self
                    .seen
                    .borrow()
                    .published
                    .iter()
                    .rfind(|t| t.source() == source)
                    .map(|t| t.sid.clone());
                if let Some(sid) = own {
                    self.say(request::Message::Mute(proto::MuteTrackRequest { sid, muted }));
                }
            }
            Command::Send { topic, payload } => {
                let user = proto::UserPacket { payload, topic: Some(topic), ..Default::default() };
                let value = Some(proto::data_packet::Value::User(user));
                self.publisher.send(&proto::DataPacket { value, ..Default::default() }.encode_to_vec());
            }
            Command::Resume(line) => {
                self.line = line;
                self.seen.send_modify(|seen| {
                    seen.signal_lost = false;
                    seen.resumed += 1;
                });
            }
            Command::Leave => {
                let reason = proto::DisconnectReason::ClientInitiated as i32;
                self.say(request::Message::Leave(proto::LeaveRequest { reason, ..Default::default() }));
                // The socket closes only after the goodbye went out; the server then closes it from its side.
                while tokio::time::timeout(Duration::from_secs(2), self.line.incoming.recv())
                    .await
                    .is_ok_and(|message| message.is_some())
                {}
                self.ended = true;
            }
        }
    }

    fn ask(&mut self, clip: Clip, source: TrackSource) {
        self.next_id += 1;
        let cid = format!("{}-{}", self.seen.borrow().sid, self.next_id);
        let (width, height) = clip.size;
        let name = source.as_str_name().to_lowercase();
        let mut add = proto::AddTrackRequest { cid: cid.clone(), name, width, height, ..Default::default() };
        add.set_type(clip.kind);
        add.set_source(source);
        self.asked.insert(cid, clip);
        self.say(request::Message::AddTrack(add));
    }

    fn negotiate(&mut self) {
        if self.publisher.is_negotiating() {
            return;
        }
        let tracks = std::mem::take(&mut self.accepted);
        let stream = self.seen.borrow().sid.clone();
        let (sdp, mids) = self.publisher.offer(&stream, &tracks);
        if sdp.is_empty() {
            return;
        }
        let now = Instant::now();
        let sending =
            mids.into_iter().zip(tracks).map(|(mid, (_, clip))| Sending { mid, clip, count: 0, due: now });
        self.sending.extend(sending);
        self.next_id += 1;
        let offer =
            proto::SessionDescription { r#type: "offer".into(), sdp, id: self.next_id, ..Default::default() };
        self.say(request::Message::Offer(offer));
    }

    fn answer(&mut self, message: response::Message) -> Result<()> {
        match message {
            response::Message::Offer(offer) => {
                self.tracks_by_mid.extend(offer.mid_to_track_id);
                let sdp = self.subscriber.answer(&offer.sdp)?;
                let answer = proto::SessionDescription {
                    r#type: "answer".into(),
                    sdp,
                    id: offer.id,
                    ..Default::default()
                };
                self.say(request::Message::Answer(answer));
                self.candidates(SignalTarget::Subscriber, &offer.sdp)?;
            }
            response::Message::Answer(answer) => {
                self.publisher.answered(&answer.sdp)?;
                self.candidates(SignalTarget::Publisher, &answer.sdp)?;
                if !self.accepted.is_empty() {
                    self.negotiate();
                }
            }
            response::Message::Trickle(trickle) => {
                let init: serde_json::Value = serde_json::from_str(&trickle.candidate_init)?;
                let line = init["candidate"].as_str().unwrap_or_default();
                if !line.is_empty() {
                    self.candidate(trickle.target(), line)?;
                }
            }
            response::Message::TrackPublished(published) => {
                if let (Some(clip), Some(track)) = (self.asked.remove(&published.cid), published.track) {
                    self.accepted.push((published.cid, clip));
                    self.seen.send_modify(|seen| seen.published.push(track));
                    self.negotiate();
                }
            }
            message => self.note(message),
        }
        Ok(())
    }

    /// Messages that only tell something.
    fn note(&mut self, message: response::Message) {
        self.seen.send_modify(|seen| match message {
            response::Message::Update(update) => seen.people(update.participants),
            response::Message::TrackUnpublished(track) => seen.unpublished.push(track.track_sid),
            response::Message::RefreshToken(token) => seen.token = token,
            response::Message::RequestResponse(answer) if answer.reason != 0 => {
                seen.refused.push(format!("{:?}: {}", answer.reason(), answer.message));
            }
            response::Message::Leave(leave) => seen.left = Some(leave.reason()),
            _ => {}
        });
        self.ended |= self.seen.borrow().left.is_some();
    }

    fn candidates(&mut self, target: SignalTarget, sdp: &str) -> Result<()> {
        for line in sdp
            .lines()
            .filter_map(|line| line.strip_prefix("a="))
            .filter(|line| line.starts_with("candidate:"))
        {
            self.candidate(target, line)?;
        }
        Ok(())
    }

    fn candidate(&mut self, target: SignalTarget, line: &str) -> Result<()> {
        let peer = if target == SignalTarget::Publisher { &mut self.publisher } else { &mut self.subscriber };
        let Some(own) = peer.remote(line)? else { return Ok(()) };
        let candidate_init =
            serde_json::json!({"candidate": own, "sdpMid": "0", "sdpMLineIndex": 0}).to_string();
        let trickle = proto::TrickleRequest { candidate_init, target: target as i32, r#final: false };
        self.say(request::Message::Trickle(trickle));
        Ok(())
    }

    /// Lets both connections work and notes what came of it.
    fn pump(&mut self) -> Result<()> {
        let happened = self.publisher.drain()?;
        self.seen.send_if_modified(|seen| sending_side(seen, happened));
        for happening in self.subscriber.drain()? {
            match happening {
                Happening::Connected => self.seen.send_modify(|seen| seen.subscriber_up = true),
                Happening::Added { mid, track } => {
                    self.tracks_by_mid.entry(mid.to_string()).or_insert(track);
                }
                Happening::Packet { mid } => {
                    let sid = self.tracks_by_mid.get(&mid.to_string()).cloned().unwrap_or_default();
                    self.seen.send_modify(|seen| *seen.packets_by_track.entry(sid).or_default() += 1);
                }
                Happening::Data(bytes) => self.data(&bytes),
                Happening::ChannelOpen => {}
            }
        }
        Ok(())
    }

    fn data(&self, bytes: &[u8]) {
        let Ok(packet) = proto::DataPacket::decode(bytes) else { return };
        let Some(proto::data_packet::Value::User(user)) = packet.value else { return };
        let topic = user.topic.unwrap_or_default();
        let packet = Packet { from: packet.participant_identity, topic, payload: user.payload };
        self.seen.send_modify(|seen| seen.packets.push(packet));
    }
}

/// Notes what the publisher connection told; true when that changed anything.
fn sending_side(seen: &mut Seen, happened: Vec<Happening>) -> bool {
    let before = (seen.publisher_up, seen.data_open);
    for happening in happened {
        seen.publisher_up |= matches!(happening, Happening::Connected);
        seen.data_open |= matches!(happening, Happening::ChannelOpen);
    }
    before != (seen.publisher_up, seen.data_open)
}

async fn readable(socket: Option<Arc<UdpSocket>>) {
    match socket {
        Some(socket) => drop(socket.readable().await),
        None => std::future::pending().await,
    }
}
