//! Table `moderators`: who may moderate a room beside its owner.

use super::{Connection, Timestamp};
use crate::error::Result;

/// Makes `identity` a moderator; false when they were one.
pub fn add(
    connection: &mut Connection,
    room_id: &str,
    identity: &str,
    granted_by: &str,
    now: Timestamp,
) -> Result<bool> {
    let changed = connection.execute(
        "INSERT INTO moderators (room_id, identity, granted_by, granted_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (room_id, identity) DO NOTHING",
        &[&room_id, &identity, &granted_by, &now],
    )?;
    Ok(changed == 1)
}

/// Takes it back; false when they were none.
pub fn remove(connection: &mut Connection, room_id: &str, identity: &str) -> Result<bool> {
    let sql = "DELETE FROM moderators WHERE room_id = $1 AND identity = $2";
    Ok(connection.execute(sql, &[&room_id, &identity])? == 1)
}

/// Takes it back from everybody whom `granted_by` made one, and tells who that was.
pub fn remove_by(connection: &mut Connection, room_id: &str, granted_by: &str) -> Result<Vec<String>> {
    let sql = "DELETE FROM moderators WHERE room_id = $1 AND granted_by = $2 RETURNING identity";
    connection.query(sql, &[&room_id, &granted_by], |row| row.get(0))
}
