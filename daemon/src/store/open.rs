//! Opens the pool, migrates the schema, and hands work to the threads of the database.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use scheduled_thread_pool::ScheduledThreadPool;
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};

use super::{
    Timestamp,
    engine::{
        check,
        connection::Connection,
        disk::{self, Disk},
        moving,
        pool::{Place, Pool},
        schema,
        server::{self, Server},
        threads::Threads,
    },
    leases, users,
    whole::moves::Moves,
};
use crate::error::{Error, Result};

/// After so long one more thread is called. Queries take some 10 microseconds, writes some 100.
const PATIENCE: Duration = Duration::from_millis(2);

/// How long a job waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// How long a server has to show that it takes what is written.
const TRY: Duration = Duration::from_secs(1);

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(in crate::store) threads: Arc<Threads>,
    effects: Arc<Notify>,
    mails: Arc<Notify>,
    news: Arc<Notify>,
    /// Under which name this daemon takes leases.
    holder: Arc<str>,
    ground: Arc<ArcSwap<Ground>>,
    connections: u32,
    pub(in crate::store) moves: Arc<Moves>,
}

/// What the database stands on.
struct Ground {
    place: Place,
    below: Below,
}

enum Below {
    Disk(Disk),
    Server(Server),
}

impl Ground {
    fn of(place: Place) -> Self {
        let below = match &place {
            Place::File(path) => Below::Disk(Disk::of(path.parent().unwrap_or(path).to_owned())),
            Place::Server(_) => Below::Server(Server::default()),
        };
        Self { place, below }
    }
}

fn pool(place: &Place, connections: u32) -> Result<Pool> {
    let pool = r2d2::Pool::builder()
        .max_size(connections)
        .min_idle(Some(1))
        .thread_pool(Arc::new(ScheduledThreadPool::new(1)))
        .connection_timeout(WAIT)
        .error_handler(Box::new(r2d2::NopErrorHandler))
        // a file stands where it stood; a server may have been restarted
        .test_on_check_out(matches!(place, Place::Server(_)));
    pool.build(place.clone()).map_err(|e| place.gone()(e.to_string()))
}

/// An error where [`Store::open`] would refuse what is there. Changes nothing: of a file that is not there yet nothing is made.
pub fn look(place: &Place) -> Result<()> {
    match schema::look(place)? {
        Some(mut connection) => moving::would_serve(&mut connection, place),
        None => Ok(()),
    }
}

impl Store {
    /// Opens the database (a file is made where there is none) and applies the migrations. Blocking: for start-up. What cannot be
    /// used, was written by a newer version, or was moved elsewhere, is an error that says so.
    pub fn open(place: impl Into<Place>, connections: u32) -> Result<Self> {
        let place = place.into();
        // one connection by hand first: the pool would retry for its whole time-out
        let mut first = r2d2::ManageConnection::connect(&place)?;
        moving::would_serve(&mut first, &place)?;
        schema::migrate(&mut first, &place)?;
        moving::may_serve(&mut first, &place)?;
        users::fold_names(&mut first)?;
        drop(first);
        let threads = Threads::new(pool(&place, connections)?, place.gone());
        Ok(Self {
            threads: Arc::new(threads),
            effects: Arc::default(),
            mails: Arc::default(),
            news: Arc::default(),
            ground: Arc::new(ArcSwap::from_pointee(Ground::of(place))),
            connections,
            moves: Arc::default(),
            holder: uuid::Uuid::new_v4().to_string().into(),
        })
    }

    /// Goes on with another database, whose content is the same, after [`Threads::hold`].
    pub(in crate::store) fn serve_from(&self, place: &Place, pool: Pool) {
        self.ground.store(Arc::new(Ground::of(place.clone())));
        self.threads.go_on(Some((pool, place.gone())));
    }

    /// Connections to another database, as many as to this one.
    pub(in crate::store) fn pool_of(&self, place: &Place) -> Result<Pool> {
        pool(place, self.connections)
    }

    /// What is wrong with the database, a sentence each; nothing where it is whole.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let place = self.place();
        self.run(move |connection| check::complaints(connection, &place)).await
    }

    /// Where the database is.
    pub fn place(&self) -> Place {
        self.ground.load().place.clone()
    }

    /// Runs `work` with a connection on a thread of the database.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, mut answered) = oneshot::channel();
        let (effects, mails, news) = (self.effects.clone(), self.mails.clone(), self.news.clone());
        self.threads.give(Box::new(move |connection| {
            let worked = connection.and_then(|connection| {
                connection.left.clear();
                connection.has_mail = false;
                connection.has_news = false;
                let worked = work(connection);
                if !connection.left.is_empty() {
                    effects.notify_one();
                }
                if connection.has_mail {
                    mails.notify_one();
                }
                if connection.has_news {
                    news.notify_one();
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
        .map_err(|e| match &self.ground.load().below {
            Below::Disk(disk) => disk.explained(e),
            Below::Server(server) => server.explained(e),
        })
    }

    /// Whether the database takes what is written, as far as that is known. Writes only where something says that it does
    /// not, at most once a second; otherwise asks the file system below a file, and nobody about a server.
    pub async fn disk(&self) -> Result<()> {
        match &self.ground.load_full().below {
            Below::Disk(disk) => self.try_disk(disk).await,
            Below::Server(server) => match server.trouble() {
                None => Ok(()),
                Some((error, false)) => Err(error),
                Some((error, true)) => self.try_server(server, error).await,
            },
        }
    }

    async fn try_server(&self, server: &Server, error: Error) -> Result<()> {
        // whoever asks how it fares does not want to wait as long as whoever wants something of it
        let tried = timeout(TRY, self.run(|connection| connection.execute(server::TRY, &[]))).await;
        tried.unwrap_or(Err(error))?;
        server.healed();
        Ok(())
    }

    async fn try_disk(&self, disk: &Disk) -> Result<()> {
        match disk.has_to_be_tried() {
            None => Ok(()),
            Some(false) if !disk.is_failing() => Ok(()),
            Some(_) => {
                let tried = self.run(|connection| connection.execute(disk::TRY, &[])).await;
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
        matches!(self.ground.load().below, Below::Disk(_))
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

    /// The same of a mail (`mails`).
    pub async fn mail_left(&self) {
        self.mails.notified().await;
    }

    /// The same of something that a webhook is to be told (`webhooks`).
    pub async fn news_left(&self) {
        self.news.notified().await;
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
