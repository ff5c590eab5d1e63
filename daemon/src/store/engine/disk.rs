//! The disk under the database: full, read-only or broken. Says which, and finds out by itself when it has passed.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use nix::sys::statvfs::{FsFlags, statvfs};
use rusqlite::ffi::ErrorCode;

use super::fault::UNAVAILABLE;
use crate::error::{Error, Kind};

const FULL: &str = "disk_full";
const READ_ONLY: &str = "disk_read_only";
const BROKEN: &str = "disk_broken";
/// A write that needs more than this is next.
const LITTLE_BYTES: u64 = 256 << 10;
/// What a write is tried with: the same value again, which is written all the same; nothing reads it.
pub(in crate::store) const TRY: &str = "PRAGMA user_version = 1";
/// Between two tries to write, however often somebody asks.
const PAUSE: Duration = Duration::from_secs(1);

/// A file system that complained of nothing is believed for so long: probes ask thousands of times a second.
const BELIEVED_MS: u64 = 100;

/// What is known of it.
pub(in crate::store) struct Disk {
    directory: PathBuf,
    /// The last write failed, and nobody has succeeded since.
    is_failing: AtomicBool,
    tried_at: Mutex<Option<Instant>>,
    since: Instant,
    /// When the file system last complained of nothing, in milliseconds after `since`; 0 for not yet.
    fine_at_ms: AtomicU64,
}

/// The code of a failure that the disk is to blame for.
pub(in crate::store) fn code(failure: ErrorCode) -> Option<&'static str> {
    match failure {
        ErrorCode::DiskFull => Some(FULL),
        ErrorCode::ReadOnly => Some(READ_ONLY),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Some(BROKEN),
        _ => None,
    }
}

impl Disk {
    pub(in crate::store) fn of(directory: PathBuf) -> Self {
        Self {
            directory,
            is_failing: AtomicBool::new(false),
            tried_at: Mutex::default(),
            since: Instant::now(),
            fine_at_ms: AtomicU64::new(0),
        }
    }

    /// Gives a failure of the database its place and its remedy, where the disk is to blame.
    pub(in crate::store) fn explained(&self, error: Error) -> Error {
        // SQLite tells some of what a full disk does as a broken or an unopened file
        let code = match (error.code, self.complaint()) {
            (BROKEN | UNAVAILABLE, Some(complaint)) => complaint,
            (FULL | READ_ONLY | BROKEN, _) => error.code,
            _ => return error,
        };
        self.is_failing.store(true, Ordering::Relaxed);
        let directory = self.directory.display();
        let sentence = match code {
            FULL => format!(
                "The disk that holds {directory} is full. Make room there; it goes on by itself then."
            ),
            READ_ONLY => format!(
                "{directory} cannot be written to. Mount it for writing, or give it back to the daemon's user; it goes on by itself then."
            ),
            _ => format!(
                "The disk that holds {directory} fails. The daemon's log and that of the kernel say how."
            ),
        };
        Error { kind: Kind::Unavailable, code, sentence: sentence.into(), ..error }
    }

    /// Whether it has to be tried now: something points to a failure, and the last try is a while ago. `None` where
    /// nothing does.
    pub(in crate::store) fn has_to_be_tried(&self) -> Option<bool> {
        if !self.is_failing.load(Ordering::Relaxed) && self.was_fine() {
            return None;
        }
        let mut tried_at = self.tried_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = tried_at.is_none_or(|at| at.elapsed() >= PAUSE);
        if is_due {
            *tried_at = Some(Instant::now());
        }
        Some(is_due)
    }

    /// Whether the file system complains of nothing, as of a moment ago.
    fn was_fine(&self) -> bool {
        let now_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let fine_at_ms = self.fine_at_ms.load(Ordering::Relaxed);
        if fine_at_ms != 0 && now_ms < fine_at_ms.saturating_add(BELIEVED_MS) {
            return true;
        }
        let is_fine = self.complaint().is_none();
        self.fine_at_ms.store(if is_fine { now_ms } else { 0 }, Ordering::Relaxed);
        is_fine
    }

    /// Notes how a write went.
    pub(in crate::store) fn tried(&self, has_worked: bool) {
        self.is_failing.store(!has_worked, Ordering::Relaxed);
    }

    pub(in crate::store) fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// What the file system itself says is wrong.
    fn complaint(&self) -> Option<&'static str> {
        let disk = statvfs(&self.directory).ok()?;
        let free = disk.blocks_available().saturating_mul(disk.fragment_size());
        match (disk.flags().contains(FsFlags::ST_RDONLY), free < LITTLE_BYTES) {
            (true, _) => Some(READ_ONLY),
            (false, true) => Some(FULL),
            (false, false) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::store::Store;

    #[tokio::test]
    async fn a_database_that_cannot_be_written_to_is_called_so_until_it_can() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 1).expect("store");
        let set = async |sql: &'static str| store.run(move |connection| connection.execute(sql, &[])).await;
        store.disk().await.expect("nothing is wrong");
        set("PRAGMA query_only = 1").await.expect("as on a file system without writing");
        let refused = set("DELETE FROM settings").await.expect_err("it is not written to");
        assert_eq!(refused.code, super::READ_ONLY);
        assert!(refused.sentence.contains(&folder.path().display().to_string()), "{refused}");
        assert_eq!(store.disk().await.expect_err("still").code, super::READ_ONLY);
        set("PRAGMA query_only = 0").await.expect("and back");
        let healed = async {
            while store.disk().await.is_err() {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), healed).await.expect("healed");
    }
}
