//! Whose line broke: the others are told, and who does not come back is put out long before the SFU notices that media has
//! ended (25 s with LiveKit 1.13.5, with a frozen picture as long).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{
    Rooms,
    notice::{About, SERVER},
};
use crate::{error::Result, livekit::Line};

/// A client that goes on elsewhere opens its next line within this time: it tries at once, after 50 and after 300 ms.
const GRACE: Duration = Duration::from_secs(1);
/// From the break on; a client that lives has tried eight times by then.
const PATIENCE: Duration = Duration::from_secs(10);
/// Somebody who was at the gate a moment ago is on their way.
const ON_THE_WAY: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(250);

/// Everybody's line through this process, by room and identity. Only what breaks while it runs counts: the end of the daemon
/// itself puts nobody out, and whom it leaves behind the SFU finds as before.
#[derive(Default)]
pub(super) struct Lines {
    rooms: Mutex<HashMap<String, HashMap<String, Known>>>,
    /// Held while somebody is put out, so that nobody comes back in the same moment and is put out after all.
    turn: tokio::sync::Mutex<()>,
}

struct Known {
    /// The newest line; an older one that ends later, as after a change of the network, means nothing.
    number: u64,
    is_up: bool,
    is_told: bool,
    asked_at: Instant,
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, HashMap<String, Known>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with what is known of somebody whose line `number` broke, unless they are back.
    fn broken<T>(&self, place: &Place, number: u64, act: impl FnOnce(&mut Known) -> T) -> Option<T> {
        let mut rooms = self.lock();
        let known = rooms.get_mut(&place.room_id)?.get_mut(&place.identity)?;
        (known.number == number && !known.is_up).then(|| act(known))
    }

    fn forget(&self, place: &Place, number: u64) {
        let mut rooms = self.lock();
        let Some(people) = rooms.get_mut(&place.room_id) else { return };
        if people.get(&place.identity).is_some_and(|known| known.number == number) {
            people.remove(&place.identity);
        }
        if people.is_empty() {
            rooms.remove(&place.room_id);
        }
    }

    /// Somebody else of this room has a line: there is somebody to be told, and it is not our own way to everybody that broke.
    fn has_company(&self, place: &Place) -> bool {
        let rooms = self.lock();
        let others = rooms.get(&place.room_id).into_iter().flatten();
        others.into_iter().any(|(identity, known)| known.is_up && *identity != place.identity)
    }
}

#[derive(Clone)]
struct Place {
    room_id: String,
    identity: String,
}

/// The line of somebody whom the gate let through.
pub(super) struct Followed {
    rooms: Rooms,
    place: Place,
    number: u64,
}

impl Rooms {
    /// Somebody is at the gate and will be let through.
    pub(super) async fn expect(&self, room_id: &str, identity: &str) -> Followed {
        let lines = &self.0.lines;
        let place = Place { room_id: room_id.to_owned(), identity: identity.to_owned() };
        let is_lost = {
            let mut rooms = lines.lock();
            let known = rooms.get_mut(room_id).and_then(|people| people.get_mut(identity));
            known.map(|known| {
                known.asked_at = Instant::now();
                !known.is_up
            })
        };
        if is_lost == Some(true) {
            drop(lines.turn.lock().await); // after that they are somebody new to the SFU, or safe
        }
        Followed { rooms: self.clone(), place, number: rand::random() }
    }

    /// Follows somebody whose line broke until they are back, or out.
    async fn follow_lost(&self, place: Place, number: u64) -> Result<()> {
        let lines = &self.0.lines;
        // Time counts while others have lines. Where nobody has, as while a proxy before us restarts, media may flow all the same.
        let mut missing = Duration::ZERO;
        while missing < PATIENCE {
            sleep(LOOK).await;
            if self.0.proxy.is_closing() {
                return Ok(());
            }
            let Some(is_told) = lines.broken(&place, number, |known| known.is_told) else { return Ok(()) };
            if !lines.has_company(&place) {
                continue;
            }
            missing += LOOK;
            if !is_told && missing >= GRACE {
                // who left by the book has left by now
                let standing = self.standing(&place.room_id, &place.identity).await?;
                if !standing.is_some_and(|s| s.is_inside) {
                    lines.forget(&place, number);
                    return Ok(());
                }
                if lines.broken(&place, number, |known| known.is_told = true).is_some() {
                    self.tell(&place.room_id, About::ConnectionLost, SERVER, &place.identity).await;
                }
            }
        }
        loop {
            let turn = lines.turn.lock().await;
            let Some(asked_at) = lines.broken(&place, number, |known| known.asked_at) else { return Ok(()) };
            if asked_at.elapsed() > ON_THE_WAY {
                tracing::info!(room = place.room_id, participant = place.identity, "did not come back");
                let out = self.put_out(&place.room_id, &place.identity).await;
                lines.forget(&place, number);
                return out;
            }
            drop(turn);
            sleep(LOOK).await;
        }
    }
}

impl Line for Followed {
    fn up(&mut self) {
        let known = Known { number: self.number, is_up: true, is_told: false, asked_at: Instant::now() };
        let before = {
            let mut rooms = self.rooms.0.lines.lock();
            rooms.entry(self.place.room_id.clone()).or_default().insert(self.place.identity.clone(), known)
        };
        if before.is_some_and(|known| known.is_told) {
            let (rooms, place) = (self.rooms.clone(), self.place.clone());
            tokio::spawn(async move {
                rooms.tell(&place.room_id, About::ConnectionBack, SERVER, &place.identity).await;
            });
        }
    }

    /// A line that the SFU or the daemon itself ended is no reason to look for anybody. One that a client closed is: a page
    /// that crashed closes as cleanly as one that left, and who left is not inside any more when somebody looks.
    fn down(self, by_client: bool) {
        let lines = &self.rooms.0.lines;
        if !by_client || self.rooms.0.proxy.is_closing() {
            return lines.forget(&self.place, self.number);
        }
        let is_newest = {
            let mut rooms = lines.lock();
            let known = rooms.get_mut(&self.place.room_id).and_then(|p| p.get_mut(&self.place.identity));
            known.filter(|known| known.number == self.number).map(|known| known.is_up = false).is_some()
        };
        if !is_newest {
            return;
        }
        tokio::spawn(async move {
            let Self { rooms, place, number } = self;
            if let Err(e) = rooms.follow_lost(place.clone(), number).await {
                tracing::warn!(
                    room = place.room_id,
                    participant = place.identity,
                    "could not be put out: {e}"
                );
                rooms.0.lines.forget(&place, number);
            }
        });
    }
}
