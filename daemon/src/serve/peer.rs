//! Who is on the other end of a connection, and whose word about client addresses counts.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};

use super::Network;

/// The other end of a connection; every request carries it as an extension.
#[derive(Clone, Copy, Debug)]
pub enum Peer {
    /// A TCP connection.
    Ip {
        /// The address that the socket tells.
        address: SocketAddr,
        /// Whether this server ended TLS for it.
        tls: bool,
    },
    /// A Unix socket; the kernel vouches for the numbers (SO_PEERCRED, unix(7)).
    Local {
        /// User id.
        uid: u32,
        /// Primary group id.
        gid: u32,
        /// Process id.
        pid: i32,
    },
}

/// The client's address as the trusted proxies tell it; every request over TCP carries it as an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Whose word about client addresses counts.
#[derive(Clone, Debug)]
pub struct Trust {
    proxies: Vec<Network>,
    header: HeaderName,
    speak_first: bool,
}

impl Trust {
    /// Texts that are no networks, and a header name that is none, are left out; the configuration has refused them before.
    pub fn new(proxies: &[String], header: &str) -> Self {
        let proxies = proxies.iter().filter_map(|p| Network::parse(p)).collect();
        let header = header.parse().unwrap_or(HeaderName::from_static("x-forwarded-for"));
        Self { proxies, header, speak_first: false }
    }

    /// For listeners on loopback that no proxy stands in front of.
    pub fn nobody() -> Self {
        Self::new(&[], "x-forwarded-for")
    }

    /// Whether the proxies begin every connection with a PROXY header, which then counts.
    pub fn with_proxy_protocol(mut self, speak_first: bool) -> Self {
        self.speak_first = speak_first;
        self
    }

    /// True where a PROXY header comes first. From nobody else it is listened to.
    pub(super) fn speaks_first(&self, address: IpAddr) -> bool {
        self.speak_first && self.is_proxy(address)
    }

    /// True for an address of one of our proxies.
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|network| network.contains(address))
    }

    /// The rightmost hop that is not one of our proxies.
    pub fn client(&self, socket: IpAddr, headers: &HeaderMap) -> IpAddr {
        let socket = socket.to_canonical();
        let mut address = socket;
        let hops = headers.get_all(&self.header).iter().filter_map(|v| v.to_str().ok());
        let hops: Vec<&str> = hops.flat_map(|v| v.split(',')).map(str::trim).collect();
        for hop in hops.iter().rev() {
            if !self.is_proxy(address) {
                break;
            }
            match hop.parse::<IpAddr>() {
                Ok(next) => address = next.to_canonical(),
                Err(_) => break,
            }
        }
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_hops_are_believed() {
        let trust = Trust::new(&["192.0.2.0/24".to_owned()], "X-Forwarded-For");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.66, 198.51.100.7, 192.0.2.9".parse().expect("header"));
        let ip = |s: &str| s.parse::<IpAddr>().expect("address");
        assert_eq!(trust.client(ip("192.0.2.1"), &headers), ip("198.51.100.7"));
        assert_eq!(trust.client(ip("198.51.100.1"), &headers), ip("198.51.100.1"));
        assert_eq!(trust.client(ip("192.0.2.1"), &HeaderMap::new()), ip("192.0.2.1"));
    }
}
