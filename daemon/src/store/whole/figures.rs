//! How many there are of what, over all tables.

use crate::{
    error::Result,
    store::{Connection, presences},
};

/// The numbers.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// People inside of any room.
    pub participants: i64,
    /// Rooms with somebody inside.
    pub meetings: i64,
    /// Rooms that are not closed.
    pub rooms: i64,
    /// Accounts.
    pub users: i64,
    /// What decisions left and is not done yet.
    pub effects: i64,
}

/// Counts.
pub fn read(connection: &mut Connection) -> Result<Figures> {
    let mut count =
        |sql: &str| -> Result<i64> { Ok(connection.first(sql, &[], |row| row.get(0))?.unwrap_or(0)) };
    let rooms = count("SELECT count(*) FROM rooms WHERE deleted_at IS NULL")?;
    let users = count("SELECT count(*) FROM users WHERE role <> 'guest'")?;
    let effects = count("SELECT count(*) FROM effects")?;
    let (participants, meetings) = (presences::count_all(connection)?, presences::count_rooms(connection)?);
    Ok(Figures { participants, meetings, rooms, users, effects })
}
