//! A program of a unit of its own, such as `bedrud livekit`: reads how it fares, and never touches it but to ask for a restart.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use nix::sys::signal::Signal;
use tokio::{sync::watch, time::sleep};

use super::{
    record::{self, Record, Who},
    status::{State, Status, Tells},
};
use crate::error::{Error, Result};

/// The file is looked at this often: by then nobody else may know yet that the program is gone.
const LOOK: Duration = Duration::from_millis(100);
/// And this often while people wait for it to be back: each look late is one more without a picture.
const SOON: Duration = Duration::from_millis(20);

/// One that another process supervises.
pub struct Followed {
    record: PathBuf,
    away: &'static str,
}

impl Followed {
    /// Publishes what its supervisor writes, for ever. `away` says what happened and what to do while that is not running.
    pub fn start<T: Tells>(
        runtime: &Path,
        name: &str,
        away: &'static str,
        status: watch::Sender<Status<T>>,
    ) -> Self {
        let record = record::path(runtime, name);
        tokio::spawn(publish(record.clone(), away, status));
        Self { record, away }
    }

    /// Asks the supervisor to restart its program (SIGUSR1).
    pub async fn restart(&self) -> Result<()> {
        let who = record::read::<Who>(&self.record).await.filter(|who| who.supervisor.is_alive());
        let Some(who) = who else {
            return Err(Error::unavailable("supervisor_away", self.away));
        };
        who.supervisor.signal(Signal::SIGUSR1);
        Ok(())
    }
}

async fn publish<T: Tells>(path: PathBuf, away: &'static str, status: watch::Sender<Status<T>>) {
    let mut seen: Option<SystemTime> = None;
    let mut latest: Option<Record<T>> = None;
    loop {
        let changed = tokio::fs::metadata(&path).await.and_then(|m| m.modified()).ok();
        if changed != seen {
            seen = changed;
            latest = record::read(&path).await;
        }
        let now = match &latest {
            Some(record) if record.who.supervisor.is_alive() => record.status.clone(),
            _ => Status { state: State::failed(away), ..Status::starting(T::default()) },
        };
        status.send_if_modified(|old| {
            let differs = *old != now;
            if differs {
                *old = now;
            }
            differs
        });
        let works = matches!(status.borrow().state, State::Ready { .. });
        sleep(if works { LOOK } else { SOON }).await;
    }
}
