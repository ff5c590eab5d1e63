//! TCP listeners: those of the service manager first, else bound here; what is in the way is told with its remedy.

use std::{
    io::{Error, ErrorKind},
    net::IpAddr,
    time::Duration,
};

use tokio::{net::TcpListener, time::sleep};

use super::given::Given;
use crate::config::Problems;

/// Opens one after the other.
pub(super) struct Listeners<'a> {
    pub(super) given: Given,
    pub(super) problems: &'a mut Problems,
}

impl Listeners<'_> {
    /// The given socket on `port`, else the first of `hosts` that can be bound. `key` is the setting to change.
    pub(super) async fn open(&mut self, hosts: &[IpAddr], port: u16, key: &str) -> Option<TcpListener> {
        if let Some(listener) = self.given.tcp(port) {
            let adopted = listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener));
            return adopted.map_err(|e| self.note(&e, "the given socket", port, key)).ok();
        }
        let mut failed = None;
        for host in hosts {
            match bound(*host, port).await {
                Ok(listener) => return Some(listener),
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
async fn bound(host: IpAddr, port: u16) -> std::io::Result<TcpListener> {
    for _ in 0..25 {
        match TcpListener::bind((host, port)).await {
            Err(e) if e.kind() == ErrorKind::AddrInUse => sleep(Duration::from_millis(20)).await,
            done => return done,
        }
    }
    TcpListener::bind((host, port)).await
}
