//! One supervisor for a program: the lock that says so, and the end of what a killed supervisor left.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Error, ErrorKind, Result},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::sys::signal::Signal;
use tokio::time::sleep;

use super::record::{self, Who};

/// Between two looks at a process that ends.
const LOOK: Duration = Duration::from_millis(10);
/// So many looks, then it does not end.
const LOOKS: usize = 500;

/// The right to run a program, as long as it lives.
pub struct Claim {
    pub(super) name: &'static str,
    pub(super) record: PathBuf,
    _lock: File,
}

impl Claim {
    /// `None`: another supervisor has it. The kernel frees the lock when its holder ends, however it ends (flock(2)),
    /// which takes a moment after a SIGKILL.
    pub async fn take(runtime: &Path, name: &'static str) -> Result<Option<Self>> {
        let record = record::path(runtime, name);
        let path = Self::path(runtime, name);
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self { name, record, _lock: file })),
                Err(TryLockError::WouldBlock) if is_ending(&record).await => sleep(LOOK).await,
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(e)) => return Err(e),
            }
        }
    }

    /// The file that is locked.
    pub fn path(runtime: &Path, name: &str) -> PathBuf {
        runtime.join(format!("{name}.lock"))
    }

    /// Kills what a supervisor left that was killed itself: its ports are needed, and its clients come back after a SIGKILL.
    /// Returns when nothing of it is left that could hold one.
    pub async fn end_orphan(&self) -> Result<()> {
        let program = record::read::<Who>(&self.record).await.and_then(|who| who.program);
        let Some(orphan) = program.filter(|p| p.holds_anything()) else { return Ok(()) };
        let (name, pid) = (self.name, orphan.pid);
        tracing::warn!(pid, "an earlier supervisor was killed and left its {name}: ending it");
        orphan.signal(Signal::SIGKILL);
        for _ in 0..LOOKS {
            if !orphan.holds_anything() {
                return Ok(());
            }
            sleep(LOOK).await;
        }
        Err(Error::new(ErrorKind::TimedOut, format!("process {pid} does not end")))
    }
}

/// Whether the supervisor of the record was killed and is not gone yet.
async fn is_ending(record: &Path) -> bool {
    let supervisor = record::read::<Who>(record).await.map(|who| who.supervisor);
    supervisor.is_some_and(|one| !one.is_alive() && one.holds_anything())
}
