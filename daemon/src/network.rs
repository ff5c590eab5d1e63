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

/// True for an address of the internet; false for every one that leads to this machine, to its network, or to nobody (IANA
/// registries of special-purpose addresses). An IPv6 address that carries an IPv4 address is judged by that.
pub fn is_of_the_internet(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let is_special = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || a == 0
                || (a == 100 && (64..128).contains(&b)) // of providers, RFC 6598
                || (a, b, c) == (192, 0, 0)
                || (a, b, c) == (192, 88, 99)
                || (a == 198 && (18..20).contains(&b))
                || a >= 224;
            !is_special
        }
        IpAddr::V6(v6) => {
            let s = v6.segments();
            let carried = |high: u16, low: u16| {
                let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
                is_of_the_internet(IpAddr::from([a, b, c, d]))
            };
            match s {
                [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => carried(high, low),
                // 2001::/23 is of protocols, Teredo among them
                [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
                [0x3fff, second, ..] if second < 0x1000 => false,
                // nothing else is given to anybody
                [first, ..] => first & 0xe000 == 0x2000,
            }
        }
    }
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
    fn only_addresses_of_the_internet_are_called_so() {
        let is = |a: &str| is_of_the_internet(a.parse().expect("address"));
        for outside in
            ["1.1.1.1", "192.0.1.1", "100.63.0.1", "2a00:1450::1", "64:ff9b::1.1.1.1", "2002:101:101::1"]
        {
            assert!(is(outside), "{outside}");
        }
        for inside in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "fec0::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is(inside), "{inside}");
        }
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
