//! The pool of connections, and where they lead.

use std::path::PathBuf;

use super::{
    connection::{Connection, Database},
    postgres::Address,
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
            Self::Server(address) => Database::Postgres(Box::new(address.connect()?)),
        };
        Ok(Connection::new(database))
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<()> {
        if let Database::Postgres(client) = &mut connection.database
            && !client.stands()
        {
            let s = "The database server is away. Try again in a moment.";
            return Err(Error::unavailable("database_away", s));
        }
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.is_broken()
    }
}
