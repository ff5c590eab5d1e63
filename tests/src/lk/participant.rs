//! The handle a test holds: commands in, conditions out.
use std::time::Duration;

use livekit_protocol::{DisconnectReason, TrackSource, TrackType, signal_response as response};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::{
    driver::{Command, Driver},
    media::Clip,
    seen::Seen,
    signal::{self, Wants},
};

/// Longest wait for a condition. Generous: it only matters where a test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why somebody did not get in.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum JoinError {
    /// The door answered with this HTTP status instead of a WebSocket.
    #[error("refused with status {0}")]
    Refused(u16),
    /// The SFU let the socket open and sent the participant away at once.
    #[error("sent away at once: {0:?}")]
    Left(DisconnectReason),
    /// Anything else, for the message of a failing test.
    #[error("{0}")]
    Broken(String),
}

/// Somebody in a meeting. Dropping it cuts the line as a crash would; `leave` says goodbye.
pub struct Participant {
    host: String,
    commands: mpsc::UnboundedSender<Command>,
    seen: watch::Receiver<Seen>,
    task: JoinHandle<()>,
}

impl Participant {
    /// Joins over `host` (the `livekitHost` of a join answer) with a join token.
    pub async fn join(host: &str, token: &str) -> Result<Self, JoinError> {
        Self::enter(host, token, Wants::Everything).await
    }

    /// Joins to be seen and heard only: nothing of the others is sent here, so that a crowd of these is cheap.
    pub async fn join_deaf(host: &str, token: &str) -> Result<Self, JoinError> {
        Self::enter(host, token, Wants::Nothing).await
    }

    async fn enter(host: &str, token: &str, wants: Wants) -> Result<Self, JoinError> {
        let (line, first) = signal::connect(host, token, wants, None).await?;
        let response::Message::Join(join) = first else {
            return Err(JoinError::Broken(format!("expected the join answer, got {first:?}")));
        };
        let mut seen = Seen { token: token.to_owned(), ..Seen::default() };
        if let Some(own) = join.participant {
            seen.identity = own.identity;
            seen.sid = own.sid;
            seen.permission = own.permission;
        }
        seen.ice_servers = join.ice_servers;
        seen.people(join.other_participants);
        let (shared, reader) = watch::channel(seen);
        let (commands, queue) = mpsc::unbounded_channel();
        let driver = Driver::new(line, queue, shared);
        Ok(Self { host: host.to_owned(), commands, seen: reader, task: tokio::spawn(driver.run()) })
    }

    /// A copy of what has been seen so far.
    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Waits until `condition` holds; panics with `what` and all that was seen when it does not in 20 s.
    pub async fn until(&self, what: &str, condition: impl FnMut(&Seen) -> bool) -> Seen {
        let mut reader = self.seen.clone();
        let waited = tokio::time::timeout(PATIENCE, reader.wait_for(condition)).await;
        if let Ok(Ok(seen)) = waited {
            return seen.clone();
        }
        panic!("{} never saw: {what}\n{:#?}", self.seen().identity, self.seen());
    }

    /// Starts to send synthetic media as `source`. Whether the SFU accepts is seen in `published` or `refused`.
    pub fn publish(&self, kind: TrackType, source: TrackSource) {
        self.publish_clip(Clip::still(kind), source);
    }

    /// Starts to send this clip, over and over, as `source`.
    pub fn publish_clip(&self, clip: Clip, source: TrackSource) {
        self.command(Command::Publish { clip, source });
    }

    /// From now on the sound claims to be a voice, or silence, which it is at first.
    pub fn speak(&self, speaking: bool) {
        self.command(Command::Speak(speaking));
    }

    /// Says that the newest own track of that source is muted, or not any more, as a client does when its button is pressed.
    pub fn mute(&self, source: TrackSource, muted: bool) {
        self.command(Command::Mute { source, muted });
    }

    /// Publishes a microphone and a camera and waits until both are accepted.
    pub async fn publish_both(&self) {
        self.publish(TrackType::Audio, TrackSource::Microphone);
        self.publish(TrackType::Video, TrackSource::Camera);
        self.until("own microphone and camera accepted", |seen| seen.published.len() >= 2).await;
    }

    /// Sends a data packet to all once the channel is open.
    pub async fn send(&self, topic: &str, payload: impl Into<Vec<u8>>) {
        self.until("data channel open", |seen| seen.data_open).await;
        self.command(Command::Send { topic: topic.to_owned(), payload: payload.into() });
    }

    /// Waits until `count` more packets of that kind have come from `identity`.
    pub async fn hears(&self, identity: &str, kind: TrackType, count: u64) {
        let before = self.seen().media_from(identity, kind);
        self.until(&format!("{count} more {kind:?} packets from {identity}"), |seen| {
            seen.media_from(identity, kind) >= before + count
        })
        .await;
    }

    /// Takes signalling up again with the newest token after the socket was lost; media goes on meanwhile.
    pub async fn resume(&self) -> Result<(), JoinError> {
        let (token, sid) = {
            let seen = self.seen.borrow();
            (seen.token.clone(), seen.sid.clone())
        };
        let (line, _) = signal::connect(&self.host, &token, Wants::Everything, Some(&sid)).await?;
        self.command(Command::Resume(line));
        Ok(())
    }

    /// Leaves properly and waits for the goodbye to be sent.
    pub async fn leave(mut self) {
        self.command(Command::Leave);
        let _ = tokio::time::timeout(PATIENCE, &mut self.task).await;
    }

    fn command(&self, command: Command) {
        // A driver that is gone has said so in `left` or `signal_lost`; the next wait tells the test.
        let _ = self.commands.send(command);
    }
}

impl Drop for Participant {
    fn drop(&mut self) {
        self.task.abort();
    }
}
