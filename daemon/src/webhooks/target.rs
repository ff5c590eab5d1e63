//! Where a webhook may lead: to the internet, and into networks that the configuration allows.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::{
    error::{Error, Result},
    network::{Network, is_of_the_internet},
};

/// The longest URL.
const LONGEST: usize = 2048;

/// Which addresses may be called.
#[derive(Debug)]
pub(super) struct Rules {
    allowed: Vec<Network>,
}

impl Rules {
    pub(super) fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    fn allows(&self, address: IpAddr) -> bool {
        is_of_the_internet(address) || self.allowed.iter().any(|network| network.contains(address))
    }

    /// The addresses behind the URL that may be called, as the name leads there now. Whoever connects has to use these and not
    /// ask again: the answer might be another one.
    pub(super) async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(v4)) => vec![SocketAddr::new(v4.into(), port)],
            Some(Host::Ipv6(v6)) => vec![SocketAddr::new(v6.into(), port)],
            Some(Host::Domain(name)) => {
                tokio::net::lookup_host((name, port)).await.map_err(unknown)?.collect()
            }
            None => Vec::new(),
        };
        if found.is_empty() {
            return Err(unknown("no address"));
        }
        let may: Vec<SocketAddr> = found.into_iter().filter(|found| self.allows(found.ip())).collect();
        if may.is_empty() {
            let s = "The URL leads to an address inside of this machine or its network. Use one of the internet, or have \
                     webhooks.allowedNetworks of the configuration allow it.";
            return Err(Error::invalid("webhook_address_refused", s));
        }
        Ok(may)
    }
}

fn unknown(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::unavailable("webhook_host_unknown", "The host of the URL is not known.").caused_by(why)
}

/// Reads the URL of a webhook as browsers read it, so that an address in any writing is an address.
pub(super) fn read(text: &str) -> Result<Url> {
    let refused = |s: &'static str| Err(Error::invalid("webhook_url_invalid", s));
    let text = text.trim();
    if text.len() > LONGEST {
        return refused("The URL is too long. Give one of at most 2048 bytes.");
    }
    let Ok(url) = Url::parse(text) else {
        return refused("This is no URL. Write it like https://example.org/bedrud.");
    };
    if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        return refused("Only http and https can be called. Write the URL like https://example.org/bedrud.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("Leave name and password out of the URL: every call is signed.");
    }
    if url.fragment().is_some() {
        return refused("Leave out what follows the # of the URL: it is never sent.");
    }
    if url.port() == Some(0) {
        return refused("Nobody listens on port 0. Give the URL another port.");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_as_browsers_read_it() {
        assert_eq!(read(" https://Example.org ").expect("a URL").as_str(), "https://example.org/");
        assert_eq!(read("http://0x7f.1/").expect("a URL").host_str(), Some("127.0.0.1"));
        for wrong in
            ["", "example.org", "ftp://example.org/", "https://a:b@example.org/", "https://example.org/#x"]
        {
            assert_eq!(read(wrong).expect_err(wrong).code, "webhook_url_invalid");
        }
    }

    #[tokio::test]
    async fn nothing_inside_is_called_unless_it_is_allowed() {
        let rules = Rules::new(Network::parse("127.0.0.2").into_iter().collect());
        for (url, may) in [
            ("http://localhost/", false),
            ("http://127.0.0.1:80/", false),
            ("http://2130706433/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://[::1]/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://127.0.0.2/", true),
            ("http://1.1.1.1/", true),
        ] {
            let found = rules.addresses(&read(url).expect("a URL")).await;
            assert_eq!(found.is_ok(), may, "{url}");
        }
    }
}
