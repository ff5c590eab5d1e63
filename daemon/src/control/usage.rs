//! What the programs use, for the operator.

use axum::{Json, extract::State};
use bedrud_control::{ProgramUsage, Usage};

use super::{Context, process};

/// `GET /v1/usage`
pub(super) async fn show(State(context): State<Context>) -> Json<Usage> {
    let at_seconds = process::uptime_seconds();
    let programs = process::ours(&context.programs).into_iter().map(|(name, pid, process)| ProgramUsage {
        name: name.to_owned(),
        pid,
        memory_bytes: process.memory_bytes,
        cpu_seconds: process.cpu_seconds,
        up_seconds: (at_seconds - process.started_seconds).max(0.0),
        open_files: process.open_files,
    });
    Json(Usage { at_seconds, programs: programs.collect() })
}
