//! Table `users`: accounts, and guests for as long as they have a session.

use super::{Column, Connection, Param, Row, Timestamp, Value};
use crate::{actor::Role, error::Result, names::folded};

/// One account or guest, whole, but for the preferences.
#[derive(Clone, Debug)]
pub struct User {
    /// UUID; `guest-` and eight of a-z0-9 for a guest made by joining a room.
    pub id: String,
    /// Normalised mail address; a guest has none.
    pub email: Option<String>,
    /// Display name.
    pub name: String,
    /// `local`, `guest`, or the id of the provider by which the account was made.
    pub provider: String,
    /// What they may do on the server.
    pub role: Role,
    /// Where their picture is; empty without one.
    pub avatar_url: String,
    /// False: disabled by an administrator.
    pub is_active: bool,
    /// When the mail address was proven.
    pub email_verified_at: Option<Timestamp>,
    /// When the password last changed.
    pub password_changed_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When one of these values last changed.
    pub updated_at: Timestamp,
}

/// What [`read`] takes, from a table or join that calls it `u`.
pub(super) const COLUMNS: &str = "u.id, u.email, u.name, u.provider, u.role, u.avatar_url, u.is_active,
     u.email_verified_at, u.password_changed_at, u.created_at, u.updated_at";
/// How many [`COLUMNS`] there are.
pub(super) const WIDTH: usize = 11;

impl Param for Role {
    fn value(&self) -> Value<'_> {
        Value::Text(self.name())
    }
}

impl Column for Role {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(name) => Role::named(name),
            _ => None,
        }
    }
}

/// Reads [`COLUMNS`], which come first.
pub(super) fn read(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        provider: row.get(3)?,
        role: row.get(4)?,
        avatar_url: row.get(5)?,
        is_active: row.get(6)?,
        email_verified_at: row.get(7)?,
        password_changed_at: row.get(8)?,
        created_at: row.get(9)?,
        updated_at: row.get(10)?,
    })
}

/// Adds an account; a mail address already in use is a conflict.
pub fn insert(connection: &mut Connection, user: &User) -> Result<()> {
    connection.execute(
        "INSERT INTO users (id, email, name, provider, role, avatar_url, is_active,
                            email_verified_at, password_changed_at, created_at, updated_at, name_folded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            &user.id,
            &user.email,
            &user.name,
            &user.provider,
            &user.role,
            &user.avatar_url,
            &user.is_active,
            &user.email_verified_at,
            &user.password_changed_at,
            &user.created_at,
            &user.updated_at,
            &folded(&user.name),
        ],
    )?;
    Ok(())
}

/// Folds the names that a version before this column wrote.
pub(super) fn fold_names(connection: &mut Connection) -> Result<()> {
    let sql = "SELECT id, name FROM users WHERE name_folded IS NULL";
    let missing = connection.query(sql, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
    if missing.is_empty() {
        return Ok(());
    }
    connection.transaction(|connection| {
        for (id, name) in &missing {
            let sql = "UPDATE users SET name_folded = $2 WHERE id = $1";
            connection.execute(sql, &[id, &folded(name)])?;
        }
        Ok(())
    })
}

/// By id.
pub fn by_id(connection: &mut Connection, id: &str) -> Result<Option<User>> {
    connection.first(&format!("SELECT {COLUMNS} FROM users u WHERE u.id = $1"), &[&id], |row| read(&row))
}

/// By normalised mail address.
pub fn by_email(connection: &mut Connection, email: &str) -> Result<Option<User>> {
    connection
        .first(&format!("SELECT {COLUMNS} FROM users u WHERE u.email = $1"), &[&email], |row| read(&row))
}

/// Accounts without guests of that display name, in any case of its letters; at most `limit`.
pub fn by_name(connection: &mut Connection, name: &str, limit: i64) -> Result<Vec<User>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users u WHERE u.name_folded = $1 AND u.role IN ('admin', 'user')
          ORDER BY u.created_at LIMIT $2"
    );
    connection.query(&sql, &[&folded(name), &limit], |row| read(&row))
}

/// Name and mail address of the newest accounts without guests, at most `limit`.
pub fn called(connection: &mut Connection, limit: i64) -> Result<Vec<(String, String)>> {
    let sql = "SELECT name, email FROM users WHERE role IN ('admin', 'user') AND email IS NOT NULL
                ORDER BY created_at DESC, id LIMIT $1";
    connection.query(sql, &[&limit], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Accounts without guests whose id begins with `prefix`; at most `limit`.
pub fn by_id_prefix(connection: &mut Connection, prefix: &str, limit: i64) -> Result<Vec<User>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM users u WHERE u.id >= $1 AND u.id < $2 AND u.role IN ('admin', 'user')
          ORDER BY u.id LIMIT $3"
    );
    // ids are hexadecimal digits and dashes: `g` comes after all of them
    connection.query(&sql, &[&prefix, &format!("{prefix}g"), &limit], |row| read(&row))
}

/// Holds the row until the transaction ends.
pub fn lock(connection: &mut Connection, id: &str) -> Result<()> {
    if connection.has_one_writer() {
        return Ok(());
    }
    connection.execute("UPDATE users SET updated_at = updated_at WHERE id = $1", &[&id])?;
    Ok(())
}

/// The pattern of LIKE for whatever contains `text`; it names its ESCAPE.
pub(super) fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// True when somebody else administers the server as well, or `id` does not.
pub fn may_lose_administrator(connection: &mut Connection, id: &str) -> Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM users WHERE id = $1 AND role = 'admin' AND is_active)
                   OR EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND is_active AND id <> $1)";
    Ok(connection.first(sql, &[&id], |row| row.get(0))?.unwrap_or(false))
}

/// True when somebody active administers the server.
pub fn has_administrator(connection: &mut Connection) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND is_active)";
    Ok(connection.first(sql, &[], |row| row.get(0))?.unwrap_or(false))
}

/// Changes name and mail address; a new address is unproven. An address in use is a conflict.
pub fn set_profile(connection: &mut Connection, id: &str, name: &str, email: &str) -> Result<()> {
    connection.execute(
        "UPDATE users SET name = $2, name_folded = $5, updated_at = $4, email = $3,
                email_verified_at = CASE WHEN email = $3 THEN email_verified_at END
          WHERE id = $1",
        &[&id, &name, &email, &Timestamp::now(), &folded(name)],
    )?;
    Ok(())
}

/// Changes the name.
pub fn set_name(connection: &mut Connection, id: &str, name: &str) -> Result<()> {
    let sql = "UPDATE users SET name = $2, name_folded = $3, updated_at = $4 WHERE id = $1";
    connection.execute(sql, &[&id, &name, &folded(name), &Timestamp::now()])?;
    Ok(())
}

/// Notes that the password (`credentials`) changed now.
pub fn password_changed(connection: &mut Connection, id: &str) -> Result<()> {
    let sql = "UPDATE users SET password_changed_at = $2, updated_at = $2 WHERE id = $1";
    connection.execute(sql, &[&id, &Timestamp::now()])?;
    Ok(())
}

/// Notes that the mail address is proven; what was noted before stays.
pub fn set_verified(connection: &mut Connection, id: &str) -> Result<()> {
    let sql =
        "UPDATE users SET email_verified_at = coalesce(email_verified_at, $2), updated_at = $2 WHERE id = $1";
    connection.execute(sql, &[&id, &Timestamp::now()])?;
    Ok(())
}

/// Sets the role.
pub fn set_role(connection: &mut Connection, id: &str, role: Role) -> Result<()> {
    let sql = "UPDATE users SET role = $2, updated_at = $3 WHERE id = $1";
    connection.execute(sql, &[&id, &role, &Timestamp::now()])?;
    Ok(())
}

/// Disables or enables.
pub fn set_active(connection: &mut Connection, id: &str, active: bool) -> Result<()> {
    let sql = "UPDATE users SET is_active = $2, updated_at = $3 WHERE id = $1";
    connection.execute(sql, &[&id, &active, &Timestamp::now()])?;
    Ok(())
}

/// Deletes the account; its sessions go with it.
pub fn delete(connection: &mut Connection, id: &str) -> Result<()> {
    connection.execute("DELETE FROM users WHERE id = $1", &[&id])?;
    Ok(())
}

/// Deletes guests whose last session is gone.
pub fn delete_departed_guests(connection: &mut Connection) -> Result<u64> {
    connection.execute(
        "DELETE FROM users WHERE role = 'guest' AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = users.id)",
        &[],
    )
}

/// The preferences, a JSON object as text.
pub fn preferences(connection: &mut Connection, id: &str) -> Result<Option<String>> {
    connection.first("SELECT preferences FROM users WHERE id = $1", &[&id], |row| row.get(0))
}

/// Replaces the preferences.
pub fn set_preferences(connection: &mut Connection, id: &str, json: &str) -> Result<()> {
    connection.execute("UPDATE users SET preferences = $2 WHERE id = $1", &[&id, &json])?;
    Ok(())
}
