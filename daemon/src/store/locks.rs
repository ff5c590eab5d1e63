//! Table `locks`: a row to hold until the transaction ends, for a rule over more rows than one. Two transactions that take the same
//! lock come one after the other in every database; in SQLite all that write do.

use super::Connection;
use crate::error::Result;

/// What a rule needs for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Who administers the server: somebody always does, and only one person sets it up.
    Administrators,
}

/// Holds the lock until the transaction ends. Take it before reading what the rule is about.
pub fn hold(connection: &mut Connection, lock: Lock) -> Result<()> {
    let name = match lock {
        Lock::Administrators => "administrators",
    };
    connection.execute(
        "INSERT INTO locks (name, times) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET times = locks.times + 1",
        &[&name],
    )?;
    Ok(())
}
