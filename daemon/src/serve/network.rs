//! An address or a network in CIDR notation (RFC 4632, RFC 4291).

use std::net::IpAddr;

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: u128,
    prefix: u32,
    v4: bool,
}

impl Network {
    /// Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`; `None` where it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((a, l)) => (a, Some(l.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let v4 = address.is_ipv4();
        let widest = if v4 { 32 } else { 128 };
        let prefix = length.unwrap_or(widest);
        (prefix <= widest).then(|| Self { base: bits(address) & mask(prefix, widest), prefix, v4 })
    }

    /// True when `address` lies inside.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let widest = if self.v4 { 32 } else { 128 };
        address.is_ipv4() == self.v4 && bits(address) & mask(self.prefix, widest) == self.base
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(a) => u128::from(a.to_bits()),
        IpAddr::V6(a) => a.to_bits(),
    }
}

fn mask(prefix: u32, widest: u32) -> u128 {
    let ones = if widest == 32 { u128::from(u32::MAX) } else { u128::MAX };
    if prefix == 0 { 0 } else { ones & (ones << (widest - prefix)) }
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
        assert_eq!(Network::parse("192.0.2.0/33"), None);
        assert_eq!(Network::parse("everybody"), None);
    }
}
