//! The pool of connections, and how one of them is opened.

use std::{
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::config::DbConfig;

use crate::store::Connection;

pub(in crate::store) type Pool = r2d2::Pool<Manager>;

/// Opens the connections of one file.
#[derive(Debug)]
pub(in crate::store) struct Manager(PathBuf);

impl Manager {
    pub(in crate::store) fn of(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Connection;
    type Error = rusqlite::Error;

    fn connect(&self) -> std::result::Result<Connection, rusqlite::Error> {
        // SQLite would make it as readable as the umask lets it; its journals take the mode over
        let private = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&self.0);
        drop(private);
        let connection = rusqlite::Connection::open(&self.0)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
        )?;
        // else SQLite prepares a kept statement anew for nearly every use, in case new values want another plan
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Connection::new(connection))
    }

    fn is_valid(&self, _: &mut Connection) -> std::result::Result<(), rusqlite::Error> {
        Ok(())
    }

    /// Work that panicked may have left a transaction open.
    fn has_broken(&self, connection: &mut Connection) -> bool {
        !connection.database.is_autocommit()
    }
}
