//! Table `restrictions`: what a moderator took from one participant; it holds until it is given back.

use super::Connection;
use crate::error::Result;

/// What can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// No sound.
    Muted,
    /// No camera.
    VideoOff,
}

/// Takes or gives back; false when nothing changed.
pub fn set(
    connection: &mut Connection,
    room_id: &str,
    identity: &str,
    restriction: Restriction,
    on: bool,
) -> Result<bool> {
    let column = match restriction {
        Restriction::Muted => "muted",
        Restriction::VideoOff => "video_off",
    };
    let sql = if on {
        format!(
            "INSERT INTO restrictions (room_id, identity, {column}) VALUES ($1, $2, TRUE)
             ON CONFLICT (room_id, identity) DO UPDATE SET {column} = TRUE WHERE NOT restrictions.{column}"
        )
    } else {
        format!("UPDATE restrictions SET {column} = FALSE WHERE room_id = $1 AND identity = $2 AND {column}")
    };
    Ok(connection.execute(&sql, &[&room_id, &identity])? == 1)
}
