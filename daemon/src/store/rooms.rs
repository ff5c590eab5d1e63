//! Table `rooms`: the meetings people made. A room is never deleted here, only archived, so its slug is free again.

use super::{Column, Connection, Param, Row, Timestamp, Value, users::containing};
use crate::{error::Result, names::folded};

/// Who publishes in a room, a closed set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Everybody.
    #[default]
    Standard,
    /// Owner and moderators; the others look, listen and chat.
    Webinar,
    /// Owner and moderators, to a public.
    Broadcast,
}

impl Mode {
    /// The name on the wire and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Standard => "standard",
            Mode::Webinar => "webinar",
            Mode::Broadcast => "broadcast",
        }
    }

    /// The mode of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Mode::Standard, Mode::Webinar, Mode::Broadcast].into_iter().find(|mode| mode.name() == name)
    }
}

impl Param for Mode {
    fn value(&self) -> Value<'_> {
        Value::Text(self.name())
    }
}

impl Column for Mode {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(name) => Mode::named(name),
            _ => None,
        }
    }
}

/// What the owner may switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Data packets: chat, reactions, polls.
    pub allow_chat: bool,
    /// Cameras and shared screens.
    pub allow_video: bool,
    /// Microphones.
    pub allow_audio: bool,
    /// A moderator lets people in.
    pub require_approval: bool,
    /// Clients encrypt end to end.
    pub e2ee: bool,
    /// No age and no idling ever ends the room; only administrators say so.
    pub is_persistent: bool,
    /// Moderators may record.
    pub recordings_allowed: bool,
    /// Everybody else waits until somebody who moderates is inside.
    pub moderator_first: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_chat: true,
            allow_video: true,
            allow_audio: true,
            require_approval: false,
            e2ee: false,
            is_persistent: false,
            recordings_allowed: false,
            moderator_first: false,
        }
    }
}

/// One room.
#[derive(Clone, Debug)]
pub struct Room {
    /// UUID; the SFU's name of the room, since slugs are reused.
    pub id: String,
    /// The slug in the link.
    pub name: String,
    /// What people call it, in any script; empty where that is the slug.
    pub title: String,
    /// `Actor::label` or user id of who made it.
    pub created_by: String,
    /// User id of the owner.
    pub admin_id: String,
    /// False once it is closed.
    pub is_active: bool,
    /// False: owner, moderators and administrators come in, and whoever was invited or is let in.
    pub is_public: bool,
    /// Until the meeting ends whoever is new waits to be let in.
    pub is_locked: bool,
    /// Seats.
    pub max_participants: i64,
    /// Who publishes.
    pub mode: Mode,
    /// What the owner may switch.
    pub settings: Settings,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a setting last changed.
    pub updated_at: Timestamp,
    /// When somebody last came, went or was inside.
    pub last_activity_at: Timestamp,
    /// When it was archived.
    pub deleted_at: Option<Timestamp>,
}

impl Room {
    /// What clients are told as `expiresAt`: 24 hours after the last use, or a century for a persistent room. Nothing ends
    /// then; a link keeps working.
    pub fn expires_at(&self) -> Timestamp {
        let hours = if self.settings.is_persistent { 100 * 366 * 24 } else { 24 };
        self.last_activity_at.plus_seconds(hours * 3600)
    }

    /// What people are shown: the title, else the slug.
    pub fn called(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }

    /// False once it is archived.
    pub fn is_open(&self) -> bool {
        self.deleted_at.is_none()
    }
}

/// The columns that [`read`] takes, of a table or alias `r`.
pub(super) const COLUMNS: &str = "r.id, r.name, r.created_by, r.admin_id, r.is_active, r.is_public,
     r.max_participants, r.mode, r.allow_chat, r.allow_video, r.allow_audio, r.require_approval, r.e2ee,
     r.is_persistent, r.recordings_allowed, r.created_at, r.updated_at, r.last_activity_at, r.deleted_at, r.title,
     r.moderator_first, r.is_locked";
/// How many they are.
pub(super) const WIDTH: usize = 22;

pub(super) fn read(row: &Row<'_>) -> Result<Room> {
    Ok(Room {
        id: row.get(0)?,
        name: row.get(1)?,
        created_by: row.get(2)?,
        admin_id: row.get(3)?,
        is_active: row.get(4)?,
        is_public: row.get(5)?,
        max_participants: row.get(6)?,
        mode: row.get(7)?,
        settings: Settings {
            allow_chat: row.get(8)?,
            allow_video: row.get(9)?,
            allow_audio: row.get(10)?,
            require_approval: row.get(11)?,
            e2ee: row.get(12)?,
            is_persistent: row.get(13)?,
            recordings_allowed: row.get(14)?,
            moderator_first: row.get(20)?,
        },
        created_at: row.get(15)?,
        updated_at: row.get(16)?,
        last_activity_at: row.get(17)?,
        deleted_at: row.get(18)?,
        title: row.get(19)?,
        is_locked: row.get(21)?,
    })
}

/// Adds a room while its owner has fewer than `quota` live ones; false when they have that many.
/// A live room of the same name is a conflict with code [`super::ALREADY_EXISTS`].
pub fn insert(connection: &mut Connection, room: &Room, quota: i64) -> Result<bool> {
    let settings = &room.settings;
    let changed = connection.execute(
        "INSERT INTO rooms (id, name, created_by, admin_id, is_active, is_public, max_participants, mode,
                allow_chat, allow_video, allow_audio, require_approval, e2ee, is_persistent, recordings_allowed,
                created_at, updated_at, last_activity_at, title, title_folded, moderator_first, deleted_at)
         SELECT $1, $2, $3, $4, $20, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15, $17, $18, $19,
                CAST($21 AS BIGINT)
          WHERE (SELECT count(*) FROM rooms WHERE admin_id = $4 AND deleted_at IS NULL) < $16",
        &[
            &room.id,
            &room.name,
            &room.created_by,
            &room.admin_id,
            &room.is_public,
            &room.max_participants,
            &room.mode,
            &settings.allow_chat,
            &settings.allow_video,
            &settings.allow_audio,
            &settings.require_approval,
            &settings.e2ee,
            &settings.is_persistent,
            &settings.recordings_allowed,
            &room.created_at,
            &quota,
            &room.title,
            &folded(&room.title),
            &settings.moderator_first,
            &room.is_active,
            &room.deleted_at,
        ],
    )?;
    Ok(changed == 1)
}

/// By id, archived or not.
pub fn by_id(connection: &mut Connection, id: &str) -> Result<Option<Room>> {
    connection.first(&format!("SELECT {COLUMNS} FROM rooms r WHERE r.id = $1"), &[&id], |row| read(&row))
}

/// The live room of that slug, else the one archived last.
pub fn by_name(connection: &mut Connection, name: &str) -> Result<Option<Room>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rooms r WHERE r.name = $1
          ORDER BY CASE WHEN r.deleted_at IS NULL THEN 0 ELSE 1 END, r.deleted_at DESC LIMIT 1"
    );
    connection.first(&sql, &[&name], |row| read(&row))
}

/// Live rooms whose slug begins with `prefix`, at most ten.
pub fn by_name_prefix(connection: &mut Connection, prefix: &str) -> Result<Vec<Room>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rooms r WHERE r.name >= $1 AND r.name < $2 AND r.deleted_at IS NULL
          ORDER BY r.name LIMIT 10"
    );
    // slugs are small letters, digits and dashes: `{` comes after all of them
    connection.query(&sql, &[&prefix, &format!("{prefix}{{")], |row| read(&row))
}

/// Slug and title of the newest live rooms, at most `limit`.
pub fn called(connection: &mut Connection, limit: i64) -> Result<Vec<(String, String)>> {
    let sql = "SELECT name, title FROM rooms WHERE deleted_at IS NULL ORDER BY created_at DESC, id LIMIT $1";
    connection.query(sql, &[&limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Live rooms of that title, in any case of its letters; at most ten.
pub fn by_title(connection: &mut Connection, title: &str) -> Result<Vec<Room>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rooms r WHERE r.title_folded = $1 AND r.title_folded <> '' AND r.deleted_at IS NULL
          ORDER BY r.name LIMIT 10"
    );
    connection.query(&sql, &[&folded(title)], |row| read(&row))
}

/// Live rooms whose id begins with `prefix`, at most ten.
pub fn by_id_prefix(connection: &mut Connection, prefix: &str) -> Result<Vec<Room>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rooms r WHERE r.id >= $1 AND r.id < $2 AND r.deleted_at IS NULL ORDER BY r.id LIMIT 10"
    );
    // ids are hexadecimal digits and dashes: `g` comes after all of them
    connection.query(&sql, &[&prefix, &format!("{prefix}g")], |row| read(&row))
}

/// The live rooms of an owner, newest first.
pub fn of_owner(connection: &mut Connection, user_id: &str) -> Result<Vec<Room>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rooms r WHERE r.admin_id = $1 AND r.deleted_at IS NULL ORDER BY r.created_at DESC"
    );
    connection.query(&sql, &[&user_id], |row| read(&row))
}

/// The archived rooms of an owner, latest first, and how many there are.
pub fn archived_of(
    connection: &mut Connection,
    user_id: &str,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Room>, i64)> {
    let sql = format!(
        "SELECT {COLUMNS} FROM rooms r WHERE r.admin_id = $1 AND r.deleted_at IS NOT NULL
          ORDER BY r.deleted_at DESC, r.id LIMIT $2 OFFSET $3"
    );
    let rooms = connection.query(&sql, &[&user_id, &limit, &offset], |row| read(&row))?;
    let sql = "SELECT count(*) FROM rooms WHERE admin_id = $1 AND deleted_at IS NOT NULL";
    let total = connection.first(sql, &[&user_id], |row| row.get(0))?;
    Ok((rooms, total.unwrap_or(0)))
}

/// Live rooms whose slug or title contains `wanted`, newest first, with how many people are inside of each; and how many rooms
/// there are on all pages. With `only_met` those that have somebody inside.
pub fn live(
    connection: &mut Connection,
    wanted: &str,
    only_met: bool,
    limit: i64,
    offset: i64,
) -> Result<(Vec<(Room, i64)>, i64)> {
    let pattern = containing(&folded(wanted));
    let filter = "r.deleted_at IS NULL AND ($1 = '%%' OR r.name LIKE $1 ESCAPE '\\' OR r.title_folded LIKE $1 ESCAPE '\\')";
    let met = "EXISTS (SELECT 1 FROM presences q WHERE q.room_id = r.id AND q.left_at IS NULL)";
    let filter = if only_met { format!("{filter} AND {met}") } else { filter.to_owned() };
    let sql = format!(
        "SELECT {COLUMNS}, (SELECT count(DISTINCT p.identity) FROM presences p
                             WHERE p.room_id = r.id AND p.left_at IS NULL)
           FROM rooms r WHERE {filter} ORDER BY r.created_at DESC, r.id DESC LIMIT $2 OFFSET $3"
    );
    let page =
        connection.query(&sql, &[&pattern, &limit, &offset], |row| Ok((read(&row)?, row.get(WIDTH)?)))?;
    let total =
        connection
            .first(&format!("SELECT count(*) FROM rooms r WHERE {filter}"), &[&pattern], |row| row.get(0))?;
    Ok((page, total.unwrap_or(0)))
}

/// Writes title, visibility, seats, mode and settings of `room` back; false when it is archived.
pub fn update(connection: &mut Connection, room: &Room) -> Result<bool> {
    let settings = &room.settings;
    let changed = connection.execute(
        "UPDATE rooms SET is_public = $2, max_participants = $3, allow_chat = $4, allow_video = $5, allow_audio = $6,
                require_approval = $7, e2ee = $8, is_persistent = $9, recordings_allowed = $10, updated_at = $11,
                title = $12, title_folded = $13, moderator_first = $14, mode = $15
          WHERE id = $1 AND deleted_at IS NULL",
        &[
            &room.id,
            &room.is_public,
            &room.max_participants,
            &settings.allow_chat,
            &settings.allow_video,
            &settings.allow_audio,
            &settings.require_approval,
            &settings.e2ee,
            &settings.is_persistent,
            &settings.recordings_allowed,
            &room.updated_at,
            &room.title,
            &folded(&room.title),
            &settings.moderator_first,
            &room.mode,
        ],
    )?;
    Ok(changed == 1)
}

/// Locks a meeting, or unlocks it; false when it was so.
pub fn set_locked(connection: &mut Connection, id: &str, on: bool) -> Result<bool> {
    let sql = "UPDATE rooms SET is_locked = $2 WHERE id = $1 AND is_locked <> $2 AND deleted_at IS NULL";
    Ok(connection.execute(sql, &[&id, &on])? == 1)
}

/// Notes that the room is in use; at most once a minute, so that readers seldom wait for a write.
pub fn touch(connection: &mut Connection, id: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE rooms SET last_activity_at = $2 WHERE id = $1 AND last_activity_at < $3";
    connection.execute(sql, &[&id, &now, &now.plus_seconds(-60)])?;
    Ok(())
}

/// Notes that the room is in use, always, and so holds its row until the transaction ends; false when it is archived.
pub fn lock(connection: &mut Connection, id: &str, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE rooms SET last_activity_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    Ok(connection.execute(sql, &[&id, &now])? == 1)
}

/// Holds the row until the transaction ends, so that what is read after it stays so.
pub fn hold(connection: &mut Connection, id: &str) -> Result<()> {
    connection.execute("UPDATE rooms SET updated_at = updated_at WHERE id = $1", &[&id])?;
    Ok(())
}

/// Closes a room for good and frees its slug; false when it was closed already.
pub fn archive(connection: &mut Connection, id: &str, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE rooms SET is_active = FALSE, deleted_at = $2, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    Ok(connection.execute(sql, &[&id, &now])? == 1)
}

/// Live rooms that somebody is inside of, or is on the way to.
pub fn in_use(connection: &mut Connection, now: Timestamp) -> Result<Vec<String>> {
    connection.query(
        "SELECT p.room_id FROM presences p JOIN rooms r ON r.id = p.room_id
          WHERE p.left_at IS NULL AND r.deleted_at IS NULL
         UNION
         SELECT a.room_id FROM admissions a WHERE a.held_until > $1
            AND EXISTS (SELECT 1 FROM rooms r WHERE r.id = a.room_id AND r.deleted_at IS NULL)",
        &[&now],
        |row| row.get(0),
    )
}

/// What is of no use to anybody once its room is archived: such a room never opens again.
const OF_OPEN_ROOMS: [&str; 6] = ["bans", "holds", "moderators", "room_invitations", "room_invited", "stage"];

/// Forgets all that of archived rooms, and says how many rows that were.
pub fn forget_archived(connection: &mut Connection) -> Result<u64> {
    OF_OPEN_ROOMS.iter().try_fold(0, |gone, table| {
        let archived = "room_id IN (SELECT id FROM rooms WHERE deleted_at IS NOT NULL)";
        Ok(gone + connection.execute(&format!("DELETE FROM {table} WHERE {archived}"), &[])?)
    })
}
