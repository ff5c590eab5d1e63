//! The server in figures, for the first look of an administrator: counts over several tables, each in one statement.

use crate::{
    error::Result,
    store::{
        Connection, Timestamp, presences,
        users::{self, User},
    },
};

const DAY_SECONDS: i64 = 86_400;
const DAY_MILLISECONDS: i64 = DAY_SECONDS * 1000;
/// Days of the trend, today included.
const DAYS: i64 = 7;
/// Accounts that are shown as the newest.
const NEWEST: i64 = 5;
/// A room that nobody used for so long is stale.
const STALE_DAYS: i64 = 30;

/// One day.
#[derive(Clone, Debug)]
pub struct Day {
    /// Its first moment, in UTC.
    pub begins_at: Timestamp,
    /// People who came into a meeting.
    pub participants: i64,
    /// Rooms that somebody came into.
    pub rooms_active: i64,
    /// Rooms that were made.
    pub rooms_created: i64,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Figures {
    /// People in meetings now.
    pub online: i64,
    /// Rooms with somebody inside now.
    pub rooms_in_use: i64,
    /// Devices that are signed in.
    pub sessions: i64,
    /// Accounts.
    pub users: i64,
    /// Accounts made within the trend's days.
    pub users_new: i64,
    /// Live rooms.
    pub rooms: i64,
    /// Those that everybody with the link may enter.
    pub rooms_public: i64,
    /// Those that are kept for good.
    pub rooms_persistent: i64,
    /// Those that nobody used for a month.
    pub rooms_stale: i64,
    /// The last days, oldest first.
    pub days: Vec<Day>,
    /// The newest accounts.
    pub newest: Vec<User>,
}

/// Counts everything as it is at `now`.
pub fn read(connection: &mut Connection, now: Timestamp) -> Result<Figures> {
    let today = Timestamp(now.0 - now.0.rem_euclid(DAY_MILLISECONDS));
    let first = today.plus_seconds(-(DAYS - 1) * DAY_SECONDS);
    let (users, users_new) = connection
        .first(
            "SELECT count(*), coalesce(sum(CASE WHEN created_at >= $1 THEN 1 ELSE 0 END), 0)
               FROM users WHERE role IN ('admin', 'user')",
            &[&first],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .unwrap_or_default();
    let stale = now.plus_seconds(-STALE_DAYS * DAY_SECONDS);
    let (rooms, rooms_public, rooms_persistent, rooms_stale) = connection
        .first(
            "SELECT count(*), coalesce(sum(CASE WHEN is_public THEN 1 ELSE 0 END), 0),
                    coalesce(sum(CASE WHEN is_persistent THEN 1 ELSE 0 END), 0),
                    coalesce(sum(CASE WHEN last_activity_at < $1 THEN 1 ELSE 0 END), 0)
               FROM rooms WHERE deleted_at IS NULL",
            &[&stale],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?
        .unwrap_or_default();
    let sql = "SELECT count(*) FROM sessions WHERE ended_at IS NULL AND expires_at > $1";
    let sessions = connection.first(sql, &[&now], |row| row.get(0))?.unwrap_or(0);
    let days = days(connection, first)?;
    let sql = format!(
        "SELECT {} FROM users u WHERE u.role IN ('admin', 'user') ORDER BY u.created_at DESC, u.id DESC LIMIT $1",
        users::COLUMNS
    );
    Ok(Figures {
        online: presences::count_all(connection)?,
        rooms_in_use: presences::count_rooms(connection)?,
        sessions,
        users,
        users_new,
        rooms,
        rooms_public,
        rooms_persistent,
        rooms_stale,
        days,
        newest: connection.query(&sql, &[&NEWEST], |row| users::read(&row))?,
    })
}

fn days(connection: &mut Connection, first: Timestamp) -> Result<Vec<Day>> {
    let nothing = |number| Day {
        begins_at: first.plus_seconds(number * DAY_SECONDS),
        participants: 0,
        rooms_active: 0,
        rooms_created: 0,
    };
    let mut days: Vec<Day> = (0..DAYS).map(nothing).collect();
    // what is later than today, by a clock that went back since, is no day of these
    let came = connection.query(
        "SELECT (joined_at - $1) / $2, count(DISTINCT identity), count(DISTINCT room_id)
           FROM presences WHERE joined_at >= $1 GROUP BY 1",
        &[&first, &DAY_MILLISECONDS],
        |row| Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let made = connection.query(
        "SELECT (created_at - $1) / $2, count(*) FROM rooms WHERE created_at >= $1 GROUP BY 1",
        &[&first, &DAY_MILLISECONDS],
        |row| Ok((row.get::<i64>(0)?, row.get(1)?)),
    )?;
    for (number, participants, rooms_active) in came {
        if let Some(day) = usize::try_from(number).ok().and_then(|number| days.get_mut(number)) {
            (day.participants, day.rooms_active) = (participants, rooms_active);
        }
    }
    for (number, rooms_created) in made {
        if let Some(day) = usize::try_from(number).ok().and_then(|number| days.get_mut(number)) {
            day.rooms_created = rooms_created;
        }
    }
    Ok(days)
}

/// Lines about rooms that are shown as the newest.
const EVENTS: i64 = 10;

/// Something that was done to a room.
#[derive(Clone, Debug)]
pub struct Event {
    /// The room.
    pub room_id: String,
    /// Its slug; empty where it is gone.
    pub room_name: String,
    /// What was done.
    pub verb: String,
    /// When.
    pub at: Timestamp,
    /// Who did it; empty for the shell and the system.
    pub user_id: String,
    /// What they are called.
    pub user_name: String,
}

/// The newest lines of the audit log that are about a room.
pub fn events(connection: &mut Connection) -> Result<Vec<Event>> {
    connection.query(
        "SELECT a.room_id, coalesce(r.name, ''), a.verb, a.at, coalesce(u.id, ''), coalesce(u.name, '')
           FROM audit a LEFT JOIN rooms r ON r.id = a.room_id
           LEFT JOIN users u ON u.id = substr(a.actor, 6) AND a.actor LIKE 'user:%'
          WHERE a.room_id IS NOT NULL ORDER BY a.id DESC LIMIT $1",
        &[&EVENTS],
        |row| {
            Ok(Event {
                room_id: row.get(0)?,
                room_name: row.get(1)?,
                verb: row.get(2)?,
                at: row.get(3)?,
                user_id: row.get(4)?,
                user_name: row.get(5)?,
            })
        },
    )
}
