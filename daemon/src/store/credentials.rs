//! Table `credentials`: how somebody can prove who they are. One row for each way: kind and subject name it, the secret is what
//! it is checked against.

use super::{Connection, Timestamp};
use crate::error::Result;

/// The kind of a password; its subject is the user's id, its secret a PHC string.
const PASSWORD: &str = "password";

/// The hash of somebody's password; `None` where they cannot sign in by one.
pub fn password(connection: &mut Connection, user_id: &str) -> Result<Option<String>> {
    let sql = "SELECT secret FROM credentials WHERE kind = $1 AND subject = $2";
    connection
        .first(sql, &[&PASSWORD, &user_id], |row| row.get::<Option<String>>(0))
        .map(|found| found.flatten())
}

/// Sets the password's hash.
pub fn set_password(connection: &mut Connection, user_id: &str, hash: &str) -> Result<()> {
    connection.execute(
        "INSERT INTO credentials (kind, subject, user_id, secret, created_at) VALUES ($1, $2, $2, $3, $4)
         ON CONFLICT (kind, subject) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at,
                last_used_at = NULL",
        &[&PASSWORD, &user_id, &hash, &Timestamp::now()],
    )?;
    Ok(())
}

/// Notes that the password was right.
pub fn password_used(connection: &mut Connection, user_id: &str) -> Result<()> {
    let sql = "UPDATE credentials SET last_used_at = $3 WHERE kind = $1 AND subject = $2";
    connection.execute(sql, &[&PASSWORD, &user_id, &Timestamp::now()])?;
    Ok(())
}
