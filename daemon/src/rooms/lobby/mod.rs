//! Before the door: who waits to be let in, and who lets them. What the policy says decides; a push only says when to look.

mod doorkeeper;
mod invitations;
mod turn;

pub use invitations::NewInvitation;
pub(super) use invitations::accept;
pub use turn::{Place, Turn};

use tokio::sync::broadcast::{self, error::RecvError};

use super::effects::Effect;
use crate::{
    error::{Error, Result},
    store::{Connection, Timestamp, meeting::lobby, presences, standings::Standing},
};

/// So many may wait before one room.
const MOST: i64 = 500;
/// Rings kept for those who are busy looking; who misses one looks at once.
const KEPT: usize = 1024;

/// Rung for a room when somebody before it may have another turn.
pub(super) struct Bells(broadcast::Sender<String>);

impl Default for Bells {
    fn default() -> Self {
        Self(broadcast::channel(KEPT).0)
    }
}

impl Bells {
    /// Whoever waits before that room looks again.
    pub(super) fn ring(&self, room_id: &str) {
        // nobody listens: nobody waits
        self.0.send(room_id.to_owned()).ok();
    }

    fn listen(&self) -> broadcast::Receiver<String> {
        self.0.subscribe()
    }
}

/// Returns when the room is rung for, or may have been.
async fn rung(bell: &mut broadcast::Receiver<String>, room_id: &str) {
    loop {
        match bell.recv().await {
            Ok(room) if room == room_id => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Somebody waits, in the transaction that found they have to: their ticket and their place. Moderators hear of who is new.
pub(super) fn ask(
    connection: &mut Connection,
    standing: &Standing,
    identity: &str,
    now: Timestamp,
) -> Result<(String, Place)> {
    let room = &standing.room.id;
    let (ticket, is_new) = lobby::ask(connection, room, identity, now)?;
    let found = lobby::by_ticket(connection, &ticket)?.ok_or_else(|| Error::not_found("ticket"))?;
    let place = place(connection, &found, now)?;
    if is_new {
        if place.waiting > MOST {
            let s = "Too many people wait for this room. Try again in a few minutes.";
            return Err(Error::forbidden("lobby_full", s));
        }
        // two hundred who come would have each other look twenty thousand times
        Effect::Knock { room: room.clone() }.leave(connection)?;
    }
    Ok((ticket, place))
}

/// Where somebody stands among those who wait.
fn place(connection: &mut Connection, ticket: &lobby::Ticket, now: Timestamp) -> Result<Place> {
    let (waiting, before) = lobby::count(connection, ticket, now)?;
    let has_moderator = presences::has_moderator(connection, &ticket.room_id)?;
    Ok(Place { place: before + 1, waiting, has_moderator })
}
