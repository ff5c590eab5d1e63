//! Whether the database is whole, by its own word.

use crate::{
    error::Result,
    store::{Connection, engine::connection::Database},
};

/// What it complains of; `None` where it is well. A server looks after itself.
pub fn complaint(connection: &mut Connection) -> Result<Option<String>> {
    if !matches!(connection.database, Database::Sqlite(_)) {
        return Ok(None);
    }
    let told = connection.first("PRAGMA quick_check(1)", &[], |row| row.get::<String>(0))?;
    if let Some(told) = told.filter(|told| told != "ok") {
        return Ok(Some(format!("The database is damaged: {told}.")));
    }
    let sql = "SELECT count(*), min(\"table\") FROM pragma_foreign_key_check";
    let orphans =
        connection.first(sql, &[], |row| Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?)))?;
    Ok(match orphans {
        Some((count, Some(table))) => {
            Some(format!("{count} rows of the database belong to nothing, the first in {table}."))
        }
        _ => None,
    })
}
