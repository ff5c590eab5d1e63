//! What a process of ours uses, from /proc (proc(5)).

use std::fs;

use nix::unistd::{SysconfVar, sysconf};

use crate::programs::Seen;

/// One moment of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Process {
    /// Resident memory.
    pub memory_bytes: i64,
    /// Processor time since its start.
    pub cpu_seconds: f64,
    /// When it started, by the clock of [`uptime_seconds`].
    pub started_seconds: f64,
    /// Open file descriptors; 0 where they may not be seen.
    pub open_files: i64,
}

impl Process {
    /// None where there is no such process.
    pub fn look(pid: u32) -> Option<Self> {
        let per_second = sysconf(SysconfVar::CLK_TCK).ok()??;
        let page = sysconf(SysconfVar::PAGE_SIZE).ok()??;
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // the name before may have blanks in it
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<i64>().ok();
        let ticks = number(11)?.saturating_add(number(12)?);
        let open = fs::read_dir(format!("/proc/{pid}/fd")).map(Iterator::count).unwrap_or_default();
        Some(Self {
            memory_bytes: number(21)?.saturating_mul(page),
            cpu_seconds: ticks as f64 / per_second as f64,
            started_seconds: number(19)? as f64 / per_second as f64,
            open_files: i64::try_from(open).unwrap_or(i64::MAX),
        })
    }
}

/// A clock that only goes forward, from the start of the machine.
pub(super) fn uptime_seconds() -> f64 {
    let text = fs::read_to_string("/proc/uptime").unwrap_or_default();
    text.split(' ').next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}

/// This program and `others` that are ours: name, process id, what they use.
pub(super) fn ours(others: &[Seen]) -> Vec<(&'static str, u32, Process)> {
    let others = others.iter().filter_map(|program| Some((program.name, program.pid()?)));
    let programs = std::iter::once(("bedrud", std::process::id())).chain(others);
    programs.filter_map(|(name, pid)| Some((name, pid, Process::look(pid)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_something() {
        let seen = Process::look(std::process::id()).expect("we run");
        assert!(seen.memory_bytes > 1 << 20 && seen.open_files > 2, "{seen:?}");
        assert!(Process::look(u32::MAX).is_none());
    }
}
