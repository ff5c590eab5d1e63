//! Opens the pool, migrates the schema, and hands work to the threads of the database.

use std::{path::Path, sync::Arc, time::Duration};

use scheduled_thread_pool::ScheduledThreadPool;
use tokio::{sync::oneshot, time::timeout};

use super::{
    connection::{Connection, store_error},
    pool::Manager,
    threads::Threads,
};
use crate::error::{Error, Kind, Result};

mod embedded {
    refinery::embed_migrations!("src/store/migrations");
}

/// After so long one more thread is called. Queries take some 10 microseconds, writes some 100.
const PATIENCE: Duration = Duration::from_millis(2);

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Threads>);

impl Store {
    /// Opens (and makes) the SQLite file at `path` and applies the migrations. Blocking: for start-up.
    /// A file that cannot be read, or one written by a newer version, is an error that says so.
    pub fn open(path: &Path, connections: u32) -> Result<Self> {
        let unreadable = |e: &dyn std::fmt::Display| {
            let s = format!(
                "The database {} cannot be opened: {e}. Check that it is a database of Bedrud and that its owner and mode let the daemon read and write it.",
                path.display()
            );
            Error::new(Kind::Unavailable, "database_unreadable", s)
        };
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
        drop(first);
        let pool = pool.build(manager).map_err(|e| unreadable(&e))?;
        Ok(Self(Arc::new(Threads::new(pool))))
    }

    /// Runs `work` with a connection on a thread of the database.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, mut answered) = oneshot::channel();
        self.0.give(Box::new(move |connection| {
            // whoever asked may be gone: what was begun is done all the same
            let _ = answer.send(connection.and_then(work));
        }));
        match timeout(PATIENCE, &mut answered).await {
            Ok(answer) => answer,
            Err(_) => {
                // it may be behind somebody who waits for a write of another
                self.0.hasten();
                answered.await
            }
        }
        .map_err(Error::internal)?
    }
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let runner = embedded::migrations::runner();
    let newest = runner.get_migrations().iter().map(|m| i64::from(m.version())).max().unwrap_or(0);
    let applied: Option<i64> = connection
        .0
        .query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))
        .or_else(|e| if e.to_string().contains("no such table") { Ok(None) } else { Err(store_error(e)) })?;
    if applied.is_some_and(|version| version > newest) {
        let s = format!(
            "The database {} was written by a newer version of Bedrud. Install that version, or restore the backup made before the upgrade.",
            path.display()
        );
        return Err(Error::new(Kind::Unavailable, "database_newer", s));
    }
    runner.run(&mut connection.0).map_err(Error::internal)?;
    Ok(())
}
