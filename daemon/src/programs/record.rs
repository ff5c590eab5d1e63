//! `NAME.json` in the runtime directory: what a supervisor tells other processes, and what a killed one leaves behind.
//! Every supervised program has such a file of its own.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    process::Process,
    status::{Status, Tells},
};
use crate::files::{self, Lasts};

/// Who supervises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeper {
    /// `bedrud run`, with everything in one program.
    Daemon,
    /// A unit of its own, such as `bedrud livekit`.
    Unit,
}

/// Whose program it is: of any record, whatever its program tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    pub(crate) keeper: Keeper,
    pub(crate) supervisor: Process,
    /// The program, while it runs. Earlier versions supervised one and called it so.
    #[serde(alias = "sfu")]
    pub(crate) program: Option<Process>,
}

impl Who {
    /// True where `keeper` supervises it now.
    pub fn is_kept_by(&self, keeper: Keeper) -> bool {
        self.keeper == keeper && self.supervisor.is_alive()
    }
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "T: Tells")]
pub(super) struct Record<T> {
    #[serde(flatten)]
    pub(super) who: Who,
    pub(super) status: Status<T>,
}

/// Where the record of this program is.
pub fn path(runtime: &Path, name: &str) -> PathBuf {
    runtime.join(format!("{name}.json"))
}

/// None where there is none that can be read.
pub async fn read<R: DeserializeOwned>(path: &Path) -> Option<R> {
    let bytes = tokio::fs::read(path).await.ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Replaces the file as a whole: readers see the old one or the new one.
pub(super) async fn write<T: Tells>(path: &Path, record: &Record<T>) -> std::io::Result<()> {
    let (path, text) = (path.to_owned(), serde_json::to_vec(record)?);
    let written = move || files::replace(&path, &text, Lasts::ThisRun);
    tokio::task::spawn_blocking(written).await.map_err(std::io::Error::other)?
}
