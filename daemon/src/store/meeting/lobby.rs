//! Table `lobby`: who asks to be let into a room. One row a person and room; it lives as long as they are heard of, or as
//! what was decided about them counts.

use crate::{
    error::Result,
    store::{Column, Connection, Param, Row, Timestamp, Value},
};

/// Whoever was not heard of for so long does not wait any more.
pub const WAITING_SECONDS: i64 = 45;
/// Who was refused may ask again after this time.
pub const REFUSED_SECONDS: i64 = 300;
/// An admission to a meeting that never ended counts no longer than this.
pub const ADMITTED_SECONDS: i64 = 24 * 3600;

/// What became of somebody's question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing yet.
    Waiting,
    /// They may come in, until the meeting ends.
    Admitted,
    /// They may not, for a while.
    Refused,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Admitted => "admitted",
            State::Refused => "refused",
        }
    }
}

impl Param for State {
    fn value(&self) -> Value<'_> {
        Value::Text(self.name())
    }
}

impl Column for State {
    fn read(value: Value<'_>) -> Option<Self> {
        let Value::Text(name) = value else { return None };
        [State::Waiting, State::Admitted, State::Refused].into_iter().find(|state| state.name() == name)
    }
}

/// Somebody's question.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Names the question; who asked proves by their session that it is theirs.
    pub ticket: String,
    /// Which room.
    pub room_id: String,
    /// Who asks.
    pub identity: String,
    /// What became of it.
    pub state: State,
    /// When they came.
    pub asked_at: Timestamp,
    /// When they were heard of last.
    pub seen_at: Timestamp,
}

impl Ticket {
    /// False once they are not heard of any more.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.state == State::Waiting && self.seen_at > now.plus_seconds(-WAITING_SECONDS)
    }
}

/// Somebody who waits, as moderators see them.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Names the question.
    pub ticket: String,
    /// User id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// Where their picture is; empty without one.
    pub avatar_url: String,
    /// Came with a name only.
    pub is_guest: bool,
    /// When they came.
    pub asked_at: Timestamp,
}

const COLUMNS: &str = "ticket, room_id, identity, state, asked_at, seen_at";

fn read(row: &Row<'_>) -> Result<Ticket> {
    Ok(Ticket {
        ticket: row.get(0)?,
        room_id: row.get(1)?,
        identity: row.get(2)?,
        state: row.get(3)?,
        asked_at: row.get(4)?,
        seen_at: row.get(5)?,
    })
}

/// Notes that somebody waits and answers their ticket: the one they have while they wait, else a new one. True when it is new.
pub fn ask(
    connection: &mut Connection,
    room_id: &str,
    identity: &str,
    now: Timestamp,
) -> Result<(String, bool)> {
    let new = uuid::Uuid::new_v4().to_string();
    let sql = "INSERT INTO lobby (ticket, room_id, identity, state, asked_at, seen_at)
               VALUES ($1, $2, $3, 'waiting', $4, $4)
               ON CONFLICT (room_id, identity) DO UPDATE SET
                 ticket = CASE WHEN lobby.state = 'waiting' AND lobby.seen_at > $5 THEN lobby.ticket ELSE excluded.ticket END,
                 asked_at = CASE WHEN lobby.state = 'waiting' AND lobby.seen_at > $5 THEN lobby.asked_at ELSE excluded.asked_at END,
                 state = 'waiting', decided_at = NULL, seen_at = excluded.seen_at
               RETURNING ticket";
    let since = now.plus_seconds(-WAITING_SECONDS);
    let ticket: Option<String> =
        connection.first(sql, &[&new, &room_id, &identity, &now, &since], |row| row.get(0))?;
    let ticket = ticket.unwrap_or_default();
    let is_new = ticket == new;
    Ok((ticket, is_new))
}

/// The question of that ticket.
pub fn by_ticket(connection: &mut Connection, ticket: &str) -> Result<Option<Ticket>> {
    let sql = format!("SELECT {COLUMNS} FROM lobby WHERE ticket = $1");
    connection.first(&sql, &[&ticket], |row| read(&row))
}

/// Who asked is still there.
pub fn touch(connection: &mut Connection, ticket: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE lobby SET seen_at = $2 WHERE ticket = $1";
    connection.execute(sql, &[&ticket, &now]).map(drop)
}

/// Decides about somebody who waits.
pub fn decide(connection: &mut Connection, ticket: &str, state: State, now: Timestamp) -> Result<()> {
    let sql = "UPDATE lobby SET state = $2, decided_at = $3 WHERE ticket = $1 AND state = 'waiting'";
    connection.execute(sql, &[&ticket, &state, &now]).map(drop)
}

/// Admits everybody who waits before a room, and tells who that was.
pub fn admit_all(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<Vec<String>> {
    let sql = "UPDATE lobby SET state = 'admitted', decided_at = $2
                WHERE room_id = $1 AND state = 'waiting' AND seen_at > $3 RETURNING identity";
    let since = now.plus_seconds(-WAITING_SECONDS);
    connection.query(sql, &[&room_id, &now, &since], |row| row.get(0))
}

/// Admits everybody inside: a door that is closed behind them lets them back in.
pub fn admit_inside(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<()> {
    let people = crate::store::presences::inside(connection, room_id)?;
    for person in people {
        let ticket = uuid::Uuid::new_v4().to_string();
        connection.execute(
            "INSERT INTO lobby (ticket, room_id, identity, state, asked_at, seen_at, decided_at)
             VALUES ($1, $2, $3, 'admitted', $4, $4, $4)
             ON CONFLICT (room_id, identity) DO UPDATE SET state = 'admitted', decided_at = excluded.decided_at",
            &[&ticket, &room_id, &person.identity, &now],
        )?;
    }
    Ok(())
}

/// Who waits before a room, who came first at the front.
pub fn waiting(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<Vec<Waiting>> {
    connection.query(
        "SELECT l.ticket, l.identity, u.name, u.avatar_url, u.role = 'guest', l.asked_at
           FROM lobby l JOIN users u ON u.id = l.identity
          WHERE l.room_id = $1 AND l.state = 'waiting' AND l.seen_at > $2
          ORDER BY l.asked_at, l.ticket",
        &[&room_id, &now.plus_seconds(-WAITING_SECONDS)],
        |row| {
            Ok(Waiting {
                ticket: row.get(0)?,
                identity: row.get(1)?,
                name: row.get(2)?,
                avatar_url: row.get(3)?,
                is_guest: row.get(4)?,
                asked_at: row.get(5)?,
            })
        },
    )
}

/// How many wait before a room, and how many of them came before `ticket`.
pub fn count(connection: &mut Connection, ticket: &Ticket, now: Timestamp) -> Result<(i64, i64)> {
    let counted = connection.first(
        "SELECT count(*),
                coalesce(sum(CASE WHEN asked_at < $3 OR (asked_at = $3 AND ticket < $4) THEN 1 ELSE 0 END), 0)
           FROM lobby WHERE room_id = $1 AND state = 'waiting' AND seen_at > $2",
        &[&ticket.room_id, &now.plus_seconds(-WAITING_SECONDS), &ticket.asked_at, &ticket.ticket],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(counted.unwrap_or((0, 0)))
}

/// How many wait before a room.
pub fn count_of(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<i64> {
    let sql = "SELECT count(*) FROM lobby WHERE room_id = $1 AND state = 'waiting' AND seen_at > $2";
    let since = now.plus_seconds(-WAITING_SECONDS);
    Ok(connection.first(sql, &[&room_id, &since], |row| row.get(0))?.unwrap_or(0))
}

/// Forgets what was decided about somebody, and that they ask.
pub fn forget(connection: &mut Connection, room_id: &str, identity: &str) -> Result<u64> {
    connection.execute("DELETE FROM lobby WHERE room_id = $1 AND identity = $2", &[&room_id, &identity])
}

/// With the meeting ends what was decided about people; who waits goes on waiting.
pub fn end_of_meeting(connection: &mut Connection, room_id: &str) -> Result<()> {
    connection.execute("DELETE FROM lobby WHERE room_id = $1 AND state <> 'waiting'", &[&room_id]).map(drop)
}

/// Whether there is somebody who is not heard of any more.
pub fn has_gone(connection: &mut Connection, now: Timestamp) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM lobby WHERE state = 'waiting' AND seen_at <= $1)";
    let since = now.plus_seconds(-WAITING_SECONDS);
    Ok(connection.first(sql, &[&since], |row| row.get(0))?.unwrap_or(false))
}

/// Forgets who is not heard of any more, and tells before which rooms they waited.
pub fn delete_gone(connection: &mut Connection, now: Timestamp) -> Result<Vec<String>> {
    let since = now.plus_seconds(-WAITING_SECONDS);
    let sql = "DELETE FROM lobby WHERE state = 'waiting' AND seen_at <= $1 RETURNING room_id";
    let mut rooms: Vec<String> = connection.query(sql, &[&since], |row| row.get(0))?;
    rooms.sort();
    rooms.dedup();
    Ok(rooms)
}

/// Forgets decisions of old.
pub fn delete_old(connection: &mut Connection, now: Timestamp) -> Result<u64> {
    let sql = "DELETE FROM lobby WHERE state <> 'waiting' AND decided_at < $1";
    connection.execute(sql, &[&now.plus_seconds(-ADMITTED_SECONDS)])
}
