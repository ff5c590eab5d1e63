//! Addresses and networks: in CIDR notation (RFC 4632, RFC 4291), and as the place of one subscriber.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv6Net};
use url::{Host, Url};

/// One subscriber has a whole network of so many bits in IPv6 (RFC 6177).
const SUBSCRIBER_BITS: u8 = 64;

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`; `None` where it is neither. IPv4 written as IPv6
    /// (`::ffff:192.0.2.1`) is IPv4.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(address) = text.parse::<IpAddr>() {
            return Some(Self(address.to_canonical().into()));
        }
        let network = text.parse::<IpNet>().ok()?;
        let mapped = match network.addr().to_canonical() {
            IpAddr::V4(v4) if network.addr().is_ipv6() => {
                IpNet::new(v4.into(), network.prefix_len().checked_sub(96)?).ok()?
            }
            _ => network,
        };
        Some(Self(mapped.trunc()))
    }

    /// True when `address` lies inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// True where it is one address and no more.
    pub fn is_single(&self) -> bool {
        self.0.prefix_len() == self.0.max_prefix_len()
    }
}

/// True where nobody on the way can read what is said there: over TLS, or within this machine.
pub fn is_unheard(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

/// Whose address it is, as text: an IPv4 address stands for itself, an IPv6 address for the network of its subscriber.
pub fn subscriber(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => Ipv6Net::new(v6, SUBSCRIBER_BITS)
            .map_or_else(|_| v6.to_string(), |whole| whole.trunc().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_their_addresses_only() {
        let network = Network::parse("192.0.2.0/24").expect("a network");
        assert!(network.contains("192.0.2.200".parse().expect("address")));
        assert!(network.contains("::ffff:192.0.2.1".parse().expect("mapped")));
        assert!(!network.contains("192.0.3.1".parse().expect("address")));
        assert!(Network::parse("2001:db8::/32").expect("v6").contains("2001:db8:1::1".parse().expect("v6")));
        let mapped = Network::parse("::ffff:192.0.2.0/120").expect("v4 as v6");
        assert!(mapped.contains("192.0.2.9".parse().expect("address")));
        for wrong in ["192.0.2.0/33", "everybody", "", "192.0.2.1:80", "::ffff:192.0.2.0/24"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
        assert!(Network::parse(" 192.0.2.1 ").expect("one").is_single() && !network.is_single());
    }

    #[test]
    fn an_address_stands_for_its_subscriber() {
        let text = |a: &str| subscriber(a.parse().expect("address"));
        assert_eq!(text("192.0.2.7"), "192.0.2.7");
        assert_eq!(text("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(text("2001:db8::1"), text("2001:db8::ffff:1"));
        assert_ne!(text("2001:db8::1"), text("2001:db8:0:1::1"));
    }
}
