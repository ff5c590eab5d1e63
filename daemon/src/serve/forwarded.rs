//! What proxies write of their clients: lists of addresses in `X-Forwarded-For` and its relatives, and `Forwarded` (RFC 7239).
//! One rule for all: an address, with a port or without, in quotes or without, of IPv6 in brackets or without.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

/// What one proxy said of whom it spoke for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hop {
    /// From there.
    Address(IpAddr),
    /// Something that names no address, as it was written, shortened.
    Unreadable(String),
}

/// So much of what cannot be read is told.
const SHOWN_CHARACTERS: usize = 60;

/// Every hop in the header `name`, the nearest proxy's word last. Several headers are one list (RFC 9110, 5.3).
pub(super) fn hops(headers: &HeaderMap, name: &http::HeaderName) -> Vec<Hop> {
    let elements_of = |value: &http::HeaderValue| match value.to_str() {
        Ok(text) => elements(text, ',').iter().map(|one| one.trim().to_owned()).collect(),
        Err(_) => vec![String::from_utf8_lossy(value.as_bytes()).into_owned()],
    };
    let all = headers.get_all(name).iter().flat_map(elements_of);
    // an empty element says nothing (RFC 9110, 5.6.1)
    let said = all.filter(|one| !one.is_empty());
    if name == http::header::FORWARDED {
        said.map(|one| hop(client_of(&one), &one)).collect()
    } else {
        said.map(|one| hop(Some(&one), &one)).collect()
    }
}

fn hop(node: Option<&str>, written: &str) -> Hop {
    let shown = || Hop::Unreadable(written.chars().take(SHOWN_CHARACTERS).collect());
    node.and_then(address).map_or_else(shown, Hop::Address)
}

/// The parameter `for` of an element of `Forwarded`.
fn client_of(element: &str) -> Option<&str> {
    elements(element, ';').into_iter().find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    })
}

/// An address as any proxy writes it. Names such as `unknown` and `_hidden` (RFC 7239, 6.2) are none.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(text).trim();
    let text = text.replace('\\', "");
    let bare = |inner: &str| {
        // the zone of a link-local address means something to that proxy only (RFC 4007, 11)
        inner.split_once('%').map_or(inner, |(address, _)| address).parse::<IpAddr>().ok()
    };
    let found = if let Some(inner) = text.strip_prefix('[') {
        let (inner, rest) = inner.split_once(']')?;
        let is_port = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        bare(inner).filter(|a| is_port && a.is_ipv6())
    } else {
        let with_port = || {
            let (address, port) = text.rsplit_once(':')?;
            address.parse::<std::net::Ipv4Addr>().ok().filter(|_| is_port(port)).map(IpAddr::from)
        };
        bare(&text).or_else(|| text.parse::<SocketAddr>().ok().map(|a| a.ip())).or_else(with_port)
    };
    // 0.0.0.0 and :: are nobody's
    found.map(|a| a.to_canonical()).filter(|a| !a.is_unspecified())
}

/// A port, or the word that hides one (RFC 7239, 6.3).
fn is_port(text: &str) -> bool {
    let hidden = text.strip_prefix('_').is_some_and(|rest| !rest.is_empty());
    hidden || (!text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit()))
}

/// Split at `separator`, but not inside quotes.
fn elements(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c| {
        let splits = c == separator && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        splits
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &'static str, values: &[&str]) -> Vec<Hop> {
        let (name, mut headers) = (http::HeaderName::from_static(name), HeaderMap::new());
        for value in values {
            headers.append(&name, value.parse().expect("a header"));
        }
        hops(&headers, &name)
    }

    #[test]
    fn an_address_is_read_however_a_proxy_writes_it() {
        for (text, meant) in [
            ("203.0.113.9", "203.0.113.9"),
            ("  203.0.113.9  ", "203.0.113.9"),
            ("203.0.113.9:4711", "203.0.113.9"),
            ("\"203.0.113.9:4711\"", "203.0.113.9"),
            ("203.0.113.9:_secret", "203.0.113.9"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("\"[2001:DB8::1]:4711\"", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("[::ffff:203.0.113.9]:80", "203.0.113.9"),
        ] {
            assert_eq!(
                read("x-forwarded-for", &[text]),
                [Hop::Address(meant.parse().expect("address"))],
                "{text}"
            );
        }
        for text in [
            "unknown",
            "_hidden",
            "203.0.113",
            "203.0.113.9:port",
            "[203.0.113.9]",
            "[2001:db8::1",
            "0.0.0.0",
            "\"",
            "a b",
            "for=1.2.3.4",
        ] {
            assert!(matches!(read("x-forwarded-for", &[text])[..], [Hop::Unreadable(_)]), "{text}");
        }
    }

    #[test]
    fn lists_are_one_list_whatever_header_they_come_in() {
        let ip = |text: &str| Hop::Address(text.parse().expect("address"));
        let expected = [ip("203.0.113.9"), ip("2001:db8::7"), ip("192.0.2.1")];
        assert_eq!(read("x-forwarded-for", &["203.0.113.9:80,, [2001:db8::7]:443 ", " 192.0.2.1"]), expected);
        let by_standard = [
            "For=203.0.113.9;proto=https, for=\"[2001:db8::7]:4711\" ; by=\"a,b;for=6.6.6.6\"",
            "host=x;for=192.0.2.1",
        ];
        assert_eq!(read("forwarded", &by_standard), expected);
        assert!(matches!(read("forwarded", &["proto=https;by=203.0.113.43"])[..], [Hop::Unreadable(_)]));
        assert!(read("x-forwarded-for", &["", " , "]).is_empty());
    }
}
