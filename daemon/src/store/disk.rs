//! The disk under the database: full, read-only or broken. Says which, and finds out by itself when it has passed.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use nix::sys::statvfs::{FsFlags, statvfs};
use rusqlite::ffi::ErrorCode;

use crate::error::{Error, Kind};

/// There is no connection, or it is busy with somebody else's write.
pub(super) const UNAVAILABLE: &str = "database_unavailable";
const FULL: &str = "disk_full";
const READ_ONLY: &str = "disk_read_only";
const BROKEN: &str = "disk_broken";
/// A write that needs more than this is next.
const LITTLE_BYTES: u64 = 256 << 10;
/// Between two tries to write, however often somebody asks.
const PAUSE: Duration = Duration::from_secs(1);

/// What is known of it.
pub(super) struct Disk {
    directory: PathBuf,
    /// The last write failed, and nobody has succeeded since.
    is_failing: AtomicBool,
    tried_at: Mutex<Option<Instant>>,
}

/// The code of a failure that the disk is to blame for.
pub(super) fn code(failure: ErrorCode) -> Option<&'static str> {
    match failure {
        ErrorCode::DiskFull => Some(FULL),
        ErrorCode::ReadOnly => Some(READ_ONLY),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Some(BROKEN),
        _ => None,
    }
}

impl Disk {
    pub(super) fn of(directory: PathBuf) -> Self {
        Self { directory, is_failing: AtomicBool::new(false), tried_at: Mutex::default() }
    }

    /// Gives a failure of the database its place and its remedy, where the disk is to blame.
    pub(super) fn explained(&self, error: Error) -> Error {
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
    pub(super) fn has_to_be_tried(&self) -> Option<bool> {
        if !self.is_failing.load(Ordering::Relaxed) && self.complaint().is_none() {
            return None;
        }
        let mut tried_at = self.tried_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = tried_at.is_none_or(|at| at.elapsed() >= PAUSE);
        if is_due {
            *tried_at = Some(Instant::now());
        }
        Some(is_due)
    }

    /// Notes how a write went.
    pub(super) fn tried(&self, has_worked: bool) {
        self.is_failing.store(!has_worked, Ordering::Relaxed);
    }

    pub(super) fn is_failing(&self) -> bool {
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
