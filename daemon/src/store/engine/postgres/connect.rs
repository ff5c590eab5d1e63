//! Opens a connection, or says why none came about in a sentence that says what to do.

use postgres::{NoTls, error::SqlState};

use super::address::{Address, cause};
use crate::error::{Error, Kind, Result};

impl Address {
    /// A new connection. Blocking, for as long as each host may take to answer.
    pub(super) fn open(&self) -> Result<postgres::Client> {
        let connector = self.trust.connector().map_err(|s| refused("database_tls", s))?;
        let client = match connector {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls),
        };
        client.map_err(|e| self.why(e))
    }

    fn why(&self, error: postgres::Error) -> Error {
        let place = self.shown();
        let user = self.config.get_user().unwrap_or_default();
        let told = cause(&error);
        let (code, sentence) = match error.code() {
            Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => (
                "database_login",
                format!(
                    "The database server at {place} does not let {user} in: {told}. Check user and password of database.url, or pg_hba.conf there."
                ),
            ),
            Some(&SqlState::INVALID_CATALOG_NAME) => (
                "database_missing",
                format!(
                    "There is no such database at {place}. Type there: createdb --encoding=UTF8 --template=template0 --owner={user} NAME"
                ),
            ),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => (
                "database_rights",
                format!(
                    "{user} may not use the database at {place}. Make it the owner: ALTER DATABASE … OWNER TO {user};"
                ),
            ),
            Some(&SqlState::DISK_FULL) => (
                "disk_full",
                format!("The disk of the database server at {place} is full: {told}. Make room there."),
            ),
            None if told.contains("certificate") || told.contains("TLS") || told.contains("invalid peer") => {
                (
                    "database_tls",
                    format!(
                        "The certificate of the database server at {place} is not believed: {told}. Name its authority with sslrootcert=FILE in database.url."
                    ),
                )
            }
            None if told.contains("password missing") => (
                "database_login",
                format!(
                    "The database server at {place} wants a password of {user}. Write it into database.url, or into the file that passfile= names."
                ),
            ),
            _ => (
                "database_away",
                format!(
                    "The database server at {place} does not answer: {told}. Check that it runs and that database.url names it."
                ),
            ),
        };
        refused(code, sentence).caused_by(error)
    }
}

/// A server or a database that cannot be used.
pub(super) fn refused(code: &'static str, sentence: String) -> Error {
    Error::new(Kind::Unavailable, code, sentence)
}
