//! Table `presences`: who is and was inside, as the SFU says it, keyed by its participant session. Events may repeat and
//! come in any order; the same rows come out.

use super::{
    Connection, Param, Row, Timestamp, events,
    holds::{self, Holds},
    meeting::meetings,
};
use crate::error::Result;

/// Kinds of events.
const JOINED: &str = "participant.joined";
const LEFT: &str = "participant.left";

/// One connection of one person to one room.
#[derive(Clone, Debug)]
pub struct Presence {
    /// The SFU's id of this connection.
    pub participant_sid: String,
    /// The SFU's id of this opening of the room.
    pub room_sid: String,
    /// Which room.
    pub room_id: String,
    /// Who: user id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// When the media connection was up.
    pub joined_at: Timestamp,
}

/// Somebody inside, with what others may see of them.
#[derive(Clone, Debug)]
pub struct Inside {
    /// User id or guest id.
    pub identity: String,
    /// Display name.
    pub name: String,
    /// Where their picture is; empty without one.
    pub avatar_url: String,
    /// When they came.
    pub joined_at: Timestamp,
    /// May moderate this room: owner, moderator or administrator.
    pub is_moderator: bool,
    /// What moderators hold back.
    pub holds: Holds,
}

/// Somebody came. A connection that is known to have ended stays ended. False when nothing changed.
pub fn joined(connection: &mut Connection, presence: &Presence) -> Result<bool> {
    record(connection, presence, None)
}

/// Somebody left, also when their coming was never told. False when nothing changed.
pub fn left(connection: &mut Connection, presence: &Presence, at: Timestamp) -> Result<bool> {
    record(connection, presence, Some(at))
}

fn record(connection: &mut Connection, presence: &Presence, left_at: Option<Timestamp>) -> Result<bool> {
    let changed = connection.execute(
        "INSERT INTO presences (participant_sid, room_sid, room_id, identity, name, joined_at, left_at)
         SELECT $1, $2, r.id, $4, $5, $6, $7 FROM rooms r WHERE r.id = $3
         ON CONFLICT (participant_sid) DO UPDATE SET left_at = excluded.left_at
          WHERE presences.left_at IS NULL AND excluded.left_at IS NOT NULL",
        &[
            &presence.participant_sid,
            &presence.room_sid,
            &presence.room_id,
            &presence.identity,
            &presence.name,
            &presence.joined_at,
            &left_at,
        ],
    )?;
    if changed == 1 {
        let kind = if left_at.is_none() { JOINED } else { LEFT };
        if left_at.is_none() {
            meetings::begin(connection, &presence.room_id, presence.joined_at)?;
        }
        tell(connection, kind, &presence.room_id, &presence.identity, &presence.name)?;
    }
    Ok(changed == 1)
}

/// Leaves the event of one connection.
fn tell(connection: &mut Connection, kind: &str, room_id: &str, identity: &str, name: &str) -> Result<()> {
    events::write(
        connection,
        &events::Event {
            kind: kind.to_owned(),
            target: identity.to_owned(),
            room_id: Some(room_id.to_owned()),
            detail: name.to_owned(),
            ..events::Event::default()
        },
    )
}

/// Ends the connections that `which` takes, where `$1` is the moment; says how many, and tells of each.
fn end_where(connection: &mut Connection, which: &str, at: Timestamp, params: &[&dyn Param]) -> Result<u64> {
    let sql = format!(
        "UPDATE presences SET left_at = $1 WHERE {which} AND left_at IS NULL RETURNING room_id, identity, name"
    );
    let params: Vec<&dyn Param> = std::iter::once(&at as &dyn Param).chain(params.iter().copied()).collect();
    let ended = connection.query(&sql, &params, |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))
    })?;
    for (room_id, identity, name) in &ended {
        tell(connection, LEFT, room_id, identity, name)?;
    }
    Ok(ended.len() as u64)
}

/// Ends one connection, by its id; false when it had ended.
pub fn end(connection: &mut Connection, participant_sid: &str, at: Timestamp) -> Result<bool> {
    Ok(end_where(connection, "participant_sid = $2", at, &[&participant_sid])? == 1)
}

/// Ends every connection of one person to one room.
pub fn end_of(connection: &mut Connection, room_id: &str, identity: &str, at: Timestamp) -> Result<u64> {
    end_where(connection, "room_id = $2 AND identity = $3", at, &[&room_id, &identity])
}

/// Ends every connection to one room.
pub fn end_room(connection: &mut Connection, room_id: &str, at: Timestamp) -> Result<u64> {
    end_where(connection, "room_id = $2", at, &[&room_id])
}

/// Ends every connection to one opening of a room in the SFU.
pub fn end_opening(connection: &mut Connection, room_id: &str, room_sid: &str, at: Timestamp) -> Result<u64> {
    end_where(connection, "room_id = $2 AND room_sid = $3", at, &[&room_id, &room_sid])
}

fn read_presence(row: &Row<'_>) -> Result<Presence> {
    Ok(Presence {
        participant_sid: row.get(0)?,
        room_sid: row.get(1)?,
        room_id: row.get(2)?,
        identity: row.get(3)?,
        name: row.get(4)?,
        joined_at: row.get(5)?,
    })
}

/// Every connection that is thought to be up.
pub fn open(connection: &mut Connection) -> Result<Vec<Presence>> {
    connection.query(
        "SELECT participant_sid, room_sid, room_id, identity, name, joined_at FROM presences WHERE left_at IS NULL",
        &[],
        |row| read_presence(&row),
    )
}

/// Who is inside of a room, one line a person, by the time they came.
pub fn inside(connection: &mut Connection, room_id: &str) -> Result<Vec<Inside>> {
    let sql = format!(
        "SELECT p.identity, max(p.name), coalesce(u.avatar_url, ''), min(p.joined_at),
                m.identity IS NOT NULL OR r.admin_id = p.identity OR coalesce(u.role, '') = 'admin', {}
           FROM presences p JOIN rooms r ON r.id = p.room_id
           LEFT JOIN users u ON u.id = p.identity
           LEFT JOIN moderators m ON m.room_id = p.room_id AND m.identity = p.identity
          WHERE p.room_id = $1 AND p.left_at IS NULL
          GROUP BY p.room_id, p.identity, u.avatar_url, u.role, r.admin_id, m.identity
          ORDER BY min(p.joined_at), p.identity",
        holds::of("p.room_id", "p.identity")
    );
    connection.query(&sql, &[&room_id], |row| {
        Ok(Inside {
            identity: row.get(0)?,
            name: row.get(1)?,
            avatar_url: row.get(2)?,
            joined_at: row.get(3)?,
            is_moderator: row.get(4)?,
            holds: Holds::read(&row, 5)?,
        })
    })
}

/// In a statement over `rooms r`: whether somebody is inside of it who may moderate it.
pub(super) const HAS_MODERATOR: &str = "EXISTS (SELECT 1 FROM presences p
              LEFT JOIN moderators i ON i.room_id = p.room_id AND i.identity = p.identity
              LEFT JOIN users w ON w.id = p.identity
             WHERE p.room_id = r.id AND p.left_at IS NULL
               AND (p.identity = r.admin_id OR i.identity IS NOT NULL OR w.role = 'admin'))";

/// Whether somebody is inside of a room who may moderate it.
pub fn has_moderator(connection: &mut Connection, room_id: &str) -> Result<bool> {
    let sql = format!("SELECT {HAS_MODERATOR} FROM rooms r WHERE r.id = $1");
    Ok(connection.first(&sql, &[&room_id], |row| row.get(0))?.unwrap_or(false))
}

/// Who is inside of the live rooms of this owner: room, user or guest id and name, by the time they came.
pub fn inside_rooms_of(connection: &mut Connection, user_id: &str) -> Result<Vec<(String, String, String)>> {
    connection.query(
        "SELECT p.room_id, p.identity, max(p.name)
           FROM rooms r JOIN presences p ON p.room_id = r.id AND p.left_at IS NULL
          WHERE r.admin_id = $1 AND r.deleted_at IS NULL
          GROUP BY p.room_id, p.identity
          ORDER BY min(p.joined_at), p.identity",
        &[&user_id],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )
}

/// How many people are inside of a room.
pub fn count(connection: &mut Connection, room_id: &str) -> Result<i64> {
    let sql = "SELECT count(DISTINCT identity) FROM presences WHERE room_id = $1 AND left_at IS NULL";
    Ok(connection.first(sql, &[&room_id], |row| row.get(0))?.unwrap_or(0))
}

/// How many people are inside of any room.
pub fn count_all(connection: &mut Connection) -> Result<i64> {
    let sql = "SELECT count(*) FROM (SELECT DISTINCT room_id, identity FROM presences WHERE left_at IS NULL) AS inside";
    Ok(connection.first(sql, &[], |row| row.get(0))?.unwrap_or(0))
}

/// How many rooms have somebody inside.
pub fn count_rooms(connection: &mut Connection) -> Result<i64> {
    let sql = "SELECT count(DISTINCT room_id) FROM presences WHERE left_at IS NULL";
    Ok(connection.first(sql, &[], |row| row.get(0))?.unwrap_or(0))
}

/// Identity and name of those who were inside since `since` and are not now, who left last first.
pub fn left_since(
    connection: &mut Connection,
    room_id: &str,
    since: Timestamp,
) -> Result<Vec<(String, String)>> {
    connection.query(
        "SELECT p.identity, max(p.name) FROM presences p
          WHERE p.room_id = $1 AND p.left_at > $2
            AND NOT EXISTS (SELECT 1 FROM presences i
                             WHERE i.room_id = $1 AND i.identity = p.identity AND i.left_at IS NULL)
          GROUP BY p.identity ORDER BY max(p.left_at) DESC",
        &[&room_id, &since],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Somebody's stay in a room.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The SFU's id of the connection.
    pub id: String,
    /// Which room.
    pub room_id: String,
    /// Its slug.
    pub room_name: String,
    /// When they came.
    pub joined_at: Timestamp,
    /// When they left.
    pub left_at: Option<Timestamp>,
}

/// Where somebody was, latest first, as far back as connections are kept; and how many there are on all pages.
pub fn visits_of(
    connection: &mut Connection,
    identity: &str,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Visit>, i64)> {
    let visits = connection.query(
        "SELECT p.participant_sid, p.room_id, r.name, p.joined_at, p.left_at
           FROM presences p JOIN rooms r ON r.id = p.room_id
          WHERE p.identity = $1 ORDER BY p.joined_at DESC, p.participant_sid LIMIT $2 OFFSET $3",
        &[&identity, &limit, &offset],
        |row| {
            Ok(Visit {
                id: row.get(0)?,
                room_id: row.get(1)?,
                room_name: row.get(2)?,
                joined_at: row.get(3)?,
                left_at: row.get(4)?,
            })
        },
    )?;
    let sql = "SELECT count(*) FROM presences WHERE identity = $1";
    Ok((visits, connection.first(sql, &[&identity], |row| row.get(0))?.unwrap_or(0)))
}

/// True when `identity` is or was inside of the room, as far back as connections are kept.
pub fn was_inside(connection: &mut Connection, room_id: &str, identity: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM presences WHERE identity = $2 AND room_id = $1)";
    Ok(connection.first(sql, &[&room_id, &identity], |row| row.get(0))?.unwrap_or(false))
}

/// The rooms somebody is inside of.
pub fn rooms_of(connection: &mut Connection, identity: &str) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT room_id FROM presences WHERE identity = $1 AND left_at IS NULL";
    connection.query(sql, &[&identity], |row| row.get(0))
}

/// Forgets connections that ended before `before`.
pub fn delete_old(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM presences WHERE left_at < $1", &[&before])
}
