//! Table `locks`: a row to hold until the transaction ends, for a rule over more rows than one. Two transactions that take the same
//! lock come one after the other in every database; in SQLite all that write do.

use super::Connection;
use crate::error::Result;

/// What a rule needs for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Who administers the server: somebody always does, and only one person sets it up.
    Administrators,
    /// The numbers of events: how often it was held is the newest one.
    Events,
}

impl Lock {
    fn name(self) -> &'static str {
        match self {
            Self::Administrators => "administrators",
            Self::Events => "events",
        }
    }
}

/// Holds the lock until the transaction ends. Take it before reading what the rule is about.
pub fn hold(connection: &mut Connection, lock: Lock) -> Result<()> {
    hold_times(connection, lock, 1).map(drop)
}

/// The same as often as `count` says, and how often it was held then.
pub fn hold_times(connection: &mut Connection, lock: Lock, count: i64) -> Result<i64> {
    let times = connection.first(
        "INSERT INTO locks (name, times) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET times = locks.times + excluded.times RETURNING times",
        &[&lock.name(), &count],
        |row| row.get(0),
    )?;
    Ok(times.unwrap_or(count))
}

/// How often it was held.
pub fn times(connection: &mut Connection, lock: Lock) -> Result<i64> {
    let times =
        connection.first("SELECT times FROM locks WHERE name = $1", &[&lock.name()], |row| row.get(0))?;
    Ok(times.unwrap_or(0))
}
