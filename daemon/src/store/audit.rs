//! Table `audit`: one line per state-changing act of a person. Written, read, never changed; forgotten when it is old.

use super::{Connection, Timestamp};
use crate::error::Result;

/// What is written down about an act.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Who: `Actor::label`.
    pub actor: String,
    /// From where: the client's address, empty for the shell and the system.
    pub address: String,
    /// The verb, such as `room.kick`.
    pub verb: &'static str,
    /// Whom or what it was done to: an id.
    pub target: String,
    /// The room, where there is one.
    pub room_id: Option<String>,
    /// Anything that helps to understand it later; never a secret.
    pub detail: String,
}

/// Writes one line: who, what, whom, from where.
pub fn write(connection: &mut Connection, line: &Line) -> Result<()> {
    connection.execute(
        "INSERT INTO audit (id, at, actor, verb, target, room_id, address, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &uuid::Uuid::now_v7().to_string(),
            &Timestamp::now(),
            &line.actor,
            &line.verb,
            &line.target,
            &line.room_id,
            &line.address,
            &line.detail,
        ],
    )?;
    Ok(())
}

/// Deletes at most `most` lines from before `before`, the oldest first; says how many.
pub fn delete_before(connection: &mut Connection, before: Timestamp, most: u64) -> Result<u64> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY at LIMIT $2)";
    connection.execute(sql, &[&before, &most])
}
