//! Who listens on a TCP port of this machine, from /proc (proc(5)). Only root sees the programs of others.

use std::fs;

/// Its end of a line in /proc/net/tcp.
const LISTENS: &str = "0A";

/// A program that listens.
pub struct Holder {
    /// Its name, shortened by the kernel to 15 letters.
    pub name: String,
    /// Its process id.
    pub pid: u32,
    /// The systemd unit it belongs to.
    pub unit: Option<String>,
}

/// The first program found that listens on `port`; none also where it cannot be seen.
pub fn of(port: u16) -> Option<Holder> {
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| {
            let inodes = table.lines().filter_map(|line| listening(line, port));
            inodes.map(|inode| format!("socket:[{inode}]")).collect::<Vec<_>>()
        })
        .collect();
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.find(|pid| holds(*pid, &sockets)).map(|pid| Holder {
        name: read(pid, "comm").trim().to_owned(),
        pid,
        unit: unit(&read(pid, "cgroup")),
    })
}

/// The inode, where this line is a socket that listens on `port`.
fn listening(line: &str, port: u16) -> Option<&str> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let (_, local) = fields.get(1)?.rsplit_once(':')?;
    let found = u16::from_str_radix(local, 16).ok()? == port && *fields.get(3)? == LISTENS;
    found.then(|| fields.get(9).copied())?
}

fn holds(pid: u32, sockets: &[String]) -> bool {
    let open = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let mut targets = open.filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.any(|target| sockets.iter().any(|socket| target.as_os_str() == socket.as_str()))
}

fn unit(cgroup: &str) -> Option<String> {
    let parts = cgroup.lines().flat_map(|line| line.rsplit('/'));
    parts.map(str::trim).find(|part| part.ends_with(".service")).map(str::to_owned)
}

fn read(pid: u32, what: &str) -> String {
    fs::read_to_string(format!("/proc/{pid}/{what}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_this_program_holds_is_its_own() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
        let port = listener.local_addr().expect("address").port();
        assert_eq!(of(port).map(|holder| holder.pid), Some(std::process::id()));
        drop(listener);
        assert!(of(port).is_none());
    }
}
