//! The schema: numbered migrations, written once for both databases and applied by one daemon at a time.

use refinery::{Migration, Runner};

use super::{
    connection::{Connection, Database},
    fault::{FOREIGN, foreign},
    pool::Place,
    postgres, sqlite,
};
use crate::error::{Error, Kind, Result};

mod embedded {
    refinery::embed_migrations!("src/store/migrations");
}

/// Applies what is missing. A database that a newer version wrote is an error that says so.
pub(in crate::store) fn migrate(connection: &mut Connection, place: &Place) -> Result<()> {
    let applied = applied(connection, place)?;
    newer(applied, place)?;
    match (&mut connection.database, place) {
        (Database::Sqlite(client), Place::File(path)) => {
            let _one_at_a_time = lock(path)?;
            if let Some(version) = applied.filter(|version| *version < newest()) {
                sqlite::keep_copy(client, path, version)?;
            }
            let done = embedded::migrations::runner().run(&mut client.0);
            done.map(drop).map_err(|e| Place::unreadable(path, &e))
        }
        (Database::Postgres(client), Place::Server(address)) => {
            postgres::suits(client, address)?;
            postgres::migrate(client, |client| {
                ordered().run(client).map(drop).map_err(postgres::of_migration)
            })
        }
        _ => Err(Error::internal("a connection to somewhere else")),
    }
}

/// The number of our last migration.
pub(in crate::store) fn newest() -> i64 {
    let numbers =
        embedded::migrations::runner().get_migrations().iter().map(|m| i64::from(m.version())).max();
    numbers.unwrap_or(0)
}

/// An error where a newer version wrote it.
fn newer(applied: Option<i64>, place: &Place) -> Result<()> {
    if applied.is_none_or(|version| version <= newest()) {
        return Ok(());
    }
    let s = format!(
        "The database {} was written by a newer version of Bedrud. Install that version, or restore the backup made before the upgrade.",
        place.shown()
    );
    Err(Error::new(Kind::Unavailable, "database_newer", s))
}

/// An error where [`migrate`] would refuse what is there. Changes nothing: of a file that is not there yet nothing is made.
/// Gives back the connection it looked through.
pub(in crate::store) fn look(place: &Place) -> Result<Option<Connection>> {
    let mut connection = match place {
        Place::File(path) => match sqlite::Client::look(path).map_err(|e| Place::unreadable(path, &e))? {
            Some(client) => Connection::new(Database::Sqlite(client)),
            None => return Ok(None),
        },
        Place::Server(_) => r2d2::ManageConnection::connect(place)?,
    };
    if let (Database::Postgres(client), Place::Server(address)) = (&mut connection.database, place) {
        postgres::suits(client, address)?;
    }
    newer(applied(&mut connection, place)?, place)?;
    Ok(Some(connection))
}

/// The number of our last migration, and of the last one that was applied.
pub(in crate::store) fn versions(connection: &mut Connection, place: &Place) -> Result<(i64, Option<i64>)> {
    Ok((newest(), applied(connection, place)?))
}

/// The number of the last migration that was applied; `None` for a new database. An error where another program's tables are.
fn applied(connection: &mut Connection, place: &Place) -> Result<Option<i64>> {
    history(connection, place).map_err(|e| match place {
        Place::File(path) if e.code != FOREIGN => Place::unreadable(path, &e),
        _ => e,
    })
}

fn history(connection: &mut Connection, place: &Place) -> Result<Option<i64>> {
    let (is_there, are_others) = match connection.database {
        Database::Sqlite(_) => (
            "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'refinery_schema_history')",
            "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite|_%' ESCAPE '|')",
        ),
        // `postgres::suits` looks for others: it knows what else may be wrong there
        Database::Postgres(_) => {
            ("SELECT to_regclass('refinery_schema_history') IS NOT NULL", "SELECT FALSE")
        }
    };
    let mut says =
        |sql: &str| -> Result<bool> { Ok(connection.first(sql, &[], |row| row.get(0))?.unwrap_or(false)) };
    if !says(is_there)? {
        return if says(are_others)? { Err(foreign(&place.shown())) } else { Ok(None) };
    }
    let sql = "SELECT version, name FROM refinery_schema_history ORDER BY version";
    let rows = connection.query(sql, &[], |row| Ok((row.get::<u32>(0)?, row.get::<String>(1)?)))?;
    let ours = embedded::migrations::runner();
    let is_ours = |(version, name): &(u32, String)| {
        let known = ours
            .get_migrations()
            .iter()
            .find(|migration| i64::from(migration.version()) == i64::from(*version));
        known.is_none_or(|migration| migration.name() == name)
    };
    if !rows.iter().all(is_ours) {
        return Err(foreign(&place.shown()));
    }
    Ok(rows.last().map(|(version, _)| i64::from(*version)))
}

/// An empty database in memory, as our migrations make it.
pub(in crate::store) fn model() -> Result<rusqlite::Connection> {
    let mut model = rusqlite::Connection::open_in_memory().map_err(Error::internal)?;
    embedded::migrations::runner().run(&mut model).map_err(Error::internal)?;
    Ok(model)
}

/// Two daemons on one file are a mistake, and it costs nothing to let it be harmless.
fn lock(path: &std::path::Path) -> Result<std::fs::File> {
    let file = std::fs::File::open(path).map_err(|e| Place::unreadable(path, &e))?;
    // SQLite locks ranges of bytes (fcntl), which this whole-file lock (flock) does not meet
    file.lock().map_err(Error::internal)?;
    Ok(file)
}

/// The same text with the order of SQLite: by code point, whatever the database's own language says. Ranges and indexes
/// of slugs and ids, and the order of lists, rest on it.
fn ordered() -> Runner {
    let migrations: Vec<Migration> = embedded::migrations::runner()
        .get_migrations()
        .iter()
        .filter_map(|migration| {
            let name = format!("V{}__{}", migration.version(), migration.name());
            let sql = migration.sql()?.replace(" TEXT", " TEXT COLLATE \"C\"");
            Migration::unapplied(&name, &sql).ok()
        })
        .collect();
    Runner::new(&migrations)
}

#[cfg(test)]
mod tests {
    use refinery::Target;

    use super::*;
    use crate::store::{Store, Timestamp, credentials, sessions};

    #[tokio::test]
    async fn who_was_signed_in_before_the_upgrade_still_is_and_keeps_the_password() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("test.db");
        let mut old = sqlite::Client::open(&path).expect("a connection");
        let first = embedded::migrations::runner().set_target(Target::Version(1));
        first.run(&mut old.0).expect("the first schema");
        let rows = "INSERT INTO users (id, email, name, password_hash, provider, role, created_at, updated_at)
                    VALUES ('u', 'u@example.org', 'U', '$argon2id$x', 'local', 'user', 1, 1),
                           ('guest-1', NULL, 'G', NULL, 'guest', 'guest', 1, 1);
                    INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, last_used_at, expires_at)
                    VALUES ('s', 'u', 3, 7, 5, 7, 9), ('g', 'guest-1', 1, 5, 5, 5, 9);";
        old.batch(rows).expect("rows of the first version");
        drop(old);
        let store = Store::open(&path, 1).expect("upgraded");
        let read = store.run(|connection| {
            let hash = credentials::password(connection, "u")?;
            let none = credentials::password(connection, "guest-1")?;
            let user = sessions::with_user(connection, "s")?.map(|(_, session)| session);
            let guest = sessions::with_user(connection, "g")?.map(|(_, session)| session);
            Ok((hash, none, user, guest))
        });
        let (hash, none, user, guest) = read.await.expect("read");
        assert_eq!((hash.as_deref(), none), (Some("$argon2id$x"), None));
        let (user, guest) = (user.expect("a session"), guest.expect("a session"));
        // the answer to the last refresh may be on its way just now: the one before serves once more
        assert_eq!((user.generation, user.seen_generation, user.proved_at), (3, 2, Timestamp(5)));
        assert_eq!((user.proof, guest.proof), (sessions::Proof::Password, sessions::Proof::Name));
    }

    #[tokio::test]
    async fn the_database_from_before_an_upgrade_is_kept_beside_it() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("test.db");
        let mut old = sqlite::Client::open(&path).expect("a connection");
        let first = embedded::migrations::runner().set_target(Target::Version(1));
        first.run(&mut old.0).expect("the first schema");
        drop(old);
        Store::open(&path, 1).expect("upgraded");
        let kept = sqlite::Client::open(&folder.path().join("test.db.version-1"));
        let version: i64 = kept
            .expect("opened")
            .0
            .query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))
            .expect("a version");
        assert_eq!(version, 1);
    }
}
