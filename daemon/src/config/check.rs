//! Values that make no sense alone or together, told before anything is opened. Every problem at once, each with its remedy.

use http::HeaderName;

use super::{Config, Problems, TlsMode, host};
use crate::network::Network;

/// Headers in which proxies tell whom they speak for. Another one may be given; what is nearly one of these is a mistake.
const PROXY_HEADERS: [&str; 14] = [
    "X-Forwarded-For",
    "Forwarded",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "X-Envoy-External-Address",
    "X-Azure-ClientIP",
    "X-Azure-SocketIP",
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "True-Client-IP",
    "Fastly-Client-IP",
    "Fly-Client-IP",
];
/// Letters that differ in a word that was mistyped.
const MISTYPED: usize = 3;

/// Values that make no sense alone or together.
pub(super) fn check(config: &Config, problems: &mut Problems) {
    let bad = "invalid_value";
    let auth = &config.auth;
    if !(1..=1440).contains(&auth.access_token_minutes) {
        problems.add(bad, "auth.accessTokenMinutes", "Give 1 to 1440 minutes.");
    }
    if !(1..=365).contains(&auth.refresh_token_days) {
        problems.add(bad, "auth.refreshTokenDays", "Give 1 to 365 days.");
    }
    for (key, hours) in [
        ("auth.verificationTokenHours", auth.verification_token_hours),
        ("auth.resetTokenHours", auth.reset_token_hours),
    ] {
        if !(1..=720).contains(&hours) {
            problems.add(bad, key, "Give 1 to 720 hours.");
        }
    }
    if auth.require_email_verification && !config.mail.is_on() {
        let s = "Nobody could prove an address: this server sends no mail. Set mail.host or mail.sendmail.";
        problems.add("missing_value", "auth.requireEmailVerification", s);
    }
    config.mail.check(problems);
    super::providers::check(config, problems);
    listener(config, problems);
    server(config, problems);
    host::check(config, problems);
    for (key, window) in [
        ("auth", config.rate_limit.auth),
        ("guest", config.rate_limit.guest),
        ("join", config.rate_limit.join),
        ("api", config.rate_limit.api),
    ] {
        if window.max > 0 && window.window_seconds == 0 {
            problems.add(
                bad,
                format!("rateLimit.{key}.windowSeconds"),
                "Give at least 1 second, or max: 0 for no limit.",
            );
        }
    }
    for network in &config.webhooks.allowed_networks {
        if Network::parse(network).is_none() {
            let s = format!("{network:?} is no address or network. Write it like 10.1.2.3 or 10.1.2.0/24.");
            problems.add(bad, "webhooks.allowedNetworks", s);
        }
    }
    let livekit = &config.livekit;
    if livekit.external {
        for (key, missing) in [
            ("livekit.host", livekit.host.is_none()),
            ("livekit.internalHost", livekit.internal_host.is_none()),
            ("livekit.apiKey", livekit.api_key.is_none()),
            ("livekit.apiSecretFile", livekit.api_secret.is_none() && livekit.api_secret_file.is_none()),
        ] {
            if missing {
                problems.add("missing_value", key, "An external SFU needs it (livekit.external is true).");
            }
        }
    }
    if config.database.max_open_conns == Some(0) {
        problems.add(
            bad,
            "database.maxOpenConns",
            "Nothing could be asked. Give at least 1, or remove the line.",
        );
    }
    if config.database.path.as_ref().is_some_and(|p| !p.is_absolute()) {
        problems.add(bad, "database.path", "Give an absolute path.");
    }
    if config.database.path.is_some() && config.database.url.is_some() {
        let s = "Give a file (database.path) or a server (database.url), not both.";
        problems.add(bad, "database.url", s);
    }
}

fn server(config: &Config, problems: &mut Problems) {
    let (server, bad) = (&config.server, "invalid_value");
    if server.max_connections == 0 || server.max_connections_per_address == 0 {
        problems.add(bad, "server.maxConnections", "Nobody could connect. Give at least 1 for both.");
    }
    if server.max_participants_limit == 0 {
        problems.add(bad, "server.maxParticipantsLimit", "Give at least 1.");
    }
    for proxy in &server.trusted_proxies {
        if Network::parse(proxy).is_none() {
            problems.add(
                bad,
                "server.trustedProxies",
                format!("{proxy:?} is no address or network. Write it like 192.0.2.1 or 192.0.2.0/24."),
            );
        }
    }
    proxy_header(&server.proxy_header, problems);
}

fn proxy_header(name: &str, problems: &mut Problems) {
    let key = "server.proxyHeader";
    if name.parse::<HeaderName>().is_err() {
        problems.add(
            "invalid_value",
            key,
            format!("{name:?} is no name of a header. Write it like X-Forwarded-For."),
        );
        return;
    }
    let is_known = PROXY_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let distance =
        |known: &str| strsim::osa_distance(&known.to_ascii_lowercase(), &name.to_ascii_lowercase());
    let nearest = PROXY_HEADERS.iter().min_by_key(|known| distance(known));
    if let Some(near) = nearest.filter(|near| !is_known && distance(near) <= MISTYPED) {
        problems.add("invalid_value", key, format!("No proxy writes {name:?}. Did you mean {near}?"));
    }
}

/// What of listener and TLS makes no sense together.
fn listener(config: &Config, problems: &mut Problems) {
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
}

fn check_acme(config: &Config, problems: &mut Problems) {
    let (server, tls) = (&config.server, &config.tls);
    let is_acme = tls.mode == TlsMode::Acme;
    if is_acme && server.domain.is_none() {
        let s =
            "With tls.mode acme give the host name that the certificate is for, such as meet.example.org.";
        problems.add("missing_value", "server.domain", s);
    }
    let given = [
        ("tls.email", tls.email.is_some()),
        ("tls.acmeRootFile", tls.acme_root_file.is_some()),
        ("tls.eabKeyId", tls.eab_key_id.is_some()),
        ("tls.eabKeyFile", tls.eab_key_file.is_some()),
    ];
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
    for (key, file) in [("tls.acmeRootFile", &tls.acme_root_file), ("tls.eabKeyFile", &tls.eab_key_file)] {
        if file.as_deref().is_some_and(|file| !file.is_absolute()) {
            problems.add("invalid_value", key, "Give an absolute path.");
        }
    }
    let halves = [("tls.eabKeyId", tls.eab_key_id.is_none()), ("tls.eabKeyFile", tls.eab_key_file.is_none())];
    for (key, _) in halves.into_iter().filter(|half| half.1 && halves.iter().any(|other| !other.1)) {
        problems.add(
            "missing_value",
            key,
            "tls.eabKeyId and tls.eabKeyFile go together. Give both, or neither.",
        );
    }
}

fn is_address(text: &str) -> bool {
    let is_clean = !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',');
    is_clean
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host::canonical(host).is_ok())
}
