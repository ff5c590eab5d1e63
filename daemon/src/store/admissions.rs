//! Table `admissions`: seats promised to people who hold a join token. A row says that a token was issued since the last
//! kick; its seat is held until `held_until`, after that it is only given while there is room.

use super::{Connection, Timestamp};
use crate::error::Result;

/// How long a seat is kept for somebody who took a token and has not connected yet.
pub const HOLD_SECONDS: i64 = 45;

/// Gives `identity` a seat, or renews it; false when every seat is taken. Who is inside or holds a seat always gets it.
///
/// Call it in a transaction that has written the room's row before (`rooms::lock`): in PostgreSQL that makes the count
/// see every earlier admission, in SQLite there is one writer at a time anyway.
pub fn enrol(connection: &mut Connection, room_id: &str, identity: &str, now: Timestamp) -> Result<bool> {
    let changed = connection.execute(
        "INSERT INTO admissions (room_id, identity, held_until)
         SELECT $1, $2, $4
          WHERE EXISTS (SELECT 1 FROM presences WHERE room_id = $1 AND identity = $2 AND left_at IS NULL)
             OR EXISTS (SELECT 1 FROM admissions WHERE room_id = $1 AND identity = $2 AND held_until > $3)
             OR (SELECT count(*) FROM (
                   SELECT identity FROM presences WHERE room_id = $1 AND left_at IS NULL
                   UNION SELECT identity FROM admissions WHERE room_id = $1 AND held_until > $3) AS seats)
                < (SELECT max_participants FROM rooms WHERE id = $1 AND deleted_at IS NULL)
         ON CONFLICT (room_id, identity) DO UPDATE SET held_until = excluded.held_until",
        &[&room_id, &identity, &now, &now.plus_seconds(HOLD_SECONDS)],
    )?;
    Ok(changed == 1)
}

/// How many seats are taken: people inside and seats held.
pub fn seats_taken(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<i64> {
    let taken = connection.first(
        "SELECT count(*) FROM (
           SELECT identity FROM presences WHERE room_id = $1 AND left_at IS NULL
           UNION SELECT identity FROM admissions WHERE room_id = $1 AND held_until > $2) AS seats",
        &[&room_id, &now],
        |row| row.get(0),
    )?;
    Ok(taken.unwrap_or(0))
}

/// Gives the seat of somebody back that was promised at `promised` or before, as they have left. One promised later stays.
pub fn release(
    connection: &mut Connection,
    room_id: &str,
    identity: &str,
    promised: Timestamp,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "UPDATE admissions SET held_until = $4
          WHERE room_id = $1 AND identity = $2 AND held_until > $4 AND held_until <= $3",
        &[&room_id, &identity, &promised.plus_seconds(HOLD_SECONDS), &now],
    )?;
    Ok(())
}

/// Forgets that a token was issued: after a kick or a ban.
pub fn withdraw(connection: &mut Connection, room_id: &str, identity: &str) -> Result<()> {
    connection
        .execute("DELETE FROM admissions WHERE room_id = $1 AND identity = $2", &[&room_id, &identity])?;
    Ok(())
}

/// Holds the seats of everybody inside of a room; for when the SFU ended and they will be back.
pub fn hold_inside(connection: &mut Connection, room_id: &str, now: Timestamp) -> Result<u64> {
    connection.execute(
        "INSERT INTO admissions (room_id, identity, held_until)
         SELECT DISTINCT p.room_id, p.identity, CAST($2 AS BIGINT) FROM presences p WHERE p.room_id = $1 AND p.left_at IS NULL
         ON CONFLICT (room_id, identity) DO UPDATE SET held_until = excluded.held_until",
        &[&room_id, &now.plus_seconds(HOLD_SECONDS)],
    )
}

/// Gives every seat of a room back.
pub fn release_all(connection: &mut Connection, room_id: &str) -> Result<()> {
    connection.execute("DELETE FROM admissions WHERE room_id = $1", &[&room_id])?;
    Ok(())
}

/// Forgets admissions that were over before `before`, but for those of people inside.
pub fn delete_old(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute(
        "DELETE FROM admissions WHERE held_until < $1
            AND NOT EXISTS (SELECT 1 FROM presences p WHERE p.room_id = admissions.room_id
                             AND p.identity = admissions.identity AND p.left_at IS NULL)",
        &[&before],
    )
}
