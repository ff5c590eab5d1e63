//! `livekit.json` in the runtime directory: what a supervisor tells other programs, and what a killed one leaves behind.
//! Every supervised program has such a file of its own.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use super::process::Process;
use crate::{
    files::{self, Lasts},
    livekit::Status,
};

/// Who supervises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Keeper {
    /// `bedrud run`, with everything in one program.
    Daemon,
    /// `bedrud livekit`, a unit of its own.
    Unit,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) keeper: Keeper,
    pub(crate) supervisor: Process,
    /// The program, while it runs.
    pub(crate) sfu: Option<Process>,
    pub(crate) status: Status,
}

pub(crate) fn path(runtime: &Path) -> PathBuf {
    runtime.join("livekit.json")
}

pub(crate) async fn read(path: &Path) -> Option<Record> {
    let bytes = tokio::fs::read(path).await.ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Replaces the file as a whole: readers see the old one or the new one.
pub(crate) async fn write(path: &Path, record: &Record) -> std::io::Result<()> {
    let (path, text) = (path.to_owned(), serde_json::to_vec(record)?);
    let written = move || files::replace(&path, &text, Lasts::ThisRun);
    tokio::task::spawn_blocking(written).await.map_err(std::io::Error::other)?
}

/// Kills what a supervisor left that was killed itself: its ports are needed, and its clients come back after a SIGKILL.
/// Returns when nothing of it is left that could hold one.
pub(crate) async fn end_orphan(path: &Path) -> std::io::Result<()> {
    let Some(orphan) = read(path).await.and_then(|r| r.sfu).filter(|p| p.holds_anything()) else {
        return Ok(());
    };
    tracing::warn!(pid = orphan.pid, "an earlier supervisor was killed and left its program: ending it");
    orphan.signal(Signal::SIGKILL);
    for _ in 0..500 {
        if !orphan.holds_anything() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(std::io::Error::new(ErrorKind::TimedOut, format!("process {} does not end", orphan.pid)))
}
