//! Table `bans`: who may not come back to a room. A guest is remembered by their device too, and by their address for as long as the meeting lasts.

use super::{Connection, Timestamp};
use crate::error::Result;

/// How a guest can be known again, from their newest session.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// The `bedrud_guest_id` cookie.
    pub guest_key: Option<String>,
    /// Client address as the session has it; empty when unknown.
    pub address: String,
}

/// A ban.
#[derive(Clone, Debug)]
pub struct Ban {
    /// UUID.
    pub id: String,
    /// Which room.
    pub room_id: String,
    /// User id or guest id.
    pub identity: String,
    /// Display name at the time.
    pub name: String,
    /// A guest's device.
    pub guest_key: Option<String>,
    /// A guest's address or network.
    pub address: Option<String>,
    /// Until when the address counts at the latest.
    pub address_until: Option<Timestamp>,
    /// Who banned: `Actor::label`.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// Keeps somebody out; a second ban of the same person renews the first.
pub fn insert(connection: &mut Connection, ban: &Ban) -> Result<()> {
    connection.execute(
        "INSERT INTO bans (id, room_id, identity, name, guest_key, address, address_until, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (room_id, identity) DO UPDATE SET guest_key = excluded.guest_key, address = excluded.address,
                address_until = excluded.address_until, created_by = excluded.created_by, created_at = excluded.created_at",
        &[
            &ban.id,
            &ban.room_id,
            &ban.identity,
            &ban.name,
            &ban.guest_key,
            &ban.address,
            &ban.address_until,
            &ban.created_by,
            &ban.created_at,
        ],
    )?;
    Ok(())
}

/// How a guest can be known again; `None` for accounts, which are known by their id.
pub fn traces(connection: &mut Connection, identity: &str) -> Result<Option<Traces>> {
    connection.first(
        "SELECT s.guest_key, s.address FROM users u JOIN sessions s ON s.user_id = u.id
          WHERE u.id = $1 AND u.role = 'guest' ORDER BY s.created_at DESC LIMIT 1",
        &[&identity],
        |row| Ok(Traces { guest_key: row.get(0)?, address: row.get(1)? }),
    )
}

/// Identities and names of those banned from a room.
pub fn of_room(connection: &mut Connection, room_id: &str) -> Result<Vec<(String, String)>> {
    let sql = "SELECT identity, name FROM bans WHERE room_id = $1 ORDER BY created_at";
    connection.query(sql, &[&room_id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Lets somebody in again; false when they were not banned.
pub fn remove(connection: &mut Connection, room_id: &str, identity: &str) -> Result<bool> {
    let sql = "DELETE FROM bans WHERE room_id = $1 AND identity = $2";
    Ok(connection.execute(sql, &[&room_id, &identity])? > 0)
}

/// Forgets addresses at the end of a meeting: the next person behind one is somebody else.
pub fn forget_addresses(connection: &mut Connection, room_id: &str) -> Result<()> {
    let sql =
        "UPDATE bans SET address = NULL, address_until = NULL WHERE room_id = $1 AND address IS NOT NULL";
    connection.execute(sql, &[&room_id])?;
    Ok(())
}
