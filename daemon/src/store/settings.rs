//! Table `settings`: what an administrator may change while the server runs, as JSON values by name.

use super::Connection;
use crate::error::Result;

/// Every setting that differs from its default.
pub fn all(connection: &mut Connection) -> Result<Vec<(String, String)>> {
    connection.query("SELECT name, value FROM settings", &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Sets one.
pub fn set(connection: &mut Connection, name: &str, value: &str) -> Result<()> {
    connection.execute(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[&name, &value],
    )?;
    Ok(())
}
