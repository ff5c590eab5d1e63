//! The machine: room on the disk, memory, limits of the kernel, and whose the files are.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use nix::sys::{
    resource::{Resource, getrlimit},
    statvfs::statvfs,
};

use super::{Doctor, Finding, error, warning};

/// What LiveKit asks the kernel for (its start-up warning); less loses packets of large meetings.
const SOCKET_BUFFER: u64 = 5_000_000;
/// A person is some descriptors, through TURN some more.
const FILES: u64 = 8192;
const LITTLE_ROOM: u64 = 512 << 20;
const LITTLE_MEMORY: u64 = 128 << 20;
/// Of a hundred.
const FEW_INODES: u64 = 2;

pub(super) fn look(doctor: &Doctor) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(disk(&doctor.state));
    found.extend(memory(&fs::read_to_string("/proc/meminfo").unwrap_or_default()));
    for (id, name) in [("sysctl.rmem", "rmem_max"), ("sysctl.wmem", "wmem_max")] {
        let value = fs::read_to_string(format!("/proc/sys/net/core/{name}")).unwrap_or_default();
        found.extend(value.trim().parse().ok().and_then(|value| buffer(id, name, value)));
    }
    if let Ok((limit, _)) = getrlimit(Resource::RLIMIT_NOFILE)
        && limit < FILES
    {
        let evidence =
            format!("The daemon may have {limit} files and connections open; a busy one needs more.");
        let remedy = "Set LimitNOFILE=524288 for the service, then: systemctl restart bedrud";
        found.push(warning("limits.files", evidence, remedy));
    }
    found.extend(files(doctor));
    found
}

fn disk(state: &Path) -> Vec<Finding> {
    let Ok(disk) = statvfs(state) else { return Vec::new() };
    let free = disk.blocks_available().saturating_mul(disk.fragment_size());
    let (inodes, left) = (disk.files(), disk.files_available());
    room(state, free, inodes, left)
}

fn room(state: &Path, free: u64, inodes: u64, left: u64) -> Vec<Finding> {
    let (mut found, state) = (Vec::new(), state.display());
    if free < LITTLE_ROOM {
        let evidence = format!("The disk of {state} has {} MB left.", free >> 20);
        found.push(error("disk.space", evidence, format!("df -h {state}; journalctl --vacuum-size=200M")));
    }
    // some file systems count none
    if inodes > 0 && left.saturating_mul(100) < inodes.saturating_mul(FEW_INODES) {
        let evidence = format!("The disk of {state} takes {left} more files only.");
        found.push(error("disk.inodes", evidence, format!("df -i {state}")));
    }
    found
}

fn memory(meminfo: &str) -> Option<Finding> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let free = line.trim().trim_end_matches(" kB").parse::<u64>().ok()?.saturating_mul(1024);
    (free < LITTLE_MEMORY).then(|| {
        let evidence = format!("{} MB of memory are left.", free >> 20);
        warning("memory.low", evidence, "ps aux --sort=-rss | head")
    })
}

fn buffer(id: &'static str, name: &str, value: u64) -> Option<Finding> {
    (value < SOCKET_BUFFER).then(|| {
        let evidence =
            format!("net.core.{name} is {value}: bursts of large meetings are lost in the kernel.");
        warning(id, evidence, format!("sysctl -w net.core.{name}=16777216, and the same in /etc/sysctl.d"))
    })
}

fn files(doctor: &Doctor) -> Vec<Finding> {
    let mode = |path: &Path| fs::metadata(path).map(|found| found.permissions().mode() & 0o777);
    let (mut found, state) = (Vec::new(), &doctor.state);
    if let Ok(mode) = mode(state)
        && mode & 0o077 != 0
    {
        let evidence = format!("Others may look into {} (mode {mode:o}).", state.display());
        found.push(warning("state.open", evidence, format!("chmod 700 {}", state.display())));
    }
    for name in ["secrets", "livekit-keys", "bedrud.db"] {
        let path = state.join(name);
        if let Ok(mode) = mode(&path)
            && mode & 0o077 != 0
        {
            let evidence = format!("Others may read {} (mode {mode:o}).", path.display());
            found.push(error("secrets.open", evidence, format!("chmod 600 {}", path.display())));
        }
    }
    if let Ok(mode) = mode(&doctor.socket)
        && mode & 0o006 != 0o006
    {
        let evidence = format!(
            "Members of bedrud-admin and bedrud-mod cannot reach {} (mode {mode:o}); who may do what is asked of the kernel.",
            doctor.socket.display()
        );
        found.push(warning("socket.closed", evidence, format!("chmod 666 {}", doctor.socket.display())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_at_its_end_is_found_so() {
        let ids = |found: Vec<Finding>| found.iter().map(|finding| finding.id).collect::<Vec<_>>();
        let state = Path::new("/var/lib/bedrud");
        assert!(room(state, 1 << 40, 1000, 900).is_empty() && room(state, 1 << 40, 0, 0).is_empty());
        assert_eq!(ids(room(state, 1 << 20, 1000, 10)), ["disk.space", "disk.inodes"]);
        assert!(memory("MemTotal: 9 kB\nMemAvailable:    4000000 kB\n").is_none());
        assert_eq!(memory("MemAvailable:      20000 kB\n").map(|finding| finding.id), Some("memory.low"));
        assert!(buffer("sysctl.rmem", "rmem_max", 16 << 20).is_none());
        assert!(buffer("sysctl.rmem", "rmem_max", 212_992).is_some());
    }
}
