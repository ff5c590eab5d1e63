//! The pool of connections, and where they lead.

use std::path::PathBuf;

use super::{
    connection::{Connection, Database},
    fault,
    postgres::{self, Address},
    sqlite,
};
use crate::error::{Error, Kind, Result};

pub(in crate::store) type Pool = r2d2::Pool<Place>;

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// A server.
    Server(Box<Address>),
}

impl From<&PathBuf> for Place {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl Place {
    /// By what an operator writes: `postgres://…`, or the absolute path of a file. `environment` as for [`Address::read`].
    pub fn named(text: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Self> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let address = Address::read(text, environment);
            return address
                .map(|a| Self::Server(Box::new(a)))
                .map_err(|s| Error::invalid("invalid_value", s));
        }
        let path = PathBuf::from(text.strip_prefix("sqlite://").unwrap_or(text));
        if !path.is_absolute() || path.file_name().is_none() {
            let s = "Name a database as postgres://USER@HOST/DATABASE, or a file by its absolute path.";
            return Err(Error::invalid("invalid_value", s));
        }
        Ok(Self::File(path))
    }

    /// `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "sqlite",
            Self::Server(_) => "postgres",
        }
    }

    /// For people: a path, or host, port and database; never a password.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Server(address) => format!("{address:?}"),
        }
    }

    /// What somebody is told when there is no connection to it.
    pub(in crate::store) fn gone(&self) -> fn(String) -> Error {
        match self {
            Self::File(_) => fault::unavailable,
            Self::Server(_) => fault::away,
        }
    }

    /// The file `path` is no database that can be used, for this reason.
    pub(in crate::store) fn unreadable(path: &std::path::Path, cause: &dyn std::fmt::Display) -> Error {
        let s = format!(
            "The database {} cannot be opened: {cause}. Check that it is a database of Bedrud and that its owner and mode let the daemon read and write it.",
            path.display()
        );
        Error::new(Kind::Unavailable, "database_unreadable", s)
    }
}

impl r2d2::ManageConnection for Place {
    type Connection = Connection;
    type Error = Error;

    fn connect(&self) -> Result<Connection> {
        let database = match self {
            Self::File(path) => {
                Database::Sqlite(sqlite::Client::open(path).map_err(|e| Self::unreadable(path, &e))?)
            }
            Self::Server(address) => Database::Postgres(Box::new(postgres::Client::open(address)?)),
        };
        Ok(Connection::new(database))
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<()> {
        if let Database::Postgres(client) = &mut connection.database
            && !client.stands()
        {
            return Err(fault::away("the connection broke"));
        }
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.is_broken()
    }
}
