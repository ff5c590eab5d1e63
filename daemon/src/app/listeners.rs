//! TCP listeners: those of the service manager first, else bound here; what is in the way is told with its remedy.

use std::{
    io::{Error, ErrorKind},
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use nix::sys::socket::{setsockopt, sockopt};
use tokio::{
    net::{TcpListener, TcpSocket},
    time::sleep,
};

use super::given::Given;
use crate::config::Problems;

/// As many as the system keeps waiting (listen(2)).
const BACKLOG: u32 = 4096;

/// Binds and listens; `::` takes both families, also where net.ipv6.bindv6only is 1 (ipv6(7)).
fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    if address.is_ipv6() {
        setsockopt(&socket, sockopt::Ipv6V6Only, &false)?;
    }
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Opens one after the other.
pub(super) struct Listeners<'a> {
    pub(super) given: Given,
    pub(super) problems: &'a mut Problems,
}

impl Listeners<'_> {
    /// The given sockets on `port`, else the first of `hosts` that can be bound; never empty. `key` is the setting to change.
    pub(super) async fn open(&mut self, hosts: &[IpAddr], port: u16, key: &str) -> Option<Vec<TcpListener>> {
        let given = self.given.tcp(port);
        if !given.is_empty() {
            let adopt = |one: std::net::TcpListener| {
                one.set_nonblocking(true)?;
                TcpListener::from_std(one)
            };
            let adopted: Result<Vec<_>, _> = given.into_iter().map(adopt).collect();
            return adopted.map_err(|e| self.note(&e, "the given socket", port, key)).ok();
        }
        let mut failed = None;
        for host in hosts {
            match bound(SocketAddr::new(*host, port)).await {
                Ok(listener) => return Some(vec![listener]),
                Err(e) => {
                    // the next one is for machines without IPv6, not for taken ports
                    let is_last = e.kind() == ErrorKind::AddrInUse;
                    failed = Some((host, e));
                    if is_last {
                        break;
                    }
                }
            }
        }
        if let Some((host, e)) = failed {
            self.note(&e, &host.to_string(), port, key);
        }
        None
    }

    fn note(&mut self, error: &Error, place: &str, port: u16, key: &str) {
        let (code, cure) = match error.kind() {
            ErrorKind::PermissionDenied => (
                "port_forbidden",
                "Give the daemon its sockets (`bedrudctl unit status` says what is in their way) or CAP_NET_BIND_SERVICE, or choose a port above 1023",
            ),
            ErrorKind::AddrInUse => ("port_taken", "Stop the program that holds it, or choose another port"),
            _ => ("port_unusable", "Check server.host, or choose another port"),
        };
        self.problems.add(code, key, format!("Port {port} on {place} cannot be bound: {error}. {cure}."));
    }
}

/// A predecessor that was killed holds its ports until the last of its threads has ended, so a taken one is tried again.
async fn bound(address: SocketAddr) -> std::io::Result<TcpListener> {
    for _ in 0..25 {
        match bind(address) {
            Err(e) if e.kind() == ErrorKind::AddrInUse => sleep(Duration::from_millis(20)).await,
            done => return done,
        }
    }
    bind(address)
}
