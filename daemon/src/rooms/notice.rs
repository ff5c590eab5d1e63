//! What the server tells people inside over the data channel, topic `system`. It has no sender, which is how clients know
//! that it is true.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Rooms;
use crate::{
    actor::Actor,
    error::{Kind, Result},
    store::{Timestamp, meeting::lobby, presences},
};

/// Nobody waits longer for a notice to be on its way.
const COURTESY: Duration = Duration::from_millis(500);

/// To everybody: the meeting ends.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    /// The owner deleted the room.
    Deleted,
    /// An operator closed the room.
    Closed,
    /// A moderator ended the meeting; the room stays.
    Ended,
}

impl Notice {
    /// True when the link opens the room again.
    pub(super) fn leaves_the_room_open(self) -> bool {
        matches!(self, Notice::Ended)
    }
}

/// About one person (wire contract, *Data channel*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    /// To everybody: they were removed.
    Kick,
    /// To everybody: they were removed and may not come back.
    Ban,
    /// To everybody: nothing is heard of them any more; they are put out unless they come back.
    ConnectionLost,
    /// To everybody: they are back.
    ConnectionBack,
    /// To everybody: show them large.
    Spotlight,
    /// To the person: they hear nothing any more.
    Deafen,
    /// To the person: they hear again.
    Undeafen,
    /// To the person: they were muted, and may unmute.
    Mute,
    /// To the person: their camera was switched off, and they may switch it on.
    VideoOff,
    /// To the person: please turn the microphone on.
    AskUnmute,
    /// To the person: please turn the camera on.
    AskCamera,
}

#[derive(Serialize)]
struct Ending {
    r#type: &'static str,
    event: &'static str,
    message: &'static str,
}

/// To everybody: somebody's message was taken back.
#[derive(Serialize)]
struct Unsaid<'a> {
    r#type: &'static str,
    event: &'static str,
    actor: &'a str,
    target: &'a str,
    message: &'a str,
}

/// To moderators: so many wait to be let in.
#[derive(Serialize)]
struct Lobby {
    r#type: &'static str,
    event: &'static str,
    actor: &'static str,
    waiting: i64,
}

#[derive(Serialize)]
struct Act<'a> {
    r#type: &'static str,
    event: &'static str,
    actor: &'a str,
    target: &'a str,
}

/// Who acts when it is nobody inside.
pub(super) const SERVER: &str = "server";

/// How a notice names who acts.
pub(super) fn name_of(actor: &Actor) -> &str {
    actor.person().map_or(SERVER, |p| p.id.as_str())
}

impl Rooms {
    /// Tells everybody inside that the meeting ends. False where nobody was told: nobody there, or no SFU.
    pub(super) async fn announce(&self, room_id: &str, notice: Notice) -> bool {
        let (event, message) = match notice {
            Notice::Deleted => ("room_deleted", "The owner deleted this room."),
            Notice::Closed => ("room_closed", "This room was closed."),
            Notice::Ended => {
                ("room_ended", "A moderator ended the meeting for everyone. The link keeps working.")
            }
        };
        self.send(room_id, &Ending { r#type: "system", event, message }, Vec::new()).await
    }

    /// Tells of an act on `target` by `actor`, as [`name_of`] names them.
    pub(super) async fn tell(&self, room_id: &str, about: About, actor: &str, target: &str) {
        let event = match about {
            About::Kick => "kick",
            About::Ban => "ban",
            About::ConnectionLost => "connection_lost",
            About::ConnectionBack => "connection_back",
            About::Spotlight => "spotlight",
            About::Deafen => "deafen",
            About::Undeafen => "undeafen",
            About::Mute => "mute",
            About::VideoOff => "video_off",
            About::AskUnmute => "ask_unmute",
            About::AskCamera => "ask_camera",
        };
        let to = match about {
            About::Kick | About::Ban | About::ConnectionLost | About::ConnectionBack | About::Spotlight => {
                Vec::new()
            }
            About::Deafen
            | About::Undeafen
            | About::Mute
            | About::VideoOff
            | About::AskUnmute
            | About::AskCamera => vec![target.to_owned()],
        };
        self.send(room_id, &Act { r#type: "system", event, actor, target }, to).await;
    }

    /// Tells the moderators inside how many wait to be let in.
    pub(super) async fn tell_of_lobby(&self, room_id: &str) -> Result<()> {
        let id = room_id.to_owned();
        let found = self.0.store.run(move |connection| {
            let waiting = lobby::count_of(connection, &id, Timestamp::now())?;
            let inside = presences::inside(connection, &id)?.into_iter();
            Ok((waiting, inside.filter(|p| p.is_moderator).map(|p| p.identity).collect::<Vec<_>>()))
        });
        let (waiting, moderators) = found.await?;
        if !moderators.is_empty() {
            let told = Lobby { r#type: "system", event: "lobby", actor: SERVER, waiting };
            self.send(room_id, &told, moderators).await;
        }
        Ok(())
    }

    /// Tells everybody that a message of `target` was taken back.
    pub(super) async fn tell_unsaid(&self, room_id: &str, actor: &str, target: &str, message: &str) {
        let told = Unsaid { r#type: "system", event: "chat_deleted", actor, target, message };
        self.send(room_id, &told, Vec::new()).await;
    }

    /// A notice is a courtesy: what it tells of has been done whether it arrives or not, and nobody waits for it. False where
    /// it was not sent.
    async fn send(&self, room_id: &str, packet: &impl Serialize, to: Vec<String>) -> bool {
        let Ok(payload) = serde_json::to_vec(packet) else { return false };
        let client = self.0.sfu.client();
        let sent = async {
            // LiveKit is silent for three seconds when it is to send data to a room that it does not know
            if client.list_participants(room_id).await?.is_empty() {
                return Ok(false);
            }
            client.send_data(room_id, "system", payload, to).await.map(|()| true)
        };
        match tokio::time::timeout(COURTESY, sent).await {
            Ok(Ok(sent)) => sent,
            Ok(Err(e)) if e.kind == Kind::NotFound => false,
            Ok(Err(e)) => {
                tracing::warn!(room = room_id, "a notice was not sent: {e}");
                false
            }
            Err(_) => {
                tracing::warn!(room = room_id, "a notice was not sent: the media server took too long");
                false
            }
        }
    }
}
