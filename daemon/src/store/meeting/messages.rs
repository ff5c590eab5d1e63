//! Table `messages`: what was said in rooms, in the order in which the server was told.

use crate::{
    error::Result,
    store::{Connection, Timestamp},
};

/// Something that was said.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its sender's name for it.
    pub id: String,
    /// Who said it.
    pub identity: String,
    /// What they were called.
    pub name: String,
    /// What of the data channel's packet is theirs to say, as JSON.
    pub body: String,
    /// When the server was told.
    pub said_at: Timestamp,
}

/// Writes a message down; one of the same sender and id stays as it was. Tells when it was said.
pub fn say(connection: &mut Connection, room_id: &str, message: &Message) -> Result<Timestamp> {
    let said_at = connection.first(
        "INSERT INTO messages (room_id, id, identity, name, body, said_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (room_id, identity, id) DO UPDATE SET said_at = messages.said_at RETURNING said_at",
        &[&room_id, &message.id, &message.identity, &message.name, &message.body, &message.said_at],
        |row| row.get(0),
    )?;
    Ok(said_at.unwrap_or(message.said_at))
}

/// The newest messages of a room that were said after `since`, at most `count`, oldest first.
pub fn of_room(
    connection: &mut Connection,
    room_id: &str,
    since: Timestamp,
    count: i64,
) -> Result<Vec<Message>> {
    let mut found = connection.query(
        "SELECT id, identity, name, body, said_at FROM messages WHERE room_id = $1 AND said_at > $2
          ORDER BY said_at DESC, id DESC LIMIT $3",
        &[&room_id, &since, &count],
        |row| {
            Ok(Message {
                id: row.get(0)?,
                identity: row.get(1)?,
                name: row.get(2)?,
                body: row.get(3)?,
                said_at: row.get(4)?,
            })
        },
    )?;
    found.reverse();
    Ok(found)
}

/// Forgets what is older than `since`, and all but the newest `count`.
pub fn keep(connection: &mut Connection, room_id: &str, since: Timestamp, count: i64) -> Result<()> {
    connection.execute(
        "DELETE FROM messages WHERE room_id = $1 AND (said_at <= $2 OR said_at <
           (SELECT m.said_at FROM messages m WHERE m.room_id = $1 ORDER BY m.said_at DESC, m.id DESC LIMIT 1 OFFSET $3))",
        &[&room_id, &since, &(count - 1).max(0)],
    )?;
    Ok(())
}

/// Takes one back; false when there is none.
pub fn unsay(connection: &mut Connection, room_id: &str, identity: &str, id: &str) -> Result<bool> {
    let sql = "DELETE FROM messages WHERE room_id = $1 AND identity = $2 AND id = $3";
    Ok(connection.execute(sql, &[&room_id, &identity, &id])? == 1)
}

/// Forgets all that was said in a room.
pub fn forget(connection: &mut Connection, room_id: &str) -> Result<u64> {
    connection.execute("DELETE FROM messages WHERE room_id = $1", &[&room_id])
}

/// Forgets what was said before `before`, in every room.
pub fn delete_old(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM messages WHERE said_at < $1", &[&before])
}
