//! Table `account_invitations`: who may make an account by a link. A row serves once.

use crate::{
    error::Result,
    store::{Connection, Row, Timestamp},
};

/// One invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// UUID.
    pub id: String,
    /// The one mail address that it is for; empty for any.
    pub email: String,
    /// `Actor::label` of who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it serves.
    pub expires_at: Timestamp,
    /// When it has served.
    pub used_at: Option<Timestamp>,
    /// User id of who came by it; may be empty.
    pub used_by: String,
    /// Whether who made it may still invite: it ends with that.
    pub is_backed: bool,
}

const COLUMNS: &str = "id, email, created_by, created_at, expires_at, used_at, used_by";
/// Made at the shell, or by somebody who administers the server now.
const IS_BACKED: &str = "(created_by NOT LIKE 'user:%' OR EXISTS (
    SELECT 1 FROM users u WHERE u.id = substr(created_by, 6) AND u.role = 'admin' AND u.is_active))";

fn read(row: &Row<'_>) -> Result<Invitation> {
    Ok(Invitation {
        id: row.get(0)?,
        email: row.get(1)?,
        created_by: row.get(2)?,
        created_at: row.get(3)?,
        expires_at: row.get(4)?,
        used_at: row.get(5)?,
        used_by: row.get(6)?,
        is_backed: row.get(7)?,
    })
}

/// Adds an invitation.
pub fn insert(connection: &mut Connection, invitation: &Invitation) -> Result<()> {
    connection.execute(
        "INSERT INTO account_invitations (id, email, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        &[
            &invitation.id,
            &invitation.email,
            &invitation.created_by,
            &invitation.created_at,
            &invitation.expires_at,
        ],
    )?;
    Ok(())
}

/// The invitation of that id.
pub fn by_id(connection: &mut Connection, id: &str) -> Result<Option<Invitation>> {
    let sql = format!("SELECT {COLUMNS}, {IS_BACKED} FROM account_invitations WHERE id = $1");
    connection.first(&sql, &[&id], |row| read(&row))
}

/// Invitations, newest first; and how many there are.
pub fn list(connection: &mut Connection, limit: i64, offset: i64) -> Result<(Vec<Invitation>, i64)> {
    let sql = format!(
        "SELECT {COLUMNS}, {IS_BACKED} FROM account_invitations ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2"
    );
    let found = connection.query(&sql, &[&limit, &offset], |row| read(&row))?;
    let total = connection.first("SELECT count(*) FROM account_invitations", &[], |row| row.get(0))?;
    Ok((found, total.unwrap_or(0)))
}

/// Uses one up for somebody with that mail address; false where it does not serve (any more).
pub fn serve(
    connection: &mut Connection,
    id: &str,
    email: &str,
    user_id: &str,
    now: Timestamp,
) -> Result<bool> {
    let sql = format!(
        "UPDATE account_invitations SET used_at = $4, used_by = $3
          WHERE id = $1 AND used_at IS NULL AND expires_at > $4 AND (email = '' OR email = $2) AND {IS_BACKED}"
    );
    let changed = connection.execute(&sql, &[&id, &email, &user_id, &now])?;
    Ok(changed == 1)
}

/// Deletes one; false where there is none.
pub fn delete(connection: &mut Connection, id: &str) -> Result<bool> {
    Ok(connection.execute("DELETE FROM account_invitations WHERE id = $1", &[&id])? == 1)
}
