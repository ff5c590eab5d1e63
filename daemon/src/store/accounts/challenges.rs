//! Table `challenges`: what a device was asked to sign, and the hashes of links in mail. A row serves once, and for its time.

use crate::{
    error::Result,
    store::{Connection, Timestamp},
};

/// One question to a device.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// The challenge itself, or a hash, base64url.
    pub id: String,
    /// What the answer is for.
    pub purpose: &'static str,
    /// Who was asked, where that was known.
    pub user_id: Option<String>,
    /// What the answer has to be checked against, as JSON.
    pub state: String,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

/// Adds a challenge.
pub fn insert(connection: &mut Connection, challenge: &Challenge) -> Result<()> {
    connection.execute(
        "INSERT INTO challenges (id, purpose, user_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)",
        &[&challenge.id, &challenge.purpose, &challenge.user_id, &challenge.state, &challenge.expires_at],
    )?;
    Ok(())
}

/// Takes a challenge away, with whom it was put to and its state; `None` where there is none, or it is too late for it.
pub fn take(
    connection: &mut Connection,
    id: &str,
    purpose: &str,
    now: Timestamp,
) -> Result<Option<(Option<String>, String)>> {
    let mut taken = connection.query(
        "DELETE FROM challenges WHERE id = $1 AND purpose = $2 RETURNING user_id, state, expires_at",
        &[&id, &purpose],
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<Timestamp>(2)?)),
    )?;
    Ok(taken.pop().filter(|(_, _, expires_at)| *expires_at > now).map(|(user_id, state, _)| (user_id, state)))
}

/// The same, and it stays.
pub fn look(
    connection: &mut Connection,
    id: &str,
    purpose: &str,
    now: Timestamp,
) -> Result<Option<(Option<String>, String)>> {
    let sql = "SELECT user_id, state FROM challenges WHERE id = $1 AND purpose = $2 AND expires_at > $3";
    connection.first(sql, &[&id, &purpose, &now], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Deletes those that nobody can answer any more.
pub fn delete_expired(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM challenges WHERE expires_at < $1", &[&before])
}
