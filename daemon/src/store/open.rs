//! Opens the pool, migrates the schema, and hands work to the threads of the database.

use std::{sync::Arc, time::Duration};

use scheduled_thread_pool::ScheduledThreadPool;
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};

use super::{
    Timestamp,
    engine::{connection::Connection, disk::Disk, fault::unavailable, pool::Place, schema, threads::Threads},
    leases, users,
};
use crate::error::{Error, Result};

/// After so long one more thread is called. Queries take some 10 microseconds, writes some 100.
const PATIENCE: Duration = Duration::from_millis(2);

/// How long a job waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    threads: Arc<Threads>,
    effects: Arc<Notify>,
    /// Under which name this daemon takes leases.
    holder: Arc<str>,
    /// Below a file; a server minds its own.
    disk: Option<Arc<Disk>>,
}

impl Store {
    /// Opens the database (a file is made where there is none) and applies the migrations. Blocking: for start-up. What cannot be
    /// used, or was written by a newer version, is an error that says so.
    pub fn open(place: impl Into<Place>, connections: u32) -> Result<Self> {
        let place = place.into();
        // one connection by hand first: the pool would retry for its whole time-out
        let mut first = r2d2::ManageConnection::connect(&place)?;
        schema::migrate(&mut first, &place)?;
        users::fold_names(&mut first)?;
        drop(first);
        let disk = match &place {
            Place::File(path) => Some(Arc::new(Disk::of(path.parent().unwrap_or(path).to_owned()))),
            Place::Server(_) => None,
        };
        let pool = r2d2::Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .thread_pool(Arc::new(ScheduledThreadPool::new(1)))
            .connection_timeout(WAIT)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            // a file stands where it stood; a server may have been restarted
            .test_on_check_out(matches!(place, Place::Server(_)));
        let pool = pool.build(place).map_err(|e| unavailable(e.to_string()))?;
        Ok(Self {
            threads: Arc::new(Threads::new(pool)),
            effects: Arc::default(),
            disk,
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
        .map_err(|e| match &self.disk {
            Some(disk) => disk.explained(e),
            None => e,
        })
    }

    /// Whether the disk under the database takes what is written. Writes only where something says that it does not, at
    /// most once a second; asks the file system otherwise.
    pub async fn disk(&self) -> Result<()> {
        let Some(disk) = &self.disk else { return Ok(()) };
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

    /// True where the database is a file of ours, and no server.
    pub fn is_file(&self) -> bool {
        self.disk.is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
