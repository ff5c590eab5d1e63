//! The SFU of a unit of its own (`bedrud livekit`): reads how it fares, and never touches it but to ask for a restart.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use nix::sys::signal::Signal;
use tokio::{sync::watch, time::sleep};

use super::record::{self, Record};
use crate::{
    error::{Error, Result},
    livekit::{State, Status},
};

/// The file is looked at this often: a tenth of what a call needs to come back.
const LOOK: Duration = Duration::from_millis(100);

/// Publishes what the supervisor writes, for ever.
pub(crate) async fn run(path: PathBuf, status: watch::Sender<Status>) {
    let mut seen: Option<SystemTime> = None;
    let mut latest: Option<Record> = None;
    loop {
        let changed = tokio::fs::metadata(&path).await.and_then(|m| m.modified()).ok();
        if changed != seen {
            seen = changed;
            latest = record::read(&path).await;
        }
        let now = match &latest {
            Some(record) if record.supervisor.is_alive() => record.status.clone(),
            _ => gone(),
        };
        status.send_if_modified(|old| {
            let differs = *old != now;
            if differs {
                *old = now;
            }
            differs
        });
        sleep(LOOK).await;
    }
}

fn gone() -> Status {
    let sentence =
        "The SFU's supervisor is not running. Start it: `systemctl start bedrud-livekit`.".to_owned();
    Status { state: State::Failed { sentence, last_lines: Vec::new() }, ..Status::starting() }
}

/// Asks the supervisor to restart its SFU (SIGUSR1).
pub(crate) async fn restart(path: &Path) -> Result<()> {
    let record = record::read(path).await.filter(|r| r.supervisor.is_alive());
    let Some(record) = record else {
        return Err(Error::unavailable(
            "supervisor_away",
            "The SFU's supervisor is not running. Start it: `systemctl start bedrud-livekit`.",
        ));
    };
    record.supervisor.signal(Signal::SIGUSR1);
    Ok(())
}
