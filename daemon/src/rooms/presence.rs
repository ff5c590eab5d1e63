//! Who is inside: what the SFU says by its webhooks, in any order and any number of times, and who may be told.

use super::{Rooms, path_check::is_path_check, policy};
use crate::{
    actor::Actor,
    error::{Error, Result},
    livekit::{
        SfuParticipant, SfuRoom,
        webhook::{self, Event},
    },
    store::{
        Connection, Timestamp, admissions, bans, holds,
        meeting::{lobby, meetings, stage},
        presences::{self, Inside},
        rooms::{self, Room},
        standings::{self, Which, Who},
    },
};

/// Who is inside of a public room.
#[derive(Clone, Debug)]
pub enum Presence {
    /// For everybody.
    Count(i64),
    /// For people who are signed in.
    People(Vec<Inside>),
}

/// A room with somebody inside.
#[derive(Clone, Debug)]
pub struct Inhabited {
    /// Which room.
    pub room_id: String,
    /// User or guest id and name, by the time they came.
    pub people: Vec<(String, String)>,
}

impl Rooms {
    /// A webhook as it came: `authorization` is the bare JWT, `body` the raw bytes. Unauthorized when it is not the SFU's.
    pub async fn hear(&self, authorization: &str, body: &[u8]) -> Result<()> {
        let event = webhook::read(authorization, body, self.0.sfu.keys(), Timestamp::now().seconds())?;
        self.apply(event).await
    }

    /// Writes down what the SFU says, and answers it where it must: somebody who may not be here is put out again.
    /// When this returns, the change is committed.
    async fn apply(&self, event: Event) -> Result<()> {
        match event {
            event if event.room().is_some_and(|room| is_path_check(&room.name)) => Ok(()),
            Event::ParticipantJoined(room, person) => self.joined(room, person).await,
            Event::ParticipantLeft(room, person, goodbye) => self.left(room, person, goodbye).await,
            Event::TrackPublished(room, person, track) => self.published(room, person, track).await,
            Event::RoomFinished(room) => self.finished(room).await,
            Event::RoomStarted(_) | Event::TrackUnpublished(..) | Event::Other => Ok(()),
        }
    }

    async fn joined(&self, room: SfuRoom, person: SfuParticipant) -> Result<()> {
        let row = row(&room, &person);
        let decided = self.0.store.run(move |connection| {
            let now = Timestamp::now();
            let who = Who { identity: &row.identity, guest_key: None, address: None };
            connection.transaction(|connection| {
                let standing = standings::of(connection, Which::Id(&row.room_id), who, now)?;
                if presences::joined(connection, &row)? {
                    rooms::touch(connection, &row.room_id, now)?;
                }
                let must_leave = standing.as_ref().is_some_and(policy::must_leave);
                Ok((must_leave, standing.is_some_and(|s| policy::moderates(&s, &row.identity))))
            })
        });
        let (must_leave, moderates) = decided.await?;
        if moderates {
            // somebody is here now who lets people in
            self.0.bells.ring(&room.name);
        }
        if must_leave {
            tracing::warn!(
                room = room.name,
                participant = person.identity,
                "came in without being welcome; put out"
            );
            self.remove_later(room.name, person.identity);
        }
        Ok(())
    }

    /// A goodbye gives back every seat that was promised before it, such as that of a reload; any other end only the one
    /// that the connection came by.
    async fn left(&self, room: SfuRoom, person: SfuParticipant, goodbye: Option<i64>) -> Result<()> {
        let row = row(&room, &person);
        let left = move |connection: &mut Connection| {
            connection.transaction(|connection| {
                let now = Timestamp::now();
                if presences::left(connection, &row, now)? {
                    rooms::touch(connection, &row.room_id, now)?;
                }
                let said = goodbye.map_or(row.joined_at, |at| Timestamp(at).min(now).max(row.joined_at));
                admissions::release(connection, &row.room_id, &row.identity, said, now)
            })
        };
        self.0.store.run(left).await
    }

    async fn finished(&self, room: SfuRoom) -> Result<()> {
        self.0.openings.forget(&room.name);
        let finished = move |connection: &mut Connection| {
            connection.transaction(|connection| {
                presences::end_opening(connection, &room.name, &room.sid, Timestamp::now())?;
                // the room may be open again already when this arrives
                if presences::count(connection, &room.name)? == 0 {
                    bans::forget_addresses(connection, &room.name)?;
                    holds::end_of_meeting(connection, &room.name)?;
                    lobby::end_of_meeting(connection, &room.name)?;
                    stage::end_of_meeting(connection, &room.name)?;
                    meetings::end(connection, &room.name, "")?;
                    rooms::set_locked(connection, &room.name, false)?;
                }
                Ok(())
            })
        };
        self.0.store.run(finished).await
    }

    /// The SFU waits for the answer to its webhook, so it is not called from inside of one. The sweep does it if this fails.
    fn remove_later(&self, room_id: String, identity: String) {
        let rooms = self.clone();
        tokio::spawn(async move {
            if let Err(e) = rooms.put_out(&room_id, &identity).await {
                tracing::warn!(room = room_id, participant = identity, "could not be put out yet: {e}");
            }
        });
    }

    /// Who is inside of a public room: everybody learns how many, people who are signed in learn who.
    /// A private room is as good as none.
    pub async fn presence(&self, actor: Option<&Actor>, room_id: &str, count_only: bool) -> Result<Presence> {
        let (id, with_names) = (room_id.to_owned(), actor.is_some() && !count_only);
        self.0
            .store
            .run(move |connection| {
                let room = rooms::by_id(connection, &id)?.filter(|r| r.is_open() && r.is_public);
                let Room { id, .. } = room.ok_or_else(|| Error::not_found("room"))?;
                match with_names {
                    true => presences::inside(connection, &id).map(Presence::People),
                    false => presences::count(connection, &id).map(Presence::Count),
                }
            })
            .await
    }

    /// Who is inside of the rooms that somebody owns, private ones too. Rooms without anybody are not named.
    pub async fn inside_own(&self, user_id: &str) -> Result<Vec<Inhabited>> {
        let id = user_id.to_owned();
        let people = self.0.store.run(move |c| presences::inside_rooms_of(c, &id)).await?;
        let mut rooms: Vec<Inhabited> = Vec::new();
        for (room_id, identity, name) in people {
            match rooms.iter_mut().find(|room| room.room_id == room_id) {
                Some(room) => room.people.push((identity, name)),
                None => rooms.push(Inhabited { room_id, people: vec![(identity, name)] }),
            }
        }
        Ok(rooms)
    }
}

/// How the store keeps somebody whom the SFU tells of.
pub(super) fn row(room: &SfuRoom, person: &SfuParticipant) -> presences::Presence {
    let joined_at = match person.joined_at_ms {
        0 => Timestamp::now(),
        ms => Timestamp(ms),
    };
    presences::Presence {
        participant_sid: person.sid.clone(),
        room_sid: room.sid.clone(),
        room_id: room.name.clone(),
        identity: person.identity.clone(),
        name: person.name.clone(),
        joined_at,
    }
}
