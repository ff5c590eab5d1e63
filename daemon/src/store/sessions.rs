//! Table `sessions`: one row a device. No token is kept: refresh tokens are signed, and the row knows which generation is the latest.

use super::{Column, Connection, Param, Row, Timestamp, Value, users, users::User};
use crate::error::Result;

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By their password.
    Password,
    /// By a passkey.
    Passkey,
    /// By the word of a provider.
    Provider,
    /// Not at all: a guest says a name.
    Name,
}

impl Proof {
    fn name(self) -> &'static str {
        match self {
            Proof::Password => "password",
            Proof::Passkey => "passkey",
            Proof::Provider => "provider",
            Proof::Name => "name",
        }
    }
}

impl Param for Proof {
    fn value(&self) -> Value<'_> {
        Value::Text(self.name())
    }
}

impl Column for Proof {
    fn read(value: Value<'_>) -> Option<Self> {
        let all = [Proof::Password, Proof::Passkey, Proof::Provider, Proof::Name];
        all.into_iter().find(|proof| value == Value::Text(proof.name()))
    }
}

/// One device of one person.
#[derive(Clone, Debug)]
pub struct Session {
    /// UUID.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// Which refresh token is the latest; counted from 1.
    pub generation: i64,
    /// Up to which generation a token of it has arrived here: whoever used that has it, and needs no earlier one.
    pub seen_generation: i64,
    /// When the latest was issued.
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
    /// When the person last proved who they are in this session, for what wants a fresh proof.
    pub proved_at: Timestamp,
    /// How they did.
    pub proof: Proof,
}

impl Session {
    /// True while it opens the API.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

const COLUMNS: &str =
    "s.id, s.user_id, s.generation, s.rotated_at, s.created_at, s.last_used_at, s.expires_at,
     s.ended_at, s.address, s.agent, s.guest_key, s.seen_generation, s.proved_at, s.proof";

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
        seen_generation: row.get(first + 11)?,
        proved_at: row.get(first + 12)?,
        proof: row.get(first + 13)?,
    })
}

/// Adds a session.
pub fn insert(connection: &mut Connection, session: &Session) -> Result<()> {
    connection.execute(
        "INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, last_used_at, expires_at,
                               address, agent, guest_key, seen_generation, proved_at, proof)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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
            &session.seen_generation,
            &session.proved_at,
            &session.proof,
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

/// True when the account of that mail address has, or lately had, a session of this client address.
pub fn came_from(connection: &mut Connection, email: &str, address: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users u JOIN sessions s ON s.user_id = u.id
                               WHERE u.email = $1 AND s.address = $2 AND s.address <> '')";
    Ok(connection.first(sql, &[&email, &address], |row| row.get(0))?.unwrap_or(false))
}

/// True when the account has had a session, and none of that id, or of that client address and program.
pub fn is_new_device(
    connection: &mut Connection,
    user_id: &str,
    session_id: Option<&str>,
    address: &str,
    agent: &str,
) -> Result<bool> {
    let sql = "SELECT count(*), coalesce(sum(CASE WHEN id = coalesce(CAST($2 AS TEXT), '') OR (address = $3 AND agent = $4)
                                               THEN 1 ELSE 0 END), 0) FROM sessions WHERE user_id = $1";
    let known = connection.first(sql, &[&user_id, &session_id, &address, &agent], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
    })?;
    Ok(matches!(known, Some((1.., 0))))
}

/// The open session by which a guest's device was last used, with the guest.
pub fn of_device(
    connection: &mut Connection,
    guest_key: &str,
    now: Timestamp,
) -> Result<Option<(User, Session)>> {
    let sql = format!(
        "SELECT {}, {COLUMNS} FROM sessions s JOIN users u ON u.id = s.user_id
          WHERE s.guest_key = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND u.role = 'guest' AND u.is_active
          ORDER BY s.last_used_at DESC LIMIT 1",
        users::COLUMNS
    );
    connection.first(&sql, &[&guest_key, &now], |row| Ok((users::read(&row)?, read(&row, users::WIDTH)?)))
}

/// Notes that a session is in use, so that it lives until `expires_at`.
pub fn prolong(connection: &mut Connection, id: &str, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    let sql = "UPDATE sessions SET last_used_at = $2, expires_at = $3 WHERE id = $1";
    connection.execute(sql, &[&id, &now, &expires_at])?;
    Ok(())
}

/// The open sessions of a person, newest first.
pub fn open_of(connection: &mut Connection, user_id: &str) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions s WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
          ORDER BY s.created_at DESC, s.id DESC"
    );
    connection.query(&sql, &[&user_id, &Timestamp::now()], |row| read(&row, 0))
}

/// Makes generation `from` + 1 the latest, since `from` has arrived; false when that is not the latest, or the session is over.
pub fn rotate(
    connection: &mut Connection,
    id: &str,
    from: i64,
    now: Timestamp,
    expires_at: Timestamp,
    address: &str,
) -> Result<bool> {
    let changed = connection.execute(
        "UPDATE sessions SET generation = $2 + 1, seen_generation = $2, rotated_at = $3, last_used_at = $3, expires_at = $4, address = $5
          WHERE id = $1 AND generation = $2 AND ended_at IS NULL AND expires_at > $3",
        &[&id, &from, &now, &expires_at, &address],
    )?;
    Ok(changed == 1)
}

/// Notes that a token of `generation` has arrived.
pub fn seen(connection: &mut Connection, id: &str, generation: i64) -> Result<()> {
    let sql = "UPDATE sessions SET seen_generation = $2 WHERE id = $1 AND seen_generation < $2 AND generation >= $2";
    connection.execute(sql, &[&id, &generation])?;
    Ok(())
}

/// Notes that the latest generation was asked for once more: its tokens live from `now` on.
pub fn again(connection: &mut Connection, id: &str, now: Timestamp) -> Result<()> {
    connection
        .execute("UPDATE sessions SET rotated_at = $2, last_used_at = $2 WHERE id = $1", &[&id, &now])?;
    Ok(())
}

/// Notes that the person has just proved who they are.
pub fn proved(connection: &mut Connection, id: &str, proof: Proof) -> Result<()> {
    let sql = "UPDATE sessions SET proved_at = $2, proof = $3 WHERE id = $1";
    connection.execute(sql, &[&id, &Timestamp::now(), &proof])?;
    Ok(())
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
          WHERE user_id = $1 AND ended_at IS NULL AND id <> coalesce(CAST($4 AS TEXT), '')",
        &[&user_id, &Timestamp::now(), &reason, &keep],
    )
}

/// Deletes sessions whose time was over at `before`.
pub fn delete_expired(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM sessions WHERE expires_at < $1", &[&before])
}
