//! SQLite: one file, one writer at a time, no server. SQL is written once with PostgreSQL's `$1` parameters; SQLite reads `$1`
//! as a *named* parameter numbered by first appearance, so `$` becomes `?` on the way in.

use std::{
    collections::HashMap,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{
    Connection, Error as Told, OpenFlags,
    config::DbConfig,
    ffi,
    types::{ToSqlOutput, ValueRef},
};

use super::{
    disk,
    fault::{ALREADY_EXISTS, BUSY, MET_ANOTHER, unavailable},
};
use crate::{
    error::{Error, Kind, Result},
    store::{Param, Value},
};

/// How long somebody waits for the one who writes.
const WAIT: Duration = Duration::from_secs(5);

/// An open file, and the texts that it was asked.
pub(in crate::store) struct Client(pub(in crate::store) Connection, Texts);

impl Client {
    /// Opens the file, and makes it for its owner only.
    pub(in crate::store) fn open(path: &Path) -> Result<Self, Told> {
        // SQLite would make it as readable as the umask lets it; its journals take the mode over
        let private = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        drop(private);
        let connection = Connection::open(path)?;
        connection.busy_timeout(WAIT)?;
        connection.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;
             PRAGMA wal_autocheckpoint=4000;", // pages: what is written often goes to the file, and to the disk, once for four times
        )?;
        // else SQLite prepares a kept statement anew for nearly every use, in case new values want another plan
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self(connection, Texts::default()))
    }

    /// Opens the file to be read and no more, not even files beside it are made. None where there is nothing yet.
    pub(in crate::store) fn look(path: &Path) -> Result<Option<Self>, String> {
        match std::fs::metadata(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.to_string()),
            // made and not written yet
            Ok(found) if found.is_file() && found.len() == 0 => return Ok(None),
            Ok(_) => {}
        }
        let encoded = percent_encoding::percent_encode(
            path.as_os_str().as_encoded_bytes(),
            percent_encoding::NON_ALPHANUMERIC,
        );
        // immutable (sqlite.org/uri.html): no lock and no file of its own beside a database that may be in use
        let uri = format!("file:{encoded}?immutable=1");
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(uri, flags).map_err(|e| e.to_string())?;
        let tables =
            connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
        tables.map_err(|e| e.to_string())?;
        Ok(Some(Self(connection, Texts::default())))
    }

    /// Changed rows.
    pub(in crate::store) fn execute(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        let mut statement = self.0.prepare_cached(self.1.placed(sql)).map_err(fault)?;
        let changed = statement.execute(bind(params)).map_err(fault)?;
        Ok(changed as u64)
    }

    /// Gives every row to `read`, until it has seen enough.
    pub(in crate::store) fn each(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        mut read: impl FnMut(&rusqlite::Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        let mut statement = self.0.prepare_cached(self.1.placed(sql)).map_err(fault)?;
        let mut rows = statement.query(bind(params)).map_err(fault)?;
        while let Some(row) = rows.next().map_err(fault)? {
            if !read(row)? {
                break;
            }
        }
        Ok(())
    }

    /// Text without parameters and without an answer.
    pub(in crate::store) fn batch(&mut self, sql: &str) -> Result<()> {
        self.0.execute_batch(sql).map_err(fault)
    }

    /// One statement without parameters and without an answer, kept for the next time.
    pub(in crate::store) fn step(&mut self, sql: &'static str) -> Result<()> {
        self.0.prepare_cached(sql).and_then(|mut kept| kept.execute([])).map(drop).map_err(fault)
    }

    /// Work that panicked may have left a transaction open.
    pub(in crate::store) fn is_broken(&self) -> bool {
        !self.0.is_autocommit()
    }
}

/// A whole copy as of one moment, in a file that is not there yet. In one reading transaction, which keeps nobody from writing.
pub(in crate::store) fn copy(client: &Client, to: &Path) -> Result<()> {
    client.0.execute("VACUUM INTO ?1", [to.to_string_lossy()]).map(drop).map_err(fault)
}

/// What a migration cannot take back: the database as the version before it leaves it, beside it.
pub(in crate::store) fn keep_copy(client: &Client, path: &Path, version: i64) -> Result<()> {
    let mut copy = path.as_os_str().to_owned();
    copy.push(format!(".version-{version}"));
    let copy = PathBuf::from(copy);
    let draft = copy.with_extension("new");
    let failed = |e: &dyn std::fmt::Display| {
        let s = format!(
            "The database could not be copied to {} before it is changed for this version: {e}. Make room there, or go back to the version before.",
            copy.display()
        );
        Error::new(Kind::Unavailable, "database_not_copied", s)
    };
    // of an earlier try
    match std::fs::remove_file(&draft) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(&e)),
        _ => {}
    }
    client.0.execute("VACUUM INTO ?1", [draft.to_string_lossy()]).map_err(|e| failed(&e))?;
    std::fs::rename(&draft, &copy).map_err(|e| failed(&e))?;
    tracing::info!("the database as it was before this version is kept in {}", copy.display());
    Ok(())
}

/// Column `index` of a row; `None` where there is none, or of a type that the schema does not have.
pub(in crate::store) fn column<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Option<Value<'a>> {
    match row.get_ref(index).ok()? {
        ValueRef::Null => Some(Value::Null),
        ValueRef::Integer(value) => Some(Value::Integer(value)),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Value::Text),
        ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

/// More are not those of the program, but made for once.
const MOST_TEXTS: usize = 512;

/// Texts with the placeholders of SQLite, by where ours are in memory: long ones are asked thousands of times a second.
#[derive(Default)]
struct Texts(HashMap<(usize, usize), [Box<str>; 2]>);

impl Texts {
    fn placed<'a>(&'a mut self, sql: &'a str) -> &'a str {
        let at = (sql.as_ptr() as usize, sql.len());
        // a text that was made for once may have left its place to another one
        if self.0.get(&at).is_none_or(|[before, _]| **before != *sql) {
            if self.0.len() >= MOST_TEXTS {
                self.0.clear();
            }
            // SQLite reads and compares a text as a whole, so what only indents it is left out
            let placed = sql.replace('$', "?").lines().map(str::trim).collect::<Vec<_>>().join(" ");
            self.0.insert(at, [sql.into(), placed.into()]);
        }
        self.0.get(&at).map_or(sql, |[_, placed]| placed)
    }
}

/// How SQLite takes a value of ours.
struct Bound<'a>(Value<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Integer(value.into()),
            Value::Integer(value) => ValueRef::Integer(value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn bind<'a>(params: &'a [&'a dyn Param]) -> rusqlite::ParamsFromIter<impl Iterator<Item = Bound<'a>>> {
    rusqlite::params_from_iter(params.iter().map(|param| Bound(param.value())))
}

/// The failure of a statement.
pub(in crate::store) fn fault(error: Told) -> Error {
    if let Told::SqliteFailure(failure, _) = &error {
        match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                return Error::conflict(ALREADY_EXISTS, "That exists already.").caused_by(error);
            }
            // these are told at once; a plain busy has waited its time already
            ffi::SQLITE_BUSY_SNAPSHOT | ffi::SQLITE_LOCKED_SHAREDCACHE => {
                return Error::new(Kind::Unavailable, MET_ANOTHER, BUSY).caused_by(error);
            }
            _ => {}
        }
        if failure.code == ffi::ErrorCode::DatabaseBusy {
            return unavailable(error);
        }
        if let Some(code) = disk::code(failure.code) {
            // whoever knows the place says more
            let s = "The disk under the database does not take what is written.";
            return Error::unavailable(code, s).caused_by(error);
        }
    }
    Error::internal(error)
}
