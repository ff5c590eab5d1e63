//! The database of the older server, a file of SQLite: what is in it.

use std::{collections::HashMap, path::Path};

use rusqlite::{Connection, OpenFlags, types::Value as Told};

use crate::{
    error::{Error, Result},
    store::Timestamp,
};

/// One row, by the names of its columns in small letters without their underscores.
#[derive(Clone, Debug, Default)]
pub struct Row(HashMap<String, Told>);

impl Row {
    /// A text; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Told::Text(text)) => text,
            _ => "",
        }
    }

    /// An id: a text, and a number in the first versions; empty where there is none.
    pub fn id(&self, name: &str) -> String {
        match self.number(name) {
            Some(number) => number.to_string(),
            None => self.text(name).trim().to_owned(),
        }
    }

    /// Bytes; none where there is nothing.
    pub fn bytes(&self, name: &str) -> &[u8] {
        match self.0.get(name) {
            Some(Told::Blob(bytes)) => bytes,
            Some(Told::Text(text)) => text.as_bytes(),
            _ => &[],
        }
    }

    /// A whole number, or a boolean as 0 and 1.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.0.get(name) {
            Some(Told::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// The columns that say something, other than 0.
    pub fn said(&self) -> Vec<&str> {
        let says = |value: &Told| match value {
            Told::Null => false,
            Told::Integer(number) => *number != 0,
            Told::Text(text) => !text.trim().is_empty(),
            Told::Real(_) | Told::Blob(_) => true,
        };
        let mut said: Vec<&str> =
            self.0.iter().filter(|(_, value)| says(value)).map(|(name, _)| name.as_str()).collect();
        said.sort_unstable();
        said
    }

    /// A boolean; `otherwise` where there is none.
    pub fn is(&self, name: &str, otherwise: bool) -> bool {
        self.number(name).map_or(otherwise, |number| number != 0)
    }

    /// A moment, as either of the two drivers of the older server wrote it.
    pub fn moment(&self, name: &str) -> Option<Timestamp> {
        match self.0.get(name)? {
            Told::Integer(seconds) => Some(Timestamp(seconds.saturating_mul(1000))),
            Told::Text(text) => moment(text),
            _ => None,
        }
    }
}

/// What is in it.
#[derive(Clone, Debug, Default)]
pub struct Older {
    /// Accounts and guests.
    pub users: Vec<Row>,
    /// Rooms, archived ones among them.
    pub rooms: Vec<Row>,
    /// Who was in which room, with what they may there.
    pub participants: Vec<Row>,
    /// What an administrator changed; one row or none.
    pub settings: Vec<Row>,
    /// Passkeys.
    pub passkeys: Vec<Row>,
    /// What people chose for themselves.
    pub preferences: Vec<Row>,
    /// Every other table that has rows, and how many.
    pub others: Vec<(String, i64)>,
}

/// What has to be there; columns that came later have a value for where they are not.
const NEEDED: [&str; 2] = [
    "SELECT id, email, name, provider, password, accesses FROM users",
    "SELECT id, name, admin_id, created_at FROM rooms",
];
/// What [`read`] takes.
const TAKEN: [&str; 6] =
    ["users", "rooms", "room_participants", "system_settings", "passkeys", "user_preferences"];

/// Reads the file `path`, a copy that is SQLite's to do with as it pleases.
pub fn read(path: &Path) -> Result<Older> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| unreadable(&e))?;
    let whole = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match whole {
        Ok(told) if told == "ok" => {}
        Ok(told) => return Err(unreadable(&format!("it is damaged ({told})"))),
        Err(e) => return Err(unreadable(&e)),
    }
    let tables = tables(&connection).map_err(|e| unreadable(&e))?;
    if tables.iter().any(|(name, _)| name == "refinery_schema_history") {
        let s = "That is a database of this server, not of the older one. A backup carries it elsewhere: `bedrudctl backup restore FILE`.";
        return Err(Error::invalid("import_not_older", s));
    }
    if NEEDED.iter().any(|sql| connection.prepare(sql).is_err()) {
        let s = "That is the database of another program, or of a version of the older server that is not known here: its tables are others. Name the SQLite file of `database.path`.";
        return Err(Error::invalid("import_not_older", s));
    }
    let rows = |table: &str| {
        let is_there = tables.iter().any(|(name, _)| name == table);
        if is_there { rows(&connection, table).map_err(|e| unreadable(&e)) } else { Ok(Vec::new()) }
    };
    Ok(Older {
        users: rows("users")?,
        rooms: rows("rooms")?,
        participants: rows("room_participants")?,
        settings: rows("system_settings")?,
        passkeys: rows("passkeys")?,
        preferences: rows("user_preferences")?,
        others: tables
            .into_iter()
            .filter(|(name, rows)| *rows > 0 && !TAKEN.contains(&name.as_str()))
            .collect(),
    })
}

/// Every table, and how many rows it has.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<(String, i64)>> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let names =
        statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let counted = names.into_iter().map(|name| {
        let sql = format!("SELECT count(*) FROM {}", quoted(&name));
        let rows = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok((name, rows))
    });
    counted.collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn rows(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {}", quoted(table)))?;
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let names: Vec<String> = statement.column_names().map(plain).collect();
    let rows = statement.query_map([], |row| {
        let cells = names.iter().enumerate().map(|(at, name)| Ok((name.clone(), row.get(at)?)));
        cells.collect::<rusqlite::Result<_>>().map(Row)
    })?;
    rows.collect()
}

/// `2024-05-06 07:08:09.123+00:00`, with a `T`, or as Go prints it: `2024-05-06 07:08:09.123 +0000 UTC`.
fn moment(text: &str) -> Option<Timestamp> {
    let short: Vec<&str> = text.split_whitespace().take(3).collect();
    let short = short.join(" ");
    let formats = ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f %z", "%Y-%m-%dT%H:%M:%S%.f%:z"];
    let read = formats.iter().find_map(|format| chrono::DateTime::parse_from_str(&short, format).ok());
    let read = read.or_else(|| chrono::DateTime::parse_from_rfc3339(text).ok())?;
    Some(Timestamp(read.timestamp_millis()))
}

fn unreadable(cause: &dyn std::fmt::Display) -> Error {
    let s = format!(
        "That file cannot be read as the older server's database: {cause}. Name the SQLite file of `database.path`."
    );
    Error::invalid("import_unreadable", s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_either_driver_wrote_them() {
        for text in [
            "2024-05-06 07:08:09.5+00:00",
            "2024-05-06 09:08:09.5+02:00",
            "2024-05-06 07:08:09.5 +0000 UTC",
            "2024-05-06 07:08:09.5 +0000 UTC m=+0.012",
            "2024-05-06T07:08:09.5Z",
        ] {
            assert_eq!(moment(text), Some(Timestamp(1_714_979_289_500)), "{text}");
        }
        assert_eq!(moment("yesterday"), None);
    }
}
