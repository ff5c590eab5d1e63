//! Ports for a program before its start: picks free ones for 0, and says which configured one is taken.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener, UdpSocket},
};

use crate::config::Problems;

/// Holds what was tried until all are chosen, so that no port is picked twice.
#[derive(Default)]
pub struct Held {
    tcp: Vec<TcpListener>,
    udp: Vec<UdpSocket>,
}

/// What of a port is wanted.
#[derive(Clone, Copy)]
pub enum Protocol {
    /// TCP on this address.
    Tcp(Ipv4Addr),
    /// UDP everywhere.
    Udp,
}

impl Held {
    /// This port, or a free one for 0; a problem of `key` where it cannot be had.
    pub fn take(&mut self, protocol: Protocol, port: u16, key: &str, problems: &mut Problems) -> u16 {
        let bound = match protocol {
            Protocol::Tcp(address) => TcpListener::bind((address, port)).and_then(|listener| {
                let port = listener.local_addr()?.port();
                self.tcp.push(listener);
                Ok(port)
            }),
            Protocol::Udp => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)).and_then(|socket| {
                let port = socket.local_addr()?.port();
                self.udp.push(socket);
                Ok(port)
            }),
        };
        bound.unwrap_or_else(|e| {
            let (name, flag) = match protocol {
                Protocol::Tcp(_) => ("TCP", "-ltnp"),
                Protocol::Udp => ("UDP", "-lunp"),
            };
            let (code, what) = match e.kind() {
                ErrorKind::AddrInUse => ("port_taken", "is taken by another program".to_owned()),
                _ => ("port_unusable", format!("cannot be used: {e}")),
            };
            let s = format!(
                "{name} port {port} {what}. `ss {flag} 'sport = :{port}'` shows who holds it; stop that program, or set {key} to another port, or to 0 for a free one."
            );
            problems.add(code, key, s);
            port
        })
    }
}
