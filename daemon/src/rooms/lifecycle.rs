//! When a room exists in the SFU, and how it ends. The database decides; the SFU is told.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};

use super::{Rooms, effects::Effect, note, notice::Notice, policy};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    livekit,
    store::{
        Connection, Timestamp, admissions,
        meeting::{meetings, messages},
        presences, rooms,
    },
};

/// How long the SFU keeps a room that nobody is inside of. Empty rooms cost nothing, and are opened again when needed.
const IDLE_SECONDS: u32 = 300;
/// A room this young cannot have idled out yet.
const YOUNG: Duration = Duration::from_secs(250);
/// How long a join believes an earlier look. The gate looks for itself.
const BELIEVED: Duration = Duration::from_secs(60);
/// Rooms opened at the same time after a restart of the SFU.
const AT_ONCE: usize = 16;
/// Rooms that were in use this short before the SFU went are opened again with their people's seats held.
const RECENT_SECONDS: i64 = 180;

/// A notice travels with the media, and the goodbye after it by signalling would overtake it.
const READING: Duration = Duration::from_millis(200);
/// A recovery by another daemon that takes longer has failed.
const RECOVERY_SECONDS: i64 = 15;
/// A failed recovery is tried again after this time.
const RETRY: Duration = Duration::from_millis(200);

/// Which rooms are open in the SFU that runs now, as far as this process knows; may be lost at any time.
#[derive(Default)]
pub(super) struct Openings {
    rooms: Mutex<HashMap<String, Opening>>,
    /// True once the SFU that runs now has every room in use.
    is_recovered: AtomicBool,
}

#[derive(Clone, Copy)]
struct Opening {
    created: Instant,
    looked: Instant,
}

impl Openings {
    fn map(&self) -> MutexGuard<'_, HashMap<String, Opening>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, room_id: &str) -> Option<Opening> {
        self.map().get(room_id).copied()
    }

    /// The SFU told that the room ended, or it is not known whether it is still open.
    pub(super) fn forget(&self, room_id: &str) {
        self.map().remove(room_id);
    }
}

impl Rooms {
    /// Opens the room in the SFU unless it was seen open a moment ago.
    pub async fn ensure_open(&self, room_id: &str) -> Result<()> {
        match self.0.openings.get(room_id) {
            Some(opening) if opening.looked.elapsed() < BELIEVED => Ok(()),
            // on the heap: a request to the SFU is large, seldom needed, and would be moved about with every join
            _ => Box::pin(self.open(room_id)).await,
        }
    }

    /// The same for somebody about to connect: clients give up for good when the room is not there, so only what
    /// cannot have ended since is believed: a young room, or one with people inside.
    pub(super) async fn ensure_open_now(&self, room_id: &str, has_people: bool) -> Result<()> {
        match self.0.openings.get(room_id) {
            Some(opening) if has_people || opening.created.elapsed() < YOUNG => Ok(()),
            _ => Box::pin(self.open(room_id)).await,
        }
    }

    async fn open(&self, room_id: &str) -> Result<()> {
        let room = livekit::NewRoom {
            name: room_id.to_owned(),
            empty_timeout_seconds: IDLE_SECONDS,
            departure_timeout_seconds: IDLE_SECONDS,
            max_participants: 0,
            metadata: String::new(),
        };
        let opened = self.0.sfu.client().create_room(room).await?;
        let age = Timestamp::now().0.saturating_sub(opened.created_at_ms);
        let looked = Instant::now();
        let created = looked.checked_sub(Duration::from_millis(age.max(0).unsigned_abs())).unwrap_or(looked);
        self.0.openings.map().insert(room_id.to_owned(), Opening { created, looked });
        Ok(())
    }

    /// Follows the SFU through its starts, for as long as the daemon runs, and says when people may be let through to it.
    pub async fn follow_sfu(&self) {
        let mut status = self.0.sfu.watch();
        let mut recovered = None;
        loop {
            let generation = status.borrow_and_update().generation();
            if generation != recovered {
                self.0.openings.is_recovered.store(false, Ordering::SeqCst);
                recovered = None;
            }
            if let (Some(new), None) = (generation, recovered) {
                if let Err(e) = self.recover().await {
                    tracing::warn!("rooms cannot be opened in the SFU yet: {e}");
                    tokio::time::sleep(RETRY).await;
                    continue;
                }
                recovered = generation;
                self.0.openings.is_recovered.store(true, Ordering::SeqCst);
                self.0.sfu.open_for_business(new);
                if self.0.sfu.is_proxied() {
                    let rooms = self.clone();
                    tokio::spawn(async move { rooms.warm_up().await });
                }
            }
            if status.changed().await.is_err() {
                return;
            }
        }
    }

    /// False while the SFU is away or does not have its rooms yet: what it says then is no news about people.
    pub(super) fn is_recovered(&self) -> bool {
        self.0.openings.is_recovered.load(Ordering::SeqCst)
    }

    /// The SFU was (re)started, or this daemon was. Opens every room that is in use and not open, with the seats of the
    /// people who will be back; until then nobody may be let through to the SFU.
    async fn recover(&self) -> Result<()> {
        if !self.0.store.lease("recovery", RECOVERY_SECONDS).await? {
            let s = "Another daemon opens the rooms again just now.";
            return Err(Error::unavailable("recovery_held", s));
        }
        let recovered = self.open_lost().await;
        self.0.store.release_lease("recovery").await?;
        recovered
    }

    async fn open_lost(&self) -> Result<()> {
        self.0.openings.map().clear();
        let open: Vec<String> = self.0.sfu.client().list_rooms().await?.into_iter().map(|r| r.name).collect();
        let lost = self.0.store.run(move |connection| {
            let now = Timestamp::now();
            connection.transaction(|connection| {
                let mut lost = rooms::in_use(connection, now)?;
                lost.retain(|room| !open.contains(room));
                for room in &lost {
                    let used = rooms::by_id(connection, room)?.map(|r| r.last_activity_at);
                    if used.is_some_and(|at| at > now.plus_seconds(-RECENT_SECONDS)) {
                        admissions::hold_inside(connection, room, now)?;
                    }
                    presences::end_room(connection, room, now)?;
                }
                Ok(lost)
            })
        });
        let lost = lost.await?;
        let count = lost.len();
        let opened = stream::iter(lost)
            .map(|room| async move {
                self.open(&room).await.inspect_err(|e| tracing::warn!(room, "not opened again: {e}"))
            })
            .buffer_unordered(AT_ONCE);
        let opened: Vec<Result<()>> = opened.collect().await;
        match opened.into_iter().filter_map(Result::err).next_back() {
            // one room that the SFU does not want keeps nobody out of the others; who joins it has it opened then
            Some(e) if e.kind == Kind::Unavailable => return Err(e),
            _ if count > 0 => tracing::info!(
                rooms = count,
                "opened the rooms again that were in use before the SFU started"
            ),
            _ => {}
        }
        Ok(())
    }

    /// Archives a room (owner or administrator) and ends its meeting: everybody inside is told and put out.
    pub async fn archive(&self, actor: &Actor, room_id: &str) -> Result<()> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        let archived = self.0.outbox.decide(move |connection| {
            let room = rooms::by_id(connection, &id)?.filter(rooms::Room::is_open);
            let room = room.ok_or_else(|| Error::not_found("room"))?;
            policy::must_own(&by, &room)?;
            close(connection, &by, &room)
        });
        archived.await
    }

    /// Ends what goes on in the SFU, unless it began after `decided_at`: that is another meeting.
    pub(super) async fn end(&self, room_id: &str, notice: Notice, decided_at: Timestamp) -> Result<()> {
        let client = self.0.sfu.client();
        self.0.openings.forget(room_id);
        let found = client.list_rooms().await?.into_iter().find(|room| room.name == room_id);
        if let Some(room) = found {
            if notice.leaves_the_room_open() && room.created_at_ms > decided_at.0 {
                return Ok(());
            }
            if self.announce(room_id, notice).await {
                tokio::time::sleep(READING).await;
            }
            match client.delete_room(room_id).await {
                Err(e) if e.kind != Kind::NotFound => return Err(e),
                _ => {}
            }
        }
        let id = room_id.to_owned();
        let ended =
            move |c: &mut Connection| c.transaction(|c| presences::end_room(c, &id, Timestamp::now()));
        self.0.store.run(ended).await.map(drop)
    }
}

/// Archives every room that somebody owns, in the transaction in which they are deleted; says how many there were.
pub fn archive_owned(connection: &mut Connection, actor: &Actor, user_id: &str) -> Result<usize> {
    let owned = rooms::of_owner(connection, user_id)?;
    for room in &owned {
        close(connection, actor, room)?;
    }
    Ok(owned.len())
}

fn close(connection: &mut Connection, actor: &Actor, room: &rooms::Room) -> Result<()> {
    if !rooms::archive(connection, &room.id, Timestamp::now())? {
        return Err(Error::not_found("room"));
    }
    admissions::release_all(connection, &room.id)?;
    messages::forget(connection, &room.id)?;
    meetings::forget(connection, &room.id)?;
    let notice = match actor {
        Actor::Operator { .. } | Actor::System => Notice::Closed,
        Actor::User(_) | Actor::Guest(_) => Notice::Deleted,
    };
    Effect::End { room: room.id.clone(), notice, decided_at: Timestamp::now().0 }.leave(connection)?;
    note(connection, actor, "room.archive", &room.id, &room.id, &room.name)
}
