//! How clients are told of the relay through TLS: by the SFU, which announces it at port 443 and by names of its taste; where
//! it stands elsewhere, `passage` sets that right.

use std::net::Ipv4Addr;

/// Where the daemon ends TLS, as clients see it.
#[derive(Clone, Debug)]
pub struct Relay<'a> {
    /// A name or an address, IPv6 in brackets.
    pub host: &'a str,
    /// The port that they come to.
    pub port: u16,
}

impl Relay<'_> {
    /// Its URL (RFC 7065); none where the SFU's own announcement is right.
    pub fn url(&self) -> Option<String> {
        let Self { host, port } = self;
        (*port != 443 || !is_domain(host)).then(|| format!("turns:{host}:{port}?transport=tcp"))
    }
}

/// `turn.domain`, without which the SFU does not take TURN through TLS. Where it refuses the real `host`, an `address` of this
/// machine, which it takes; else a name that leads nowhere (RFC 6761).
pub(crate) fn domain(host: &str, address: Option<Ipv4Addr>) -> String {
    match address {
        _ if is_domain(host) => host.to_owned(),
        Some(address) => address.to_string(),
        None => "turn.invalid".to_owned(),
    }
}

/// What LiveKit takes for `turn.domain` (pkg/service/utils.go, IsValidDomain); with anything else it ends, with status 0.
fn is_domain(host: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    host.contains('.') && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_443_the_sfu_tells_of_it_itself() {
        let told = |host, port| Relay { host, port }.url();
        assert_eq!(told("meet.example.org", 443), None);
        assert_eq!(
            told("meet.example.org", 8443).expect("a URL"),
            "turns:meet.example.org:8443?transport=tcp"
        );
        for host in ["meet", "my_host.example", "[2001:db8::1]", "localhost"] {
            assert_eq!(told(host, 443), Some(format!("turns:{host}:443?transport=tcp")));
            assert_eq!(domain(host, None), "turn.invalid");
            assert_eq!(domain(host, Some(Ipv4Addr::new(192, 0, 2, 1))), "192.0.2.1");
        }
        for host in ["meet.example.org", "xn--mnchen-3ya.example", "192.0.2.1"] {
            assert_eq!(domain(host, None), host);
        }
    }
}
