//! Process ids that mean the same process still: a pid with the moment it started, from /proc (proc_pid_stat(5)).

use nix::{sys::signal::Signal, unistd::Pid};
use serde::{Deserialize, Serialize};

/// A process that is not mistaken for a later one with the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    pub(super) pid: u32,
    /// Field 22: clock ticks after boot.
    started: u64,
}

impl Process {
    pub(super) fn of(pid: u32) -> Option<Self> {
        let (process, is_over) = Self::look(pid)?;
        (!is_over).then_some(process)
    }

    /// The process of this number, and whether its first thread has ended.
    fn look(pid: u32) -> Option<(Self, bool)> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // the name in parentheses may hold anything, so count from behind it
        let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
        let is_over = matches!(fields.next()?, "Z" | "X");
        let started = fields.nth(18)?.parse().ok()?;
        Some((Self { pid, started }, is_over))
    }

    /// This very program.
    pub(super) fn own() -> Option<Self> {
        Self::of(std::process::id())
    }

    pub(super) fn is_alive(self) -> bool {
        Self::of(self.pid) == Some(self)
    }

    /// True as long as it may hold files, locks and ports: a killed process looks like a zombie as soon as its first
    /// thread has ended, and its other threads keep everything open until the last of them has.
    pub(super) fn holds_anything(self) -> bool {
        match Self::look(self.pid) {
            Some((process, false)) => process == self,
            Some((process, true)) => process == self && threads(self.pid) > 1,
            None => false,
        }
    }

    /// Does nothing when the process is gone.
    pub(super) fn signal(self, signal: Signal) {
        if self.is_alive() {
            send(self.pid, signal);
        }
    }
}

fn threads(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count)
}

/// Sends to a child that was not waited for yet, so its number is still its own.
pub(super) fn send(pid: u32, signal: Signal) {
    if let Ok(pid) = i32::try_from(pid)
        && let Err(e) = nix::sys::signal::kill(Pid::from_raw(pid), signal)
    {
        tracing::debug!(pid, "{signal} was not delivered: {e}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_start() {
        let own = Process::own().expect("this test");
        assert!(own.is_alive());
        assert!(own.holds_anything());
        let other = Process { started: own.started + 1, ..own };
        assert!(!other.is_alive() && !other.holds_anything());
        let mut child = std::process::Command::new("true").spawn().expect("spawned");
        let pid = child.id();
        child.wait().expect("ended");
        assert_eq!(Process::of(pid), None);
    }
}
