//! What may stand as the name of this server: every host that a browser can open, in the one spelling that certificates,
//! the SFU and browsers themselves use. `url` reads it as they do (url.spec.whatwg.org, host parsing).

use std::net::IpAddr;

use rustls::pki_types::DnsName;
use url::{Host, Url};

use super::{Config, Problems, TlsMode};

/// The one spelling of a host: small letters, punycode, no full stop at the end, an IPv6 address without brackets.
pub(super) fn canonical(text: &str) -> Result<String, String> {
    let wrong = |why: &str| {
        Err(format!(
            "{text:?} is no host: {why}. Write it like meet.example.org, without a scheme, a port or a path."
        ))
    };
    let trimmed = text.trim();
    let bare = trimmed.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(trimmed);
    if let Ok(address) = bare.parse::<IpAddr>() {
        if address.is_unspecified() || address.is_multicast() {
            return wrong("nobody can be reached at that address");
        }
        return Ok(address.to_canonical().to_string());
    }
    let name = match Host::parse(trimmed) {
        Ok(Host::Domain(name)) => name,
        // 192.0.2 and 0x7f.1 are addresses to a browser, and hardly what was meant
        Ok(_) | Err(url::ParseError::InvalidIpv4Address) => return wrong("browsers take it for an address"),
        Err(e) => return wrong(&e.to_string()),
    };
    let name = name.strip_suffix('.').unwrap_or(&name);
    if DnsName::try_from(name).is_err() {
        return wrong(
            "names are made of labels of at most 63 letters, digits, hyphens and underscores, with full stops between them",
        );
    }
    Ok(name.to_owned())
}

/// As in a URL (RFC 3986, 3.2.2).
pub(super) fn in_url(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// Writes the names that were given in their one spelling; what is none stays, and `problems` says so.
pub(super) fn settle(config: &mut Config, problems: &mut Problems) {
    if let Some(domain) = &config.server.domain {
        match canonical(domain) {
            Ok(name) => config.server.domain = Some(name),
            Err(s) => problems.add("invalid_value", "server.domain", s),
        }
    }
    for (key, list, wild) in [
        ("server.frameAncestors", &mut config.server.frame_ancestors, true),
        ("cors.allowedOrigins", &mut config.cors.allowed_origins, false),
    ] {
        for text in list {
            match origin(text, wild) {
                Ok(origin) => *text = origin,
                Err(s) => problems.add("invalid_value", key, s),
            }
        }
    }
    if let Some(url) = &config.server.frontend_url {
        match front(url) {
            Ok(url) => config.server.frontend_url = Some(url),
            Err(s) => problems.add("invalid_value", "server.frontendURL", s),
        }
    }
}

/// An origin (RFC 6454) as browsers write it; `wild`: also `https://*.example.org` (CSP, host-source).
fn origin(text: &str, wild: bool) -> Result<String, String> {
    let wrong = |why: &str| Err(format!("{text:?} {why} Write it like https://app.example.org."));
    if text == "*" || text == "null" {
        return wrong("would let every page act as your users; list sites one by one.");
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let bare = rest.strip_prefix("*.").filter(|_| wild).unwrap_or(rest);
    match front(&format!("{scheme}://{bare}")) {
        Ok(_) if bare.contains('*') => wrong("has a star where none can be."),
        Ok(origin) if bare.len() < rest.len() => Ok(origin.replacen("://", "://*.", 1)),
        Ok(origin) => Ok(origin),
        Err(_) => wrong("is no origin: a scheme, a host, and a port where it is not the usual one."),
    }
}

/// Scheme, host and port, and nothing else: the page and every link begin at the root of it.
fn front(text: &str) -> Result<String, String> {
    let asks = |why: &str| Err(format!("{why} Write it like https://meet.example.org."));
    let Ok(url) = Url::parse(text.trim()) else { return asks("This is no URL.") };
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return asks("It begins with https://, or with http:// where nobody ends TLS.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return asks("A name or password in it would be shown to everybody.");
    }
    if url.path() != "/" {
        return asks("This server cannot be served under a path; give it a host name of its own.");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return asks("Leave away what follows the host.");
    }
    Ok(url.origin().ascii_serialization())
}

/// What of the name makes no sense with the rest.
pub(super) fn check(config: &Config, problems: &mut Problems) {
    let (server, tls) = (&config.server, &config.tls);
    let Some(domain) = &server.domain else { return };
    if tls.mode != TlsMode::Acme || canonical(domain).as_ref() != Ok(domain) {
        return;
    }
    let is_usual = tls.acme_directory == rustls_acme::acme::LETS_ENCRYPT_PRODUCTION_DIRECTORY;
    let s = if domain.parse::<IpAddr>().is_ok() {
        "This server orders certificates for names, not for addresses. Give a name, or set tls.mode to self-signed or files."
    } else if is_usual && (!domain.contains('.') || domain.contains('_')) {
        "Let's Encrypt gives certificates for public names only, which have a full stop and no underscore. Give such a name, \
         an authority of your own in tls.acmeDirectory, or set tls.mode to self-signed or files."
    } else {
        return;
    };
    problems.add("name_not_public", "server.domain", s);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_of_a_browser_has_one_spelling() {
        for (text, meant) in [
            ("meet.example.org", "meet.example.org"),
            ("Meet.Example.ORG.", "meet.example.org"),
            ("meet", "meet"),
            ("meet.", "meet"),
            ("localhost", "localhost"),
            ("my_host.example", "my_host.example"),
            ("münchen.example", "xn--mnchen-3ya.example"),
            ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
            ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
            ("会议.example", "xn--6oqu09l.example"),
            ("meet。example", "meet.example"),
            ("192.0.2.10", "192.0.2.10"),
            ("2001:DB8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:192.0.2.10", "192.0.2.10"),
        ] {
            assert_eq!(canonical(text).as_deref(), Ok(meant), "{text}");
        }
        for text in [
            "",
            " ",
            ".",
            "https://meet.example.org",
            "meet.example.org:443",
            "meet.example.org/x",
            "a b",
            "-meet.example",
            "meet..example",
            "192.0.2",
            "192.0.2.256",
            "1.2.3.4.5",
            "0.0.0.0",
            "::",
            "[::1",
            "user@meet",
            "*.example.org",
            "xn--a.example",
            "a.0x7f",
        ] {
            assert!(canonical(text).is_err(), "{text:?} is {:?}", canonical(text));
        }
        let label = "a".repeat(63);
        assert!(
            canonical(&format!("{label}.example")).is_ok()
                && canonical(&format!("{label}a.example")).is_err()
        );
    }

    #[test]
    fn an_origin_is_a_site_and_never_everybody() {
        for (text, wild, meant) in [
            ("https://App.example.org/", false, "https://app.example.org"),
            ("https://app.example.org:8443", false, "https://app.example.org:8443"),
            ("https://*.example.org", true, "https://*.example.org"),
            ("https://münchen.example", true, "https://xn--mnchen-3ya.example"),
        ] {
            assert_eq!(origin(text, wild).as_deref(), Ok(meant), "{text}");
        }
        for text in [
            "*",
            "null",
            "app.example.org",
            "https://*",
            "https://a.*.example",
            "https://a.example/x",
            "'self'",
            "data:",
            "https://a.example; script-src *",
        ] {
            assert!(origin(text, true).is_err(), "{text} is {:?}", origin(text, true));
        }
        assert!(origin("https://*.example.org", false).is_err());
    }

    #[test]
    fn a_front_is_a_scheme_a_host_and_a_port() {
        for (text, meant) in [
            ("https://meet.example.org", "https://meet.example.org"),
            ("https://Meet.example.org:443/", "https://meet.example.org"),
            ("http://münchen.example:8080", "http://xn--mnchen-3ya.example:8080"),
            ("https://[2001:db8::1]/", "https://[2001:db8::1]"),
        ] {
            assert_eq!(front(text).as_deref(), Ok(meant), "{text}");
        }
        for text in [
            "meet.example.org",
            "ftp://a.example",
            "https://",
            "https://a.example/meet",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://u:p@a.example",
        ] {
            assert!(front(text).is_err(), "{text}");
        }
    }
}
