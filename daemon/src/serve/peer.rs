//! Who is on the other end of a connection, and whose word about client addresses counts.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use http::{HeaderMap, HeaderName};

use super::forwarded::{self, Hop};
use crate::network::Network;

/// The other end of a connection; every request carries it as an extension.
#[derive(Clone, Copy, Debug)]
pub enum Peer {
    /// A TCP connection.
    Ip {
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

/// The client's address as the trusted proxies tell it; requests over TCP carry it as an extension where it is known.
/// Never the address of a proxy that speaks for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Whose word about client addresses counts.
#[derive(Debug)]
pub struct Trust {
    proxies: Vec<Network>,
    header: HeaderName,
    speak_first: bool,
    /// What went to the log once.
    told_unreadable: AtomicBool,
    told_silent: AtomicBool,
}

impl Trust {
    /// Texts that are no networks, and a header name that is none, are left out; the configuration has refused them before.
    pub fn new(proxies: &[String], header: &str) -> Self {
        let proxies = proxies.iter().filter_map(|p| Network::parse(p)).collect();
        let header = header.parse().unwrap_or(HeaderName::from_static("x-forwarded-for"));
        let (told_unreadable, told_silent) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { proxies, header, speak_first: false, told_unreadable, told_silent }
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

    /// The rightmost hop that is not one of our proxies. Where all are in networks of ours, the first one, which is
    /// a client in such a network. `None` where a proxy speaks for itself or does not say for whom: what befalls
    /// one client shall not befall everybody behind it.
    pub fn client(&self, socket: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut address = socket.to_canonical();
        if !self.is_proxy(address) {
            return Some(address);
        }
        let hops = forwarded::hops(headers, &self.header);
        if hops.is_empty() {
            self.tell_silent(address);
            return None;
        }
        for hop in hops.iter().rev() {
            match hop {
                Hop::Address(next) => address = *next,
                Hop::Unreadable(text) => {
                    self.tell_unreadable(address, text);
                    return None;
                }
            }
            if !self.is_proxy(address) {
                return Some(address);
            }
        }
        let listed_itself = self.proxies.iter().any(|one| one.is_single() && one.contains(address));
        (!listed_itself).then_some(address)
    }

    fn tell_unreadable(&self, proxy: IpAddr, text: &str) {
        if self.told_unreadable.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::warn!(%proxy, header = %self.header, text,
            "The proxy writes something that is no address, so limits and bans by address cannot tell the people behind \
             it apart and leave them alone. Have it write their addresses. This is said once.");
    }

    fn tell_silent(&self, proxy: IpAddr) {
        // with the PROXY protocol its own health checks come like that
        if self.speak_first || self.told_silent.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::warn!(%proxy, header = %self.header,
            "A request came from a trusted proxy without this header, so nobody knows whose it was; limits and bans by \
             address leave it alone. Have the proxy write it, or correct server.proxyHeader. This is said once.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_hops_are_believed_and_no_proxy_is_a_client() {
        let trust = Trust::new(&["192.0.2.0/24".to_owned(), "10.0.0.1".to_owned()], "X-Forwarded-For");
        let client = |socket: &str, header: &str| {
            let mut headers = HeaderMap::new();
            if !header.is_empty() {
                headers.insert("x-forwarded-for", header.parse().expect("header"));
            }
            trust.client(socket.parse().expect("address"), &headers).map(|a| a.to_string())
        };
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(client("192.0.2.1", "203.0.113.66, 198.51.100.7, 192.0.2.9"), is("198.51.100.7"));
        assert_eq!(client("198.51.100.1", "203.0.113.66"), is("198.51.100.1"));
        assert_eq!(client("192.0.2.1", ""), None, "its own");
        assert_eq!(client("192.0.2.1", "203.0.113.66, unknown"), None);
        assert_eq!(client("192.0.2.1", "unknown, 203.0.113.66"), is("203.0.113.66"), "not asked");
        assert_eq!(client("192.0.2.1", "192.0.2.44"), is("192.0.2.44"), "a person in that network");
        assert_eq!(client("192.0.2.1", "unknown, 192.0.2.44"), None);
        assert_eq!(client("192.0.2.1", "10.0.0.1"), None, "a proxy by name");
    }
}
