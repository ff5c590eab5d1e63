//! Table `leases`: which daemon does a job now, so that a second one on the same database does it after the first, not beside it.

use super::{Connection, Timestamp};
use crate::error::Result;

/// Takes the lease, or renews it; false while somebody else holds it.
pub fn take(
    connection: &mut Connection,
    name: &str,
    holder: &str,
    now: Timestamp,
    seconds: i64,
) -> Result<bool> {
    let changed = connection.execute(
        "INSERT INTO leases (name, holder, held_until) VALUES ($1, $2, $4)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
          WHERE leases.holder = excluded.holder OR leases.held_until <= $3",
        &[&name, &holder, &now, &now.plus_seconds(seconds)],
    )?;
    Ok(changed == 1)
}

/// Gives one lease back.
pub fn release(connection: &mut Connection, name: &str, holder: &str) -> Result<()> {
    connection.execute("DELETE FROM leases WHERE name = $1 AND holder = $2", &[&name, &holder])?;
    Ok(())
}

/// Gives everything back that `holder` has: it stops.
pub fn release_all(connection: &mut Connection, holder: &str) -> Result<()> {
    connection.execute("DELETE FROM leases WHERE holder = $1", &[&holder])?;
    Ok(())
}
