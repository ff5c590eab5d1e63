//! A program as whoever counts sees it: its name and its process, whatever else it tells.

use std::sync::Arc;

use tokio::sync::watch;

use super::status::{State, Status, Tells};

/// Cheap to clone.
#[derive(Clone)]
pub struct Seen {
    /// As it is counted.
    pub name: &'static str,
    pid: Arc<dyn Fn() -> Option<u32> + Send + Sync>,
}

impl Seen {
    /// The program of this status.
    pub fn new<T: Tells>(name: &'static str, status: watch::Receiver<Status<T>>) -> Self {
        let pid = move || match status.borrow().state {
            State::Ready { pid, .. } => pid,
            State::Starting | State::Failed { .. } | State::Stopped => None,
        };
        Self { name, pid: Arc::new(pid) }
    }

    /// Its process, while it answers and runs on this machine.
    pub fn pid(&self) -> Option<u32> {
        (self.pid)()
    }
}
