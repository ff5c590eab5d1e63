//! A real PostgreSQL for the suites: one cluster a test program, on a Unix socket of its own, and a database for each server.
//! `BEDRUD_TEST_DATABASE=postgres` gives every [`crate::Server`] one of these instead of SQLite.
mod cluster;

use std::{
    env,
    process::Stdio,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

pub use cluster::{Cluster, USER, program};

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// True when the suites shall run on PostgreSQL.
pub fn is_wanted() -> bool {
    env::var("BEDRUD_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

/// The cluster of this program; it ends with it. What it acknowledges is not on the disk yet, which only a crash would show.
pub fn shared() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let cluster = Cluster::new(&["fsync=off", "max_connections=500", "shared_buffers=64MB"]);
        cluster.start();
        cluster
    })
}

/// A database of its own in the cluster of this program; gone with this.
pub struct Database(String);

impl Database {
    /// An empty one.
    #[allow(clippy::new_without_default)] // it does more than a default should
    pub fn new() -> Self {
        Self::with("")
    }

    /// An empty one, made with these options of CREATE DATABASE.
    pub fn with(options: &str) -> Self {
        let name = format!("meet_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        shared().sql("postgres", &format!("CREATE DATABASE {name} {options}"));
        Self(name)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Its `database.url`.
    pub fn url(&self) -> String {
        shared().url(&self.0)
    }

    /// Runs `text` in it and gives back what it printed, without headings.
    pub fn sql(&self, text: &str) -> String {
        shared().sql(&self.0, text)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let mut psql = shared().psql("postgres", &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.0));
        // what is left goes with the cluster
        let _ = psql.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
