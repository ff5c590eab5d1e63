//! Opens the pool, migrates the schema, and hands work to the threads of the database.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use scheduled_thread_pool::ScheduledThreadPool;
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};

use super::{
    Timestamp,
    connection::{Connection, store_error},
    engine::{disk::Disk, pool::Manager, threads::Threads},
    leases, users,
};
use crate::error::{Error, Kind, Result};

mod embedded {
    refinery::embed_migrations!("src/store/migrations");
}

/// After so long one more thread is called. Queries take some 10 microseconds, writes some 100.
const PATIENCE: Duration = Duration::from_millis(2);

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    threads: Arc<Threads>,
    effects: Arc<Notify>,
    /// Under which name this daemon takes leases.
    holder: Arc<str>,
    disk: Arc<Disk>,
}

impl Store {
    /// Opens (and makes) the SQLite file at `path` and applies the migrations. Blocking: for start-up.
    /// A file that cannot be read, or one written by a newer version, is an error that says so.
    pub fn open(path: &Path, connections: u32) -> Result<Self> {
        let unreadable = |e: &dyn std::fmt::Display| unreadable(path, e);
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .thread_pool(Arc::new(ScheduledThreadPool::new(1)))
            .connection_timeout(Duration::from_secs(10))
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .test_on_check_out(false);
        // one connection by hand first: the pool would retry for its whole time-out
        let manager = Manager::of(path);
        let mut first = r2d2::ManageConnection::connect(&manager).map_err(|e| unreadable(&e))?;
        migrate(&mut first, path).map_err(|e| if e.kind == Kind::Internal { unreadable(&e) } else { e })?;
        users::fold_names(&mut first)?;
        drop(first);
        let pool = pool.build(manager).map_err(|e| unreadable(&e))?;
        let directory = path.parent().unwrap_or(path).to_owned();
        Ok(Self {
            threads: Arc::new(Threads::new(pool)),
            effects: Arc::default(),
            disk: Arc::new(Disk::of(directory)),
            holder: uuid::Uuid::new_v4().to_string().into(),
        })
    }

    /// Runs `work` with a connection on a thread of the database.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, mut answered) = oneshot::channel();
        let effects = self.effects.clone();
        self.threads.give(Box::new(move |connection| {
            let worked = connection.and_then(|connection| {
                connection.left.clear();
                let worked = work(connection);
                if !connection.left.is_empty() {
                    effects.notify_one();
                }
                worked
            });
            // whoever asked may be gone: what was begun is done all the same
            let _ = answer.send(worked);
        }));
        match timeout(PATIENCE, &mut answered).await {
            Ok(answer) => answer,
            Err(_) => {
                // it may be behind somebody who waits for a write of another
                self.threads.hasten();
                answered.await
            }
        }
        .map_err(Error::internal)?
        .map_err(|e| self.disk.explained(e))
    }

    /// Whether the disk under the database takes what is written. Writes only where something says that it does not, at
    /// most once a second; asks the file system otherwise.
    pub async fn disk(&self) -> Result<()> {
        let disk = &self.disk;
        match disk.has_to_be_tried() {
            None => Ok(()),
            Some(false) if !disk.is_failing() => Ok(()),
            Some(_) => {
                // the same value again, which is written all the same; nothing reads it
                let tried = self.run(|connection| connection.execute("PRAGMA user_version = 1", &[])).await;
                disk.tried(tried.is_ok());
                tried.map(|_| ())
            }
        }
    }
}

impl Store {
    /// The same database, with leases under a name of one's own: whoever has it after a restart has their leases again.
    pub fn held_by(self, holder: &str) -> Self {
        Self { holder: holder.into(), ..self }
    }

    /// Under which name this daemon takes leases.
    pub fn holder(&self) -> Arc<str> {
        self.holder.clone()
    }

    /// Takes or renews a lease: true when the job `name` is this daemon's for so many seconds.
    pub async fn lease(&self, name: &'static str, seconds: i64) -> Result<bool> {
        let holder = self.holder();
        self.run(move |connection| leases::take(connection, name, &holder, Timestamp::now(), seconds)).await
    }

    /// Gives the lease back.
    pub async fn release_lease(&self, name: &'static str) -> Result<()> {
        let holder = self.holder();
        self.run(move |connection| leases::release(connection, name, &holder)).await
    }

    /// Gives every lease back, so that another daemon need not wait for their end.
    pub async fn release_leases(&self) -> Result<()> {
        let holder = self.holder();
        self.run(move |connection| leases::release_all(connection, &holder)).await
    }

    /// Waits until work of this process has left an effect (`effects`); at once when some has since the last time.
    pub async fn effect_left(&self) {
        self.effects.notified().await;
    }
}

/// An error where [`Store::open`] would refuse the file that is at `path`. None where there is no file yet.
/// Changes nothing: not even the files beside it are made.
pub fn look(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(unreadable(path, &e)),
        // made and not written yet
        Ok(found) if found.is_file() && found.len() == 0 => return Ok(()),
        Ok(_) => {}
    }
    let encoded = percent_encoding::percent_encode(
        path.as_os_str().as_encoded_bytes(),
        percent_encoding::NON_ALPHANUMERIC,
    );
    // immutable (sqlite.org/uri.html): no lock and no file of its own beside a database that may be in use
    let uri = format!("file:{encoded}?immutable=1");
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY
        | rusqlite::OpenFlags::SQLITE_OPEN_URI
        | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(uri, flags).map_err(|e| unreadable(path, &e))?;
    let tables = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
    tables.map_err(|e| unreadable(path, &e))?;
    newer(&connection, path)
}

fn unreadable(path: &Path, e: &dyn std::fmt::Display) -> Error {
    let s = format!(
        "The database {} cannot be opened: {e}. Check that it is a database of Bedrud and that its owner and mode let the daemon read and write it.",
        path.display()
    );
    Error::new(Kind::Unavailable, "database_unreadable", s)
}

/// The schema that is there, and ours.
fn versions(connection: &rusqlite::Connection) -> Result<(Option<i64>, i64)> {
    let runner = embedded::migrations::runner();
    let newest = runner.get_migrations().iter().map(|m| i64::from(m.version())).max().unwrap_or(0);
    let applied = connection
        .query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))
        .or_else(|e| if e.to_string().contains("no such table") { Ok(None) } else { Err(store_error(e)) })?;
    Ok((applied, newest))
}

/// An error where a newer version wrote it.
fn newer(connection: &rusqlite::Connection, path: &Path) -> Result<()> {
    let (applied, newest) = versions(connection)?;
    if applied.is_some_and(|version| version > newest) {
        let s = format!(
            "The database {} was written by a newer version of Bedrud. Install that version, or restore the backup made before the upgrade.",
            path.display()
        );
        return Err(Error::new(Kind::Unavailable, "database_newer", s));
    }
    Ok(())
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    newer(&connection.database, path)?;
    let (applied, newest) = versions(&connection.database)?;
    if let Some(version) = applied.filter(|version| *version < newest) {
        keep_copy(&connection.database, path, version)?;
    }
    embedded::migrations::runner().run(&mut connection.database).map_err(Error::internal)?;
    Ok(())
}

/// What a migration cannot take back: the database as the version before it leaves it, beside it.
fn keep_copy(connection: &rusqlite::Connection, path: &Path, version: i64) -> Result<()> {
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
    connection.execute("VACUUM INTO ?1", [draft.to_string_lossy()]).map_err(|e| failed(&e))?;
    std::fs::rename(&draft, &copy).map_err(|e| failed(&e))?;
    tracing::info!("the database as it was before this version is kept in {}", copy.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use refinery::Target;

    use super::*;
    use crate::store::{credentials, sessions};

    #[tokio::test]
    async fn who_was_signed_in_before_the_upgrade_still_is_and_keeps_the_password() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("test.db");
        let mut old = r2d2::ManageConnection::connect(&Manager::of(&path)).expect("a connection");
        let first = embedded::migrations::runner().set_target(Target::Version(1));
        first.run(&mut old.database).expect("the first schema");
        let rows = "INSERT INTO users (id, email, name, password_hash, provider, role, created_at, updated_at)
                    VALUES ('u', 'u@example.org', 'U', '$argon2id$x', 'local', 'user', 1, 1),
                           ('guest-1', NULL, 'G', NULL, 'guest', 'guest', 1, 1);
                    INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, last_used_at, expires_at)
                    VALUES ('s', 'u', 3, 7, 5, 7, 9), ('g', 'guest-1', 1, 5, 5, 5, 9);";
        old.database.execute_batch(rows).expect("rows of the first version");
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
    async fn a_lease_is_one_daemons_until_it_ends_or_is_given_back() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 2).expect("store");
        let (one, other) = (store.clone().held_by("one"), store.held_by("other"));
        assert!(one.lease("sweep", 60).await.expect("asked"));
        assert!(!other.lease("sweep", 60).await.expect("asked"), "it is held");
        assert!(
            one.lease("sweep", 0).await.expect("asked"),
            "renewed by its holder, also one who was started anew"
        );
        assert!(other.lease("sweep", 60).await.expect("asked"), "it has ended");
        other.release_leases().await.expect("given back");
        assert!(one.lease("sweep", 60).await.expect("asked"));
    }

    #[tokio::test]
    async fn the_database_from_before_an_upgrade_is_kept_beside_it() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("test.db");
        let mut old = r2d2::ManageConnection::connect(&Manager::of(&path)).expect("a connection");
        let first = embedded::migrations::runner().set_target(Target::Version(1));
        first.run(&mut old.database).expect("the first schema");
        drop(old);
        Store::open(&path, 1).expect("upgraded");
        let kept = r2d2::ManageConnection::connect(&Manager::of(&folder.path().join("test.db.version-1")));
        let version: i64 = kept
            .expect("opened")
            .database
            .query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))
            .expect("a version");
        assert_eq!(version, 1);
    }
}
