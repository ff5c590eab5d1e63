//! The first connection: is this a server and a database that suit us, and the migrations, by one daemon at a time.

use super::{address::Address, client::Client, connect::refused};
use crate::{
    error::{Error, Result},
    store::engine::fault::foreign,
};

/// PostgreSQL 13, the oldest that Debian and its makers still care for.
const OLDEST: i64 = 130_000;
/// Everybody who migrates a database of Bedrud takes this advisory lock first.
const LOCK: i64 = i64::from_be_bytes(*b"\0\0bedrud");

/// Refuses a server or a database that would not keep what we give it.
pub(in crate::store) fn suits(client: &mut Client, place: &Address) -> Result<()> {
    let row = client.query(
        "SELECT current_setting('server_version_num')::BIGINT, current_setting('server_encoding'), pg_is_in_recovery(),
                to_regclass('refinery_schema_history') IS NOT NULL,
                EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind = 'r'),
                coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE),
                current_setting('transaction_read_only') = 'on'",
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
    if get(2) || get(6) {
        let s = format!(
            "The database server at {shown} is a copy that only reads. Name the one that writes in database.url, or both."
        );
        return Err(refused("database_read_only", s));
    }
    if !get(3) && get(4) {
        return Err(foreign(&shown));
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
    // a large database takes longer than a request may, and so does waiting for whoever is at it
    client.batch("SET statement_timeout = 0")?;
    client.batch("SET lock_timeout = 0")?;
    client.batch(&format!("SELECT pg_advisory_lock({LOCK})"))?;
    // after a failure all of it ends with the connection
    run(client.raw())?;
    client.batch(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
    client.batch("RESET ALL")
}
