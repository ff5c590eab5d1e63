//! Table `meetings`: in which rooms a meeting goes on, so that its end is told once, whoever says it first.

use crate::{
    error::Result,
    store::{
        Connection, Timestamp,
        webhooks::tell::{self, About, ROOM_ENDED},
    },
};

/// Somebody came; nothing changes where one goes on.
pub fn begin(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO meetings (room_id, began_at) VALUES ($1, $2) ON CONFLICT (room_id) DO NOTHING";
    connection.execute(sql, &[&room_id, &now]).map(drop)
}

/// It is over, by `user_id` or by itself; false where none went on. Webhooks are told.
pub fn end(connection: &mut Connection, room_id: &str, user_id: &str) -> Result<bool> {
    let was = forget(connection, room_id)?;
    if was {
        tell::tell(connection, ROOM_ENDED, About { room_id, user_id, user_name: "" })?;
    }
    Ok(was)
}

/// The same, without telling anybody.
pub fn forget(connection: &mut Connection, room_id: &str) -> Result<bool> {
    Ok(connection.execute("DELETE FROM meetings WHERE room_id = $1", &[&room_id])? == 1)
}

/// The rooms in which one goes on since before `before`, and that nobody is inside of.
pub fn deserted(connection: &mut Connection, before: Timestamp) -> Result<Vec<String>> {
    let sql = "SELECT m.room_id FROM meetings m WHERE m.began_at < $1 AND NOT EXISTS
                (SELECT 1 FROM presences p WHERE p.room_id = m.room_id AND p.left_at IS NULL)";
    connection.query(sql, &[&before], |row| row.get(0))
}
