//! How clients are told of the relay through TLS. The SFU itself announces it at port 443 and by names of its taste; else
//! it is announced as a TURN server of its own kind, with a credential that the SFU believes and that is the same for all.

use std::net::Ipv4Addr;

use aws_lc_rs::digest;
use serde_json::{Value, json};

use crate::livekit::Keys;

/// As far as a credential that nobody renews has to reach; what it opens is a relay to this SFU and to nothing else.
const LASTS_SECONDS: i64 = 10 * 365 * 86_400;
const EVERYBODY: &str = "everybody";

/// Where the daemon ends TLS, as clients see it.
#[derive(Clone, Debug)]
pub(crate) struct Relay<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
}

impl Relay<'_> {
    /// `turn.domain`, without which the SFU does not take TURN through TLS. Where it refuses the real host, an `address`
    /// of this machine, which it takes, and whose certificate may even be right; else a name that leads nowhere (RFC 6761).
    pub(crate) fn domain(&self, address: Option<Ipv4Addr>) -> String {
        match address {
            _ if is_domain(self.host) => self.host.to_owned(),
            Some(address) => address.to_string(),
            None => "turn.invalid".to_owned(),
        }
    }

    /// The entry of `rtc.turn_servers`; none where the SFU's own announcement is right.
    pub(crate) fn announced(&self, keys: &Keys) -> Option<Value> {
        if self.port == 443 && is_domain(self.host) {
            return None;
        }
        let expires = chrono::Utc::now().timestamp() + LASTS_SECONDS;
        let of = |key: &str| format!("{key}|{EVERYBODY}|{expires}");
        let credential = digest::digest(&digest::SHA256, of(keys.secret()).as_bytes());
        Some(json!({
            "host": self.host,
            "port": self.port,
            "protocol": "tls",
            "username": base62(of(keys.id()).as_bytes()),
            "credential": base62(credential.as_ref()),
        }))
    }
}

/// What LiveKit takes for `turn.domain` (pkg/service/utils.go, IsValidDomain); with anything else it ends, with status 0.
fn is_domain(host: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    host.contains('.') && host.split('.').all(is_label)
}

/// As LiveKit writes user names and passwords of TURN (pkg/service/turn.go): six bits a letter from the end on, five where
/// six would make a number above 61.
fn base62(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bit = |at: usize| bytes[at / 8] >> (7 - at % 8) & 1;
    let mut left = 8 * bytes.len();
    let mut text = String::new();
    while left > 0 {
        let mut taken = left.min(6);
        let mut value = (left - taken..left).fold(0, |value, at| value << 1 | bit(at));
        if value & 0b1_1110 == 0b1_1110 {
            if left > 6 || value > 0b1_1111 {
                taken = 5;
            }
            value &= 0b1_1111;
        }
        text.push(char::from(LETTERS[usize::from(value)]));
        left -= taken;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_as_the_sfu_reads_them() {
        // by jxskiss/base62 1.1.0, which LiveKit uses
        for (bytes, text) in [
            (b"APIx|everybody|1700000000".as_slice(), "wADMwADMwAzNxwXeI7NxyTuysrMehXSQFE"),
            (b"\xff\xff\xff\xfe", "efffffD"),
            (b"\0", "AA"),
            (b"\x1e\x3e\x7f", "fzHPA"),
        ] {
            assert_eq!(base62(bytes), text);
        }
    }

    #[test]
    fn at_443_the_sfu_tells_of_it_itself() {
        let keys = Keys::new("APIx", "secret");
        let told = |port| Relay { host: "meet.example.org", port }.announced(&keys);
        assert_eq!(told(443), None);
        let other = told(8443).expect("an entry");
        assert_eq!((&other["host"], &other["port"]), (&json!("meet.example.org"), &json!(8443)));
        assert!(!other.to_string().contains("secret"));
        for host in ["meet", "my_host.example", "[2001:db8::1]", "localhost"] {
            let relay = Relay { host, port: 443 };
            assert_eq!(relay.announced(&keys).expect("an entry")["host"], json!(host));
            assert_eq!(relay.domain(None), "turn.invalid");
            assert_eq!(relay.domain(Some(Ipv4Addr::new(192, 0, 2, 1))), "192.0.2.1");
        }
        for host in ["meet.example.org", "xn--mnchen-3ya.example", "192.0.2.1"] {
            assert_eq!(Relay { host, port: 443 }.domain(None), host);
        }
    }
}
