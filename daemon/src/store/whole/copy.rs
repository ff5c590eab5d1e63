//! A copy of the whole database in a file, made while others write, and what is in one that somebody brings.

use std::path::Path;

use crate::{
    error::{Error, Kind, Result},
    store::{
        Connection,
        engine::{connection::Database, schema, sqlite},
    },
};

/// What a copy holds.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The number of its last migration.
    pub schema: i64,
    /// The id of the newest line of its audit log.
    pub newest_act: Option<String>,
    /// Accounts.
    pub users: i64,
    /// Rooms that are not closed.
    pub rooms: i64,
}

/// Writes a copy to `path`, where no file is yet, as of one moment; says the number of the last migration.
pub fn make(connection: &mut Connection, path: &Path) -> Result<i64> {
    match &connection.database {
        Database::Sqlite(client) => sqlite::copy(client, path)?,
        Database::Postgres(_) => return Err(Error::internal("a server is no file")),
    }
    Ok(schema::newest())
}

/// Opens a copy and reads all of it. Refuses one that is damaged, and one of a newer version.
pub fn check(path: &Path) -> Result<Facts> {
    let damaged = |what: String| {
        let s = format!("The database in this backup is damaged: {what}. Take another backup.");
        Error::new(Kind::Invalid, "backup_damaged", s)
    };
    let client =
        sqlite::Client::look(path).map_err(damaged)?.ok_or_else(|| damaged("it is empty".to_owned()))?;
    let number = |sql: &str| {
        client.0.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|e| damaged(e.to_string()))
    };
    let schema = number("SELECT max(version) FROM refinery_schema_history")?;
    if schema > schema::newest() {
        let s = "This backup was made by a newer version of Bedrud. Install that version first.";
        return Err(Error::new(Kind::Invalid, "backup_newer", s));
    }
    let told = client.0.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    match told {
        Ok(told) if told == "ok" => {}
        Ok(told) => return Err(damaged(told)),
        Err(e) => return Err(damaged(e.to_string())),
    }
    let orphans = number("SELECT count(*) FROM pragma_foreign_key_check")?;
    if orphans > 0 {
        return Err(damaged(format!("{orphans} rows belong to nothing")));
    }
    let newest_act = client.0.query_row("SELECT max(id) FROM audit", [], |row| row.get(0));
    Ok(Facts {
        schema,
        newest_act: newest_act.map_err(|e| damaged(e.to_string()))?,
        users: number("SELECT count(*) FROM users WHERE role <> 'guest'")?,
        rooms: number("SELECT count(*) FROM rooms WHERE deleted_at IS NULL")?,
    })
}
