//! Which address the SFU tells clients, and why that one. Asks the routing table and the own domain name, nobody else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{Problems, Server};
use crate::livekit::Nat;

/// How the address was found; `status` shows the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// `livekit.nodeIP`.
    Configured,
    /// What `server.domain` resolves to.
    Domain,
    /// The address this machine would send from to the Internet.
    Outbound,
    /// The first interface that is not loopback.
    Interface,
    /// Nothing else is there: only browsers on this machine can connect.
    Loopback,
}

/// The address told to clients, one of each family at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeAddress {
    /// IPv4, which most clients use.
    pub v4: Option<Ipv4Addr>,
    /// IPv6 beside it, or alone.
    pub v6: Option<Ipv6Addr>,
    /// How it was found.
    pub found: Found,
    /// Whether it is this machine's own.
    #[serde(default)]
    pub nat: Nat,
}

impl Found {
    /// Whether it stays as long as the configuration does.
    pub(crate) fn is_fixed(self) -> bool {
        self == Self::Configured
    }

    /// Whether it is what the operator named.
    pub(crate) fn is_certain(self) -> bool {
        matches!(self, Self::Configured | Self::Domain)
    }
}

impl NodeAddress {
    /// The address that logs and `status` show.
    pub fn primary(&self) -> IpAddr {
        match (self.v4, self.v6) {
            (Some(a), _) => a.into(),
            (None, Some(a)) => a.into(),
            (None, None) => Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// Every address, IPv4 first.
    pub fn all(&self) -> impl Iterator<Item = IpAddr> + use<> {
        self.v4.map(IpAddr::from).into_iter().chain(self.v6.map(IpAddr::from))
    }

    /// What an operator has to do about the address, when there is something.
    pub fn advice(&self) -> Option<String> {
        self.nat.advice(self.primary())
    }

    fn of(addresses: impl IntoIterator<Item = IpAddr>, found: Found) -> Option<Self> {
        let (mut v4, mut v6) = (None, None);
        for address in addresses {
            match address {
                IpAddr::V4(a) => v4 = v4.or(Some(a)),
                IpAddr::V6(a) => v6 = v6.or(Some(a)),
            }
        }
        (v4.is_some() || v6.is_some()).then_some(Self { v4, v6, found, nat: Nat::None })
    }
}

/// Takes `livekit.nodeIP` when it is set, else looks.
pub(crate) async fn find(node_ip: Option<&str>, server: &Server, problems: &mut Problems) -> NodeAddress {
    if let Some(address) = node_ip.and_then(|text| read(text, problems)) {
        return address;
    }
    let named = match &server.domain {
        Some(domain) => resolved(domain).await,
        None => None,
    };
    let interfaces = || NodeAddress::of(own_addresses().filter(|a| is_reachable(*a)), Found::Interface);
    let here = [IpAddr::from(Ipv4Addr::LOCALHOST)];
    named.or_else(outbound).or_else(interfaces).or_else(|| NodeAddress::of(here, Found::Loopback)).unwrap_or(
        NodeAddress { v4: Some(Ipv4Addr::LOCALHOST), v6: None, found: Found::Loopback, nat: Nat::None },
    )
}

/// What `livekit.nodeIP` says.
pub(crate) fn read(text: &str, problems: &mut Problems) -> Option<NodeAddress> {
    let address = configured(text);
    if address.is_none() {
        let s = format!("{text:?} is no address. Write `192.0.2.1`, `2001:db8::1` or both with a comma.");
        problems.add("invalid_value", "livekit.nodeIP", s);
    }
    address
}

fn configured(text: &str) -> Option<NodeAddress> {
    let parsed: Option<Vec<IpAddr>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let parsed = parsed?;
    let address = NodeAddress::of(parsed.iter().copied(), Found::Configured)?;
    (address.all().count() == parsed.len()).then_some(address)
}

async fn resolved(domain: &str) -> Option<NodeAddress> {
    let lookup = tokio::net::lookup_host((domain, 443));
    match tokio::time::timeout(Duration::from_secs(3), lookup).await {
        Ok(Ok(found)) => {
            let own: Vec<IpAddr> = own_addresses().collect();
            let mut found: Vec<IpAddr> = found.map(|a| a.ip()).filter(|a| is_reachable(*a)).collect();
            // a name may stand for several machines: this one first, and the same at each look
            found.sort_by_key(|a| (!own.contains(a), *a));
            NodeAddress::of(found, Found::Domain)
        }
        _ => None,
    }
}

/// Connecting a UDP socket only asks the routing table; documentation addresses (RFC 5737, RFC 3849) are never sent to.
pub(crate) fn outbound() -> Option<NodeAddress> {
    let towards = |bind: IpAddr, target: IpAddr| {
        let socket = UdpSocket::bind(SocketAddr::new(bind, 0)).ok()?;
        socket.connect(SocketAddr::new(target, 9)).ok()?;
        socket.local_addr().ok().map(|a| a.ip()).filter(|a| is_reachable(*a))
    };
    let v4 = towards(Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(198, 51, 100, 1).into());
    let v6 = towards(Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into());
    // beside IPv4 only a global one (2000::/3): a local one would only cost clients time
    let v6 = v6.filter(|a| v4.is_none() || matches!(a, IpAddr::V6(a) if a.segments()[0] & 0xe000 == 0x2000));
    NodeAddress::of(v4.into_iter().chain(v6), Found::Outbound)
}

/// Every address of this machine.
pub fn own_addresses() -> impl Iterator<Item = IpAddr> {
    let interfaces = nix::ifaddrs::getifaddrs().into_iter().flatten();
    interfaces.filter_map(|interface| {
        let address = interface.address?;
        let v4 = address.as_sockaddr_in().map(|a| IpAddr::from(a.ip()));
        v4.or_else(|| address.as_sockaddr_in6().map(|a| IpAddr::from(a.ip())))
    })
}

fn is_reachable(address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(a) => a.is_link_local(),
        IpAddr::V6(a) => a.is_unicast_link_local(),
    };
    !(address.is_loopback() || address.is_unspecified() || link_local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_configured_wins() {
        let mut problems = Problems::default();
        let server = Server::default();
        let both = find(Some("192.0.2.7, 2001:db8::7"), &server, &mut problems).await;
        assert_eq!(both.found, Found::Configured);
        assert_eq!(both.all().map(|a| a.to_string()).collect::<Vec<_>>(), ["192.0.2.7", "2001:db8::7"]);
        assert!(problems.0.is_empty());
        for wrong in ["meet.example.org", "192.0.2.7,192.0.2.8", ""] {
            let mut problems = Problems::default();
            find(Some(wrong), &server, &mut problems).await;
            assert_eq!(problems.0[0].key, "livekit.nodeIP", "{wrong:?}");
        }
    }

    #[tokio::test]
    async fn there_is_always_an_address() {
        let mut problems = Problems::default();
        let found = find(None, &Server::default(), &mut problems).await;
        assert!(found.all().count() > 0 && found.found != Found::Configured);
        assert_eq!(found.primary().is_loopback(), found.found == Found::Loopback);
    }
}
