//! Table `sessions`: one row a device. No token is kept: refresh tokens are signed, and the row knows which generation is the latest.

use super::{Connection, Row, Timestamp, users, users::User};
use crate::error::Result;

/// One device of one person.
#[derive(Clone, Debug)]
pub struct Session {
    /// UUID.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Which refresh token is the latest; counted from 1.
    pub generation: i64,
    /// When it was issued.
    pub rotated_at: Timestamp,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When a token was last asked for.
    pub last_used_at: Timestamp,
    /// When it ends by itself, unless it is used before.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Client address at sign-in or last refresh; may be empty.
    pub address: String,
    /// `User-Agent` at sign-in; may be empty.
    pub agent: String,
    /// A guest's device, which bans remember.
    pub guest_key: Option<String>,
}

impl Session {
    /// True while it opens the API.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

const COLUMNS: &str =
    "s.id, s.user_id, s.generation, s.rotated_at, s.created_at, s.last_used_at, s.expires_at,
     s.ended_at, s.address, s.agent, s.guest_key";

fn read(row: &Row<'_>, first: usize) -> Result<Session> {
    Ok(Session {
        id: row.get(first)?,
        user_id: row.get(first + 1)?,
        generation: row.get(first + 2)?,
        rotated_at: row.get(first + 3)?,
        created_at: row.get(first + 4)?,
        last_used_at: row.get(first + 5)?,
        expires_at: row.get(first + 6)?,
        ended_at: row.get(first + 7)?,
        address: row.get(first + 8)?,
        agent: row.get(first + 9)?,
        guest_key: row.get(first + 10)?,
    })
}

/// Adds a session.
pub fn insert(connection: &mut Connection, session: &Session) -> Result<()> {
    connection.execute(
        "INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, last_used_at, expires_at,
                               address, agent, guest_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            &session.id,
            &session.user_id,
            &session.generation,
            &session.rotated_at,
            &session.created_at,
            &session.last_used_at,
            &session.expires_at,
            &session.address,
            &session.agent,
            &session.guest_key,
        ],
    )?;
    Ok(())
}

/// A session, ended or not, with its person.
pub fn with_user(connection: &mut Connection, id: &str) -> Result<Option<(User, Session)>> {
    let sql = format!(
        "SELECT {}, {COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1",
        users::COLUMNS
    );
    connection.first(&sql, &[&id], |row| Ok((users::read(&row)?, read(&row, users::WIDTH)?)))
}

/// The open sessions of a person, newest first.
pub fn open_of(connection: &mut Connection, user_id: &str) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions s WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
          ORDER BY s.created_at DESC, s.id DESC"
    );
    connection.query(&sql, &[&user_id, &Timestamp::now()], |row| read(&row, 0))
}

/// Makes generation `from` + 1 the latest; false when `from` is not the latest, or the session is over.
pub fn rotate(
    connection: &mut Connection,
    id: &str,
    from: i64,
    now: Timestamp,
    expires_at: Timestamp,
    address: &str,
) -> Result<bool> {
    let changed = connection.execute(
        "UPDATE sessions SET generation = $2 + 1, rotated_at = $3, last_used_at = $3, expires_at = $4, address = $5
          WHERE id = $1 AND generation = $2 AND ended_at IS NULL AND expires_at > $3",
        &[&id, &from, &now, &expires_at, &address],
    )?;
    Ok(changed == 1)
}

/// Ends one session; false when it was not open.
pub fn end(connection: &mut Connection, id: &str, reason: &str) -> Result<bool> {
    let sql = "UPDATE sessions SET ended_at = $2, end_reason = $3 WHERE id = $1 AND ended_at IS NULL";
    Ok(connection.execute(sql, &[&id, &Timestamp::now(), &reason])? == 1)
}

/// Ends every open session of a person but `keep`; says how many.
pub fn end_all(connection: &mut Connection, user_id: &str, keep: Option<&str>, reason: &str) -> Result<u64> {
    connection.execute(
        "UPDATE sessions SET ended_at = $2, end_reason = $3
          WHERE user_id = $1 AND ended_at IS NULL AND ($4 IS NULL OR id <> $4)",
        &[&user_id, &Timestamp::now(), &reason, &keep],
    )
}

/// Deletes sessions whose time was over at `before`.
pub fn delete_expired(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM sessions WHERE expires_at < $1", &[&before])
}
