//! What somebody who waits is told: their place, that they may come in, or that they may not.

use std::{net::IpAddr, time::Duration};

use futures_util::{Stream, stream};
use tokio::{sync::broadcast, time::timeout};

use super::{place, rung};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    network::subscriber,
    rooms::{
        Rooms,
        effects::Effect,
        join::person,
        policy::{self, Way},
    },
    store::{
        Timestamp,
        meeting::lobby,
        standings::{self, Which, Who},
    },
};

/// Nobody relies on a push: another daemon may have decided. Also the beat by which a broken line is noticed.
const LOOK: Duration = Duration::from_secs(5);
/// A sign of life is written down this often.
const SIGN_SECONDS: i64 = 10;

/// A place among those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1.
    pub place: i64,
    /// How many wait.
    pub waiting: i64,
    /// Somebody is inside who can let people in.
    pub has_moderator: bool,
}

/// What a look at one's ticket says.
#[derive(Debug)]
pub enum Turn {
    /// Join now.
    In,
    /// Not yet.
    Waiting(Place),
    /// Not at all, and why.
    Refused(Error),
}

/// Whose turn is looked at.
#[derive(Clone)]
struct Asker {
    identity: String,
    guest_key: Option<String>,
    address: Option<IpAddr>,
    room_id: String,
    ticket: String,
}

struct Following {
    rooms: Rooms,
    bell: broadcast::Receiver<String>,
    asker: Asker,
    /// What the look said that let the asker follow.
    first: Option<Turn>,
}

impl Rooms {
    /// Tells whoever asked of every change of their turn, and of their place again every few seconds; ends after the last word.
    /// Not found where nobody of that ticket waits before the room, or it is somebody else's.
    pub async fn follow_turn(
        &self,
        actor: &Actor,
        guest_key: Option<&str>,
        room_id: &str,
        ticket: &str,
    ) -> Result<impl Stream<Item = Turn> + Send + use<>> {
        let person = person(actor)?;
        let asker = Asker {
            identity: person.id.clone(),
            guest_key: guest_key.map(ToOwned::to_owned),
            address: person.address,
            room_id: room_id.to_owned(),
            ticket: ticket.to_owned(),
        };
        // before the look: what changes after it rings
        let bell = self.0.bells.listen();
        let first = Some(self.turn(asker.clone()).await?);
        let following = Following { rooms: self.clone(), bell, asker, first };
        Ok(stream::unfold(Some(following), |following| async move {
            let mut following = following?;
            let turn = match following.first.take() {
                Some(turn) => Ok(turn),
                None => {
                    timeout(LOOK, rung(&mut following.bell, &following.asker.room_id)).await.ok();
                    following.rooms.turn(following.asker.clone()).await
                }
            };
            match turn {
                Ok(turn @ Turn::Waiting(_)) => Some((turn, Some(following))),
                Ok(last) => Some((last, None)),
                // the client asks again, and learns then what it is
                Err(_) => None,
            }
        }))
    }

    /// One look, which is a sign of life too.
    async fn turn(&self, asker: Asker) -> Result<Turn> {
        self.0
            .store
            .run(move |connection| {
                let now = Timestamp::now();
                let ticket = lobby::by_ticket(connection, &asker.ticket)?
                    .filter(|t| t.room_id == asker.room_id && t.identity == asker.identity)
                    .ok_or_else(|| Error::not_found("ticket"))?;
                let network = asker.address.map(subscriber);
                let who = Who {
                    identity: &asker.identity,
                    guest_key: asker.guest_key.as_deref(),
                    address: network.as_deref(),
                };
                let standing = standings::of(connection, Which::Id(&asker.room_id), who, now)?
                    .ok_or_else(|| Error::not_found("room"))?;
                match policy::way(&standing, &asker.identity, now) {
                    Ok(Way::Open) => Ok(Turn::In),
                    Ok(Way::Lobby) => {
                        if ticket.seen_at < now.plus_seconds(-SIGN_SECONDS) {
                            lobby::touch(connection, &asker.ticket, now)?;
                        }
                        place(connection, &ticket, now).map(Turn::Waiting)
                    }
                    Err(e) if matches!(e.kind, Kind::Forbidden | Kind::Gone) => Ok(Turn::Refused(e)),
                    Err(e) => Err(e),
                }
            })
            .await
    }

    /// Whoever asked does not wait any more.
    pub async fn give_up(&self, actor: &Actor, room_id: &str, ticket: &str) -> Result<()> {
        let (identity, room, ticket) = (person(actor)?.id.clone(), room_id.to_owned(), ticket.to_owned());
        let gone = self.0.outbox.decide(move |connection| {
            lobby::by_ticket(connection, &ticket)?
                .filter(|t| t.room_id == room && t.identity == identity && t.state == lobby::State::Waiting)
                .ok_or_else(|| Error::not_found("ticket"))?;
            lobby::forget(connection, &room, &identity)?;
            Effect::lobby(&room).leave(connection)
        });
        gone.await
    }
}
