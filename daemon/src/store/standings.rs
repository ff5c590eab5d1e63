//! How one person stands to one room, over the tables of rooms, users, moderators, bans, holds, revocations,
//! admissions and presences, in one statement: a join, a look by the gate and a sweep all ask it.

use std::sync::LazyLock;

use super::{
    Connection, Timestamp,
    holds::{self, Holds},
    meeting::lobby,
    presences,
    rooms::{self, Room},
};
use crate::{actor::Role, error::Result};

/// The room's part, and the person's.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The room, archived or not.
    pub room: Room,
    /// The person; `None` when the account is gone or there is none yet.
    pub user: Option<Known>,
    /// A moderator of this room, by a row of their own.
    pub is_moderator: bool,
    /// Banned by identity, or as a guest by a device that one of their sessions had.
    pub is_banned: bool,
    /// A guest whose address is banned for the meeting's length.
    pub is_address_banned: bool,
    /// What moderators hold back.
    pub holds: Holds,
    /// Join tokens issued up to this Unix second are refused.
    pub not_before_seconds: Option<i64>,
    /// Until when a seat is held; `None` when no token was issued since the last kick.
    pub held_until: Option<Timestamp>,
    /// Connected, as far as the SFU told.
    pub is_inside: bool,
    /// What was decided about them in the lobby, and when; `None` while they wait, or never asked.
    pub decided: Option<(lobby::State, Timestamp)>,
    /// Brought on stage; only told where the room's mode has one.
    pub was_brought: bool,
    /// Came by an invitation.
    pub is_invited: bool,
    /// Somebody who moderates is inside; only told where the room opens with them.
    pub has_moderator: bool,
}

/// What a room must know of a person.
#[derive(Clone, Debug)]
pub struct Known {
    /// Display name.
    pub name: String,
    /// What they may do on the server.
    pub role: Role,
    /// Where their picture is; empty without one.
    pub avatar_url: String,
    /// False: disabled by an administrator.
    pub is_active: bool,
}

/// Which room.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// By id, archived or not.
    Id(&'a str),
    /// The live one of that slug, else the one archived last.
    Name(&'a str),
}

/// Who asks, as far as bans know people.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// User id or guest id; empty for somebody who has none yet.
    pub identity: &'a str,
    /// The `bedrud_guest_id` cookie of the request; those of their sessions count without being told. It is about guests only.
    pub guest_key: Option<&'a str>,
    /// Address or network, for somebody who is a guest.
    pub address: Option<&'a str>,
}

/// How `who` stands to `which`; `None` when there is no such room.
pub fn of(
    connection: &mut Connection,
    which: Which<'_>,
    who: Who<'_>,
    now: Timestamp,
) -> Result<Option<Standing>> {
    match which {
        Which::Id(id) => first(connection, &BY_ID, id, who, now),
        Which::Name(name) => match first(connection, &LIVE, name, who, now)? {
            None => first(connection, &ARCHIVED, name, who, now),
            found => Ok(found),
        },
    }
}

/// Built once: the texts are long, and a join is short.
static BY_ID: LazyLock<String> = LazyLock::new(|| select("r.id = $1"));
static LIVE: LazyLock<String> = LazyLock::new(|| select("r.name = $1 AND r.deleted_at IS NULL"));
static ARCHIVED: LazyLock<String> =
    LazyLock::new(|| select("r.name = $1 AND r.deleted_at IS NOT NULL ORDER BY r.deleted_at DESC LIMIT 1"));

/// By what somebody is banned, as a sum: 1 identity, 2 a device of theirs, 4 address. Most rooms ban nobody, and one look tells so.
const BANS: &str = "CASE WHEN EXISTS (SELECT 1 FROM bans b WHERE b.room_id = r.id) THEN
       CASE WHEN EXISTS (SELECT 1 FROM bans b WHERE b.room_id = r.id AND b.identity = $2) THEN 1 ELSE 0 END
     + CASE WHEN EXISTS (SELECT 1 FROM bans b WHERE b.room_id = r.id AND b.guest_key IS NOT NULL
                            AND (b.guest_key = $3
                                 OR b.guest_key IN (SELECT s.guest_key FROM sessions s WHERE s.user_id = $2)))
            THEN 2 ELSE 0 END
     + CASE WHEN EXISTS (SELECT 1 FROM bans b WHERE b.room_id = r.id AND b.address = $4 AND b.address_until > $5)
            THEN 4 ELSE 0 END
     ELSE CAST(0 AS BIGINT) END";

fn select(filter: &str) -> String {
    format!(
        "SELECT {}, u.name, u.role, u.avatar_url, u.is_active, m.identity IS NOT NULL,
                {BANS},
                v.not_before_seconds, a.held_until,
                EXISTS (SELECT 1 FROM presences p
                         WHERE p.room_id = r.id AND p.identity = $2 AND p.left_at IS NULL), {},
                l.state, l.decided_at,
                CASE WHEN r.moderator_first THEN {} ELSE FALSE END,
                EXISTS (SELECT 1 FROM room_invited n WHERE n.room_id = r.id AND n.identity = $2),
                CASE WHEN r.mode <> 'standard'
                     THEN EXISTS (SELECT 1 FROM stage g WHERE g.room_id = r.id AND g.identity = $2) ELSE FALSE END
           FROM rooms r
           LEFT JOIN users u ON u.id = $2
           LEFT JOIN moderators m ON m.room_id = r.id AND m.identity = $2
           LEFT JOIN revocations v ON v.room_id = r.id AND v.identity = $2
           LEFT JOIN admissions a ON a.room_id = r.id AND a.identity = $2
           LEFT JOIN lobby l ON l.room_id = r.id AND l.identity = $2
          WHERE {filter}",
        rooms::COLUMNS,
        holds::of("r.id", "$2"),
        presences::HAS_MODERATOR
    )
}

fn first(
    connection: &mut Connection,
    sql: &str,
    key: &str,
    who: Who<'_>,
    now: Timestamp,
) -> Result<Option<Standing>> {
    connection.first(sql, &[&key, &who.identity, &who.guest_key, &who.address, &now], |row| {
        let at = rooms::WIDTH;
        let bans = row.get::<i64>(at + 5)?;
        let user = match row.get::<Option<String>>(at)? {
            Some(name) => Some(Known {
                name,
                role: row.get(at + 1)?,
                avatar_url: row.get(at + 2)?,
                is_active: row.get(at + 3)?,
            }),
            None => None,
        };
        let is_guest = user.as_ref().is_none_or(|u| u.role == Role::Guest);
        Ok(Standing {
            room: rooms::read(&row)?,
            is_moderator: row.get(at + 4)?,
            is_banned: bans & 1 != 0 || (is_guest && bans & 2 != 0),
            is_address_banned: is_guest && bans & 4 != 0,
            not_before_seconds: row.get(at + 6)?,
            held_until: row.get(at + 7)?,
            is_inside: row.get(at + 8)?,
            holds: Holds::read(&row, at + 9)?,
            decided: row.get::<Option<lobby::State>>(at + 10)?.zip(row.get::<Option<Timestamp>>(at + 11)?),
            has_moderator: row.get(at + 12)?,
            is_invited: row.get(at + 13)?,
            was_brought: row.get(at + 14)?,
            user,
        })
    })
}
