//! The `tls` section, and what follows from it: where the daemon listens and how people reach it.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::{Config, Problems};

/// How the listener speaks TLS.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Tls {
    /// The mode; see [`TlsMode`].
    pub mode: TlsMode,
    /// Mode `files`: the chain as PEM, its own certificate first. Read again when it changes.
    pub cert_file: Option<PathBuf>,
    /// Mode `files`: its key as PEM.
    pub key_file: Option<PathBuf>,
    /// Mode `acme`: where the authority writes to when something is wrong with the certificate.
    pub email: Option<String>,
    /// Mode `acme`: the URL of the authority's directory (RFC 8555, 7.1.1).
    pub acme_directory: String,
    /// Mode `acme`: PEM of whom to believe that it is the authority, beside those this machine trusts.
    pub acme_root_file: Option<PathBuf>,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            mode: TlsMode::default(),
            cert_file: None,
            key_file: None,
            email: None,
            acme_directory: rustls_acme::acme::LETS_ENCRYPT_PRODUCTION_DIRECTORY.to_owned(),
            acme_root_file: None,
        }
    }
}

/// The ways to speak TLS, a closed set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsMode {
    /// Ordered and renewed at an ACME server, for `server.domain`.
    Acme,
    /// A certificate made here, which people have to be told to trust.
    #[default]
    SelfSigned,
    /// A pair of files of the operator's.
    Files,
    /// Plain HTTP: on loopback, or behind a proxy that ends TLS.
    Off,
}

impl Config {
    /// Whether this server ends TLS itself.
    pub fn has_tls(&self) -> bool {
        self.tls.mode != TlsMode::Off
    }

    /// Addresses to bind, the first that works.
    pub fn hosts(&self) -> Vec<IpAddr> {
        match self.server.host {
            Some(host) => vec![host],
            // the former takes both families where the machine has both (ipv6(7), bindv6only)
            None if self.has_tls() => vec![Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()],
            None => vec![Ipv4Addr::LOCALHOST.into()],
        }
    }

    /// The port of the page and the API.
    pub fn port(&self) -> u16 {
        self.server.port.unwrap_or(if self.has_tls() { 443 } else { 8090 })
    }

    /// The port that sends people to https; none without TLS.
    pub fn http_port(&self) -> Option<u16> {
        self.has_tls().then(|| self.server.http_port.unwrap_or(80))
    }

    /// Whether the SFU's own webhooks need a listener of their own: it would not believe a certificate of ours, and begins
    /// no connection with a PROXY header.
    pub fn has_own_webhook_port(&self) -> bool {
        self.has_tls() || self.server.proxy_protocol
    }

    /// Where the SFU's own webhooks are taken; 0 where a free port will be picked.
    pub fn webhook_address(&self) -> (IpAddr, u16) {
        if self.has_own_webhook_port() {
            return (Ipv4Addr::LOCALHOST.into(), self.livekit.webhook_port);
        }
        // the SFU is on this machine, so a listener on all interfaces is called on loopback
        let host = self.server.host.filter(|host| !host.is_unspecified());
        (host.unwrap_or(Ipv4Addr::LOCALHOST.into()), self.port())
    }

    /// The host that people are told: the public name, else the address that is bound, else `address`.
    pub fn host_name(&self, address: Option<IpAddr>) -> String {
        let of_url = || self.front()?.host().map(str::to_owned);
        let bound = || self.server.host.filter(|host| !host.is_unspecified()).or(address).map(written);
        let local = || "localhost".to_owned();
        let named = self.server.domain.clone().or_else(of_url);
        named.or_else(|| self.has_tls().then(bound).flatten()).unwrap_or_else(local)
    }

    /// The port of the URL people type, where `port` is the one really bound.
    pub fn public_port(&self, port: u16) -> u16 {
        self.front().map_or(port, |url| {
            url.port_u16().unwrap_or(if url.scheme_str() == Some("http") { 80 } else { 443 })
        })
    }

    /// `server.frontendURL`, taken apart.
    fn front(&self) -> Option<http::Uri> {
        self.server.frontend_url.as_deref()?.parse().ok()
    }

    /// The URL people type, without a slash at the end. `port` is the one really bound, `address` the machine's own.
    pub fn public_url(&self, port: u16, address: Option<IpAddr>) -> String {
        if let Some(url) = &self.server.frontend_url {
            return url.trim_end_matches('/').to_owned();
        }
        let (scheme, usual) = if self.has_tls() { ("https", 443) } else { ("http", 80) };
        let host = self.host_name(address);
        if port == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
    }
}

/// As in a URL (RFC 3986, 3.2.2).
fn written(address: IpAddr) -> String {
    match address {
        IpAddr::V4(a) => a.to_string(),
        IpAddr::V6(a) => format!("[{a}]"),
    }
}

/// What of listener and TLS makes no sense together.
pub(super) fn check(config: &Config, problems: &mut Problems) {
    let (server, tls) = (&config.server, &config.tls);
    let exposed = server.host.is_some_and(|host| !host.is_loopback());
    if !config.has_tls() && exposed && server.trusted_proxies.is_empty() {
        let s = "Without TLS the daemon listens on loopback only, or behind a proxy that ends TLS: list it in server.trustedProxies.";
        problems.add("plain_http_exposed", "server.host", s);
    }
    if server.proxy_protocol && server.trusted_proxies.is_empty() {
        let s = "Nobody would be listened to. List the front ends in server.trustedProxies.";
        problems.add("missing_value", "server.proxyProtocol", s);
    }
    for (key, file) in [("tls.certFile", &tls.cert_file), ("tls.keyFile", &tls.key_file)] {
        match (tls.mode, file) {
            (TlsMode::Files, None) => {
                let s = "With tls.mode files give both tls.certFile and tls.keyFile.";
                problems.add("missing_value", key, s);
            }
            (TlsMode::Files, Some(file)) if !file.is_absolute() => {
                problems.add("invalid_value", key, "Give an absolute path.");
            }
            (TlsMode::Acme | TlsMode::SelfSigned | TlsMode::Off, Some(_)) => {
                let s = "The file would not be used. Set tls.mode to files, or remove it.";
                problems.add("unused_value", key, s);
            }
            _ => {}
        }
    }
    check_acme(config, problems);
    if let Some(domain) = &server.domain
        && !is_host_name(domain)
    {
        let s = format!(
            "{domain:?} is no host name. Write it like meet.example.org, without a scheme or a port."
        );
        problems.add("invalid_value", "server.domain", s);
    }
}

fn check_acme(config: &Config, problems: &mut Problems) {
    let (server, tls) = (&config.server, &config.tls);
    let is_acme = tls.mode == TlsMode::Acme;
    if is_acme && server.domain.is_none() {
        let s =
            "With tls.mode acme give the host name that the certificate is for, such as meet.example.org.";
        problems.add("missing_value", "server.domain", s);
    }
    let given = [("tls.email", tls.email.is_some()), ("tls.acmeRootFile", tls.acme_root_file.is_some())];
    for (key, _) in given.into_iter().filter(|(_, is_given)| *is_given && !is_acme) {
        problems.add("unused_value", key, "It would not be used. Set tls.mode to acme, or remove it.");
    }
    if tls.email.as_deref().is_some_and(|address| !is_address(address)) {
        problems.add("invalid_value", "tls.email", "Give one address, like operator@example.org.");
    }
    let url = tls.acme_directory.parse::<http::Uri>();
    if !url.is_ok_and(|url| url.scheme_str() == Some("https") && url.host().is_some()) {
        let s = "Give the URL of an ACME directory; it begins with https://.";
        problems.add("invalid_value", "tls.acmeDirectory", s);
    }
    if tls.acme_root_file.as_deref().is_some_and(|file| !file.is_absolute()) {
        problems.add("invalid_value", "tls.acmeRootFile", "Give an absolute path.");
    }
}

fn is_address(text: &str) -> bool {
    let is_clean = !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',');
    is_clean && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host_name(host))
}

fn is_host_name(text: &str) -> bool {
    rustls::pki_types::DnsName::try_from(text).is_ok() && text.parse::<IpAddr>().is_err()
}
