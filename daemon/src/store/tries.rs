//! Table `tries`: counters behind the rate limits, so that a restart does not forgive.

use super::{Connection, Timestamp};
use crate::error::Result;

/// The counters that began at `since` or later: name, beginning, count.
pub fn since(connection: &mut Connection, since: Timestamp) -> Result<Vec<(String, Timestamp, u32)>> {
    connection.query("SELECT bucket, started_at, count FROM tries WHERE started_at >= $1", &[&since], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

/// Writes counters over what was there.
pub fn put(connection: &mut Connection, counters: &[(String, Timestamp, u32)]) -> Result<()> {
    for (bucket, started_at, count) in counters {
        connection.execute(
            "INSERT INTO tries (bucket, started_at, count) VALUES ($1, $2, $3)
             ON CONFLICT (bucket) DO UPDATE SET started_at = excluded.started_at, count = excluded.count",
            &[bucket, started_at, count],
        )?;
    }
    Ok(())
}

/// Forgets counters that began before `before`.
pub fn delete_before(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM tries WHERE started_at < $1", &[&before])
}
