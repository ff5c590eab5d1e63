//! What was said and is kept: told by whoever said it, by a request of their own; read by who is inside, taken back by its
//! author or a moderator. The data channel carries it to the others; what that claims is kept nowhere.

use super::{
    Rooms,
    effects::Effect,
    join::person,
    note,
    notice::name_of,
    policy::{self, Way},
};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    store::{
        Connection, Timestamp,
        meeting::messages::{self, Message},
        rooms::Room,
        standings::{self, Standing, Which, Who},
    },
};

/// Bytes of one message, with what it answers to and names of its files.
const LONGEST: usize = 60_000;
/// Bytes that are told to one who comes later; the newest of it.
const MOST_TOLD: usize = 2_000_000;
/// Characters of a message's id.
const LONGEST_ID: usize = 200;

/// How much of a chat is kept.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Messages of one room.
    pub count: u32,
    /// How long each.
    pub hours: u32,
}

impl Keep {
    fn since(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-i64::from(self.hours) * 3600)
    }
}

impl Rooms {
    /// Keeps what `actor` has said to everybody inside. Said again under the same id it stays as it was. Tells when it was said.
    pub async fn say(
        &self,
        actor: &Actor,
        room_id: &str,
        id: &str,
        body: String,
        keep: Keep,
    ) -> Result<Timestamp> {
        if id.is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
            return Err(Error::invalid("message_id_invalid", "The id of a message has 1 to 200 characters."));
        }
        if body.len() > LONGEST {
            let s = "This message is too long to be kept. 60000 bytes are the most.";
            return Err(Error::new(Kind::TooLarge, "message_too_long", s));
        }
        let now = Timestamp::now();
        let identity = person(actor)?.id.clone();
        let (room, id) = (room_id.to_owned(), id.to_owned());
        self.0
            .store
            .run(move |connection| {
                connection.transaction(|connection| {
                    let standing = inside(connection, &room, &identity, now)?;
                    if !policy::permission(&standing, &identity).data {
                        let s = "You may not write here at the moment: the room or a moderator does not allow it.";
                        return Err(Error::forbidden("chat_not_allowed", s));
                    }
                    let name = policy::name(&standing).to_owned();
                    let message = Message {
                        id: id.clone(),
                        identity: identity.clone(),
                        name,
                        body: body.clone(),
                        said_at: now,
                    };
                    let said_at = messages::say(connection, &room, &message)?;
                    messages::keep(connection, &room, keep.since(now), keep.count.into())?;
                    Ok(said_at)
                })
            })
            .await
    }

    /// What was said in a room and is kept, oldest first; for who is inside.
    pub async fn said(&self, actor: &Actor, room_id: &str, keep: Keep) -> Result<Vec<Message>> {
        let now = Timestamp::now();
        let (identity, room) = (person(actor)?.id.clone(), room_id.to_owned());
        let mut all = self
            .0
            .store
            .run(move |connection| {
                inside(connection, &room, &identity, now)?;
                messages::of_room(connection, &room, keep.since(now), keep.count.into())
            })
            .await?;
        let mut told = 0;
        let newest = all.iter().rev().take_while(|message| {
            told += message.body.len();
            told <= MOST_TOLD
        });
        let gone = all.len() - newest.count();
        all.drain(..gone);
        Ok(all)
    }

    /// Takes a message back: its author, or a moderator. Everybody inside is told.
    pub async fn unsay(&self, actor: &Actor, room_id: &str, identity: &str, id: &str) -> Result<()> {
        let own = person(actor)?.id.clone();
        let (by, room, author, name) =
            (actor.clone(), room_id.to_owned(), identity.to_owned(), id.to_owned());
        let gone = self.0.outbox.decide(move |connection| {
            let now = Timestamp::now();
            if own == author {
                inside(connection, &room, &own, now)?;
            } else {
                super::moderation::must_moderate(connection, &by, &room)?;
            }
            if !messages::unsay(connection, &room, &author, &name)? {
                return Err(Error::not_found("message"));
            }
            if own != author {
                note(connection, &by, "room.chat_delete", &room, &author, &name)?;
            }
            let (room, actor) = (room.clone(), name_of(&by).to_owned());
            Effect::Unsaid { room, actor, identity: author.clone(), message: name.clone() }.leave(connection)
        });
        gone.await
    }

    /// Forgets what is older than any chat keeps.
    pub async fn forget_chats(&self, keep: Keep) -> Result<()> {
        let before = keep.since(Timestamp::now());
        self.0.store.run(move |connection| messages::delete_old(connection, before)).await.map(drop)
    }
}

/// How somebody inside stands to the room; on the way in counts, and who moderates may look from outside.
fn inside(connection: &mut Connection, room_id: &str, identity: &str, now: Timestamp) -> Result<Standing> {
    let who = Who { identity, guest_key: None, address: None };
    let standing =
        standings::of(connection, Which::Id(room_id), who, now)?.filter(|s| Room::is_open(&s.room));
    let standing = standing.ok_or_else(|| Error::not_found("room"))?;
    let way = policy::way(&standing, identity, now)?;
    if way == Way::Lobby || !(policy::is_seated(&standing, now) || policy::moderates(&standing, identity)) {
        return Err(Error::forbidden("not_inside", "Only people in this room read and write its chat."));
    }
    Ok(standing)
}
