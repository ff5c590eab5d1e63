//! `GET /v1/usage`: what the programs use.

use serde::{Deserialize, Serialize};

/// One moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// By a clock that only goes forward.
    pub at_seconds: f64,
    /// The daemon, and the SFU where it is ours.
    pub programs: Vec<ProgramUsage>,
}

/// What one of them uses.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgramUsage {
    /// `bedrud` or `livekit`.
    pub name: String,
    /// Its process.
    pub pid: u32,
    /// Resident memory.
    pub memory_bytes: i64,
    /// Processor time since its start.
    pub cpu_seconds: f64,
    /// Since its start.
    pub up_seconds: f64,
    /// Open file descriptors; 0 where they may not be seen.
    pub open_files: i64,
}
