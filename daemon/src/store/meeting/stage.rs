//! Table `stage`: who was brought on stage in a room that has an audience.

use crate::{
    error::Result,
    store::{Connection, Timestamp},
};

/// Brings somebody on stage; false when they were there.
pub fn bring(connection: &mut Connection, room_id: &str, identity: &str, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO stage (room_id, identity, brought_at) VALUES ($1, $2, $3)
               ON CONFLICT (room_id, identity) DO NOTHING";
    Ok(connection.execute(sql, &[&room_id, &identity, &now])? == 1)
}

/// Takes somebody off; false when they were not there.
pub fn remove(connection: &mut Connection, room_id: &str, identity: &str) -> Result<bool> {
    let sql = "DELETE FROM stage WHERE room_id = $1 AND identity = $2";
    Ok(connection.execute(sql, &[&room_id, &identity])? == 1)
}

/// Everybody is in the audience of the next meeting.
pub fn end_of_meeting(connection: &mut Connection, room_id: &str) -> Result<()> {
    connection.execute("DELETE FROM stage WHERE room_id = $1", &[&room_id]).map(drop)
}
