//! The first connection: is this a server and a database that suit us, and the migrations, by one daemon at a time.

use postgres::{NoTls, error::SqlState};

use super::{Address, Client, address::cause};
use crate::error::{Error, Kind, Result};

/// PostgreSQL 13, the oldest that Debian and its makers still care for.
const OLDEST: i64 = 130_000;
/// Everybody who migrates a database of Bedrud takes this advisory lock first.
const LOCK: i64 = i64::from_be_bytes(*b"\0\0bedrud");

impl Address {
    /// Opens a connection.
    pub(in crate::store) fn connect(&self) -> Result<Client> {
        let connector = self.trust.connector().map_err(|s| refused("database_tls", s))?;
        let client = match connector {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls),
        };
        client.map(Client::new).map_err(|e| self.why(e))
    }

    /// Why no connection came about, in a sentence that says what to do.
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

/// Refuses a server or a database that would not keep what we give it.
pub(in crate::store) fn suits(client: &mut Client, place: &Address) -> Result<()> {
    let row = client.query(
        "SELECT current_setting('server_version_num')::BIGINT, current_setting('server_encoding'), pg_is_in_recovery(),
                to_regclass('refinery_schema_history') IS NOT NULL,
                EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'),
                has_schema_privilege(current_schema(), 'CREATE')",
        &[],
    )?;
    let Some(row) = row.first() else { return Err(Error::internal("the database said nothing of itself")) };
    let get = |at: usize| row.try_get::<_, bool>(at).unwrap_or(false);
    let version: i64 = row.try_get(0).map_err(Error::internal)?;
    let encoding: String = row.try_get(1).map_err(Error::internal)?;
    let shown = place.shown();
    if version < OLDEST {
        let s = format!(
            "The database server at {shown} is PostgreSQL {}. Bedrud needs 13 or newer.",
            version / 10_000
        );
        return Err(refused("database_too_old", s));
    }
    if encoding != "UTF8" {
        let s = format!(
            "The database at {shown} is encoded in {encoding}. Make one in UTF8: createdb --encoding=UTF8 --template=template0 NAME"
        );
        return Err(refused("database_encoding", s));
    }
    if get(2) {
        let s = format!(
            "The database server at {shown} is a copy that only reads. Name the one that writes in database.url, or both."
        );
        return Err(refused("database_read_only", s));
    }
    if !get(3) && get(4) {
        let s = format!(
            "The database at {shown} has tables of somebody else. Give Bedrud a database of its own."
        );
        return Err(refused("database_foreign", s));
    }
    if !get(3) && !get(5) {
        let s = format!(
            "The user of database.url may make no tables at {shown}. Make it the owner of the database."
        );
        return Err(refused("database_rights", s));
    }
    Ok(())
}

/// Applies what is missing, while nobody else does.
pub(in crate::store) fn migrate(
    client: &mut Client,
    run: impl FnOnce(&mut postgres::Client) -> Result<()>,
) -> Result<()> {
    client.batch(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    let done = run(client.raw());
    // it would end with the connection anyway
    client.batch(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
    done
}

fn refused(code: &'static str, sentence: String) -> Error {
    Error::new(Kind::Unavailable, code, sentence)
}
