//! Table `revocations`: join tokens of somebody, issued up to and including a second, open nothing any more.

use super::Connection;
use crate::error::Result;

/// Refuses every join token of `identity` that was issued up to `not_before_seconds`, or right after the revocation before:
/// that one is dated a second later, lest it be refused itself.
pub fn set(
    connection: &mut Connection,
    room_id: &str,
    identity: &str,
    not_before_seconds: i64,
) -> Result<()> {
    connection.execute(
        "INSERT INTO revocations (room_id, identity, not_before_seconds) VALUES ($1, $2, $3)
         ON CONFLICT (room_id, identity) DO UPDATE SET not_before_seconds =
                CASE WHEN revocations.not_before_seconds < excluded.not_before_seconds
                     THEN excluded.not_before_seconds ELSE revocations.not_before_seconds + 1 END",
        &[&room_id, &identity, &not_before_seconds],
    )?;
    Ok(())
}

/// Forgets revocations of tokens that have expired: those issued before `before_seconds`.
pub fn delete_old(connection: &mut Connection, before_seconds: i64) -> Result<u64> {
    connection.execute("DELETE FROM revocations WHERE not_before_seconds < $1", &[&before_seconds])
}
