//! What the kernel says of a process: CPU time and resident memory.
use std::fs;

use anyhow::{Context, Result};

/// Clock ticks a second in `/proc/PID/stat`; 100 on every Linux (USER_HZ).
const TICKS: f64 = 100.0;

/// User and system time of the process and its ended threads, without its children, in seconds.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // the name in parentheses may contain anything; utime and stime are fields 14 and 15 (proc(5))
    let after = stat.rsplit_once(')').context("no process name")?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks =
        |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("a short line");
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// Resident memory in bytes.
pub fn resident_bytes(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024.0)
}
