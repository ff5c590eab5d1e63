//! Every key of the configuration has a reader: a key that nobody reads promises something that does not happen.
use std::{collections::BTreeSet, fs};

use bedrud_tests::repository;

/// Key, the file below `daemon/src` that acts on it, and its words there. Checks of the file itself are no readers.
const READERS: &[(&str, &str, &str)] = &[
    ("server.host", "config/derived.rs", "self.server.host"),
    ("server.port", "config/derived.rs", "self.server.port"),
    ("server.httpPort", "config/derived.rs", "self.server.http_port"),
    ("server.domain", "config/derived.rs", "self.server.domain"),
    ("server.frontendURL", "config/derived.rs", "self.server.frontend_url"),
    ("server.frameAncestors", "app/mod.rs", "config.server.frame_ancestors"),
    ("server.maxParticipantsLimit", "app/mod.rs", "config.server.max_participants_limit"),
    ("server.maxRoomsPerUser", "app/mod.rs", "config.server.max_rooms_per_user"),
    ("server.trustedProxies", "app/mod.rs", "server.trusted_proxies"),
    ("server.proxyHeader", "app/mod.rs", "server.proxy_header"),
    ("server.proxyProtocol", "app/mod.rs", "server.proxy_protocol"),
    ("server.maxConnections", "app/mod.rs", "server.max_connections,"),
    ("server.maxConnectionsPerAddress", "app/mod.rs", "server.max_connections_per_address"),
    ("tls.mode", "tls/mod.rs", "section.mode"),
    ("tls.certFile", "tls/files.rs", "section.cert_file"),
    ("tls.keyFile", "tls/files.rs", "section.key_file"),
    ("tls.email", "tls/acme/mod.rs", "section.email"),
    ("tls.acmeDirectory", "tls/acme/mod.rs", "section.acme_directory"),
    ("tls.acmeRootFile", "tls/acme/mod.rs", "section.acme_root_file"),
    ("tls.eabKeyId", "tls/acme/mod.rs", "section.eab_key_id"),
    ("tls.eabKeyFile", "tls/acme/mod.rs", "section.eab_key_file"),
    ("database.path", "app/open.rs", "config.database.path"),
    ("database.url", "app/open.rs", "config.database.url"),
    ("database.maxOpenConns", "app/open.rs", "config.database.max_open_conns"),
    ("livekit.external", "livekit/program/prepare.rs", "config.livekit.external"),
    ("livekit.host", "config/derived.rs", "self.livekit.host"),
    ("livekit.internalHost", "livekit/program/prepare.rs", "config.livekit.internal_host"),
    ("livekit.apiKey", "livekit/talk/keys.rs", "config.api_key"),
    ("livekit.apiSecret", "livekit/talk/keys.rs", "config.api_secret)"),
    ("livekit.apiSecretFile", "livekit/talk/keys.rs", "config.api_secret_file"),
    ("livekit.skipTLSVerify", "livekit/program/prepare.rs", "config.livekit.skip_tls_verify"),
    ("livekit.configPath", "livekit/program/prepare.rs", "config.livekit.config_path"),
    ("livekit.binary", "livekit/program/binary.rs", "config.binary"),
    ("livekit.nodeIP", "livekit/program/prepare.rs", "config.livekit.node_ip"),
    ("livekit.port", "livekit/program/ports.rs", "config.port"),
    ("livekit.tcpPort", "livekit/program/ports.rs", "config.tcp_port"),
    ("livekit.udpPort", "livekit/program/ports.rs", "config.udp_port,"),
    ("livekit.udpPortRange", "livekit/program/ports.rs", "config.udp_port_range"),
    ("livekit.webhookPort", "config/derived.rs", "self.livekit.webhook_port"),
    ("livekit.turn.enabled", "livekit/program/ports.rs", ".enabled"),
    ("livekit.turn.udpPort", "livekit/program/ports.rs", "config.turn.udp_port"),
    ("livekit.turn.tcpPort", "livekit/program/ports.rs", "config.turn.tcp_port"),
    ("auth.accessTokenMinutes", "app/mod.rs", "auth.access_token_minutes"),
    ("auth.refreshTokenDays", "app/mod.rs", "auth.refresh_token_days"),
    ("auth.requireEmailVerification", "accounts/mail/prove.rs", "lifetimes.require_email_verification"),
    ("auth.verificationTokenHours", "accounts/mail/prove.rs", "lifetimes.verification_token_hours"),
    ("auth.resetTokenHours", "accounts/mail/reset.rs", "lifetimes.reset_token_hours"),
    ("auth.providers", "app/mod.rs", "config.auth.providers"),
    ("mail.host", "mail/carry.rs", "section.host"),
    ("mail.port", "mail/carry.rs", "section.port()"),
    ("mail.security", "mail/carry.rs", "section.security"),
    ("mail.user", "mail/carry.rs", "section.user"),
    ("mail.password", "mail/carry.rs", "section.password,"),
    ("mail.passwordFile", "mail/carry.rs", "section.password_file"),
    ("mail.rootFile", "mail/carry.rs", "section.root_file"),
    ("mail.from", "mail/mod.rs", "section.from"),
    ("mail.sendmail", "mail/carry.rs", "section.sendmail"),
    ("cors.allowedOrigins", "app/mod.rs", "config.cors.allowed_origins"),
    ("rateLimit.auth.max", "limits/mod.rs", "config.auth"),
    ("rateLimit.auth.windowSeconds", "limits/mod.rs", "window.window_seconds"),
    ("rateLimit.guest.max", "limits/mod.rs", "config.guest"),
    ("rateLimit.guest.windowSeconds", "limits/mod.rs", "window.window_seconds"),
    ("rateLimit.join.max", "limits/mod.rs", "config.join"),
    ("rateLimit.join.windowSeconds", "limits/mod.rs", "window.window_seconds"),
    ("rateLimit.api.max", "limits/mod.rs", "config.api"),
    ("rateLimit.api.windowSeconds", "limits/mod.rs", "window.window_seconds"),
    ("webhooks.allowedNetworks", "app/mod.rs", "config.webhooks.allowed_networks"),
    ("metrics.port", "app/open.rs", "config.metrics.port"),
    ("log.level", "telemetry/mod.rs", ".level"),
    ("log.format", "telemetry/mod.rs", ".format"),
];

/// The same of what may be said of a provider.
const OF_A_PROVIDER: &[(&str, &str, &str)] = &[
    ("id", "providers/mod.rs", "section.id"),
    ("name", "providers/mod.rs", "section.name()"),
    ("kind", "providers/place.rs", "section.kind"),
    ("issuer", "providers/place.rs", "section.issuer()"),
    ("clientId", "providers/talk.rs", "section.client_id"),
    ("clientSecret", "providers/talk.rs", "section.client_secret.clone()"),
    ("clientSecretFile", "providers/talk.rs", "section.client_secret_file"),
    ("scopes", "providers/mod.rs", "section.scopes()"),
    ("rootFile", "providers/mod.rs", "section.root_file"),
    ("claim", "providers/mod.rs", "section.claim"),
    ("administrators", "providers/mod.rs", "section.administrators"),
    ("allowed", "providers/mod.rs", "section.allowed"),
];

/// The keys of the provider that the shipped file shows as an example, and of the configuration's own list.
#[test]
fn every_key_of_a_provider_is_shown_and_has_a_reader() {
    let text = fs::read_to_string(repository().join("config/config.yaml")).expect("the shipped file");
    let lines =
        text.lines().filter_map(|line| line.strip_prefix("#   # - ").or(line.strip_prefix("#   #   ")));
    let shown: BTreeSet<_> = lines.filter_map(|line| line.split_once(": ")).map(|(key, _)| key).collect();
    let section =
        fs::read_to_string(repository().join("daemon/src/config/providers.rs")).expect("the section");
    let (_, section) = section.split_once("pub struct Provider {").expect("the struct");
    let fields = section.split('}').next().unwrap_or_default().lines();
    let fields: BTreeSet<_> =
        fields.filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next()).map(camel).collect();
    let listed: BTreeSet<_> = OF_A_PROVIDER.iter().map(|(key, _, _)| (*key).to_owned()).collect();
    assert_eq!(fields, listed);
    let is_shown = |key: &str| shown.contains(key) || key == "clientSecret"; // whose file is better
    assert!(listed.iter().all(|key| is_shown(key)), "{shown:?}");
    for (key, file, words) in OF_A_PROVIDER {
        let code = fs::read_to_string(repository().join("daemon/src").join(file)).expect(file);
        assert!(code.contains(words), "nobody reads {key}: {words:?} is not in {file}");
    }
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let (head, rest) = part.split_at(1);
        all + &head.to_uppercase() + rest
    })
}

/// The dotted keys of the shipped file, whose lines a test of the daemon compares with the defaults.
fn keys() -> BTreeSet<String> {
    let text = fs::read_to_string(repository().join("config/config.yaml")).expect("the shipped file");
    let (mut path, mut found) = (Vec::<(usize, String)>::new(), BTreeSet::new());
    for line in text.lines().filter_map(|line| line.strip_prefix("# ")) {
        let depth = line.len() - line.trim_start().len();
        let Some((name, value)) = line.trim().split_once(':').filter(|(name, _)| !name.starts_with('#'))
        else {
            continue;
        };
        path.retain(|(at, _)| *at < depth);
        path.push((depth, name.to_owned()));
        let dotted = path.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(".");
        match value.trim() {
            "" => {}
            inner if inner.starts_with('{') => {
                let parts = inner.trim_matches(['{', '}']).split(',').filter_map(|pair| pair.split_once(':'));
                found.extend(parts.map(|(part, _)| format!("{dotted}.{}", part.trim())));
            }
            _ => drop(found.insert(dotted)),
        }
    }
    found
}

#[test]
fn every_key_of_the_configuration_has_a_reader() {
    let listed: BTreeSet<String> = READERS.iter().map(|(key, _, _)| (*key).to_owned()).collect();
    let keys = keys();
    assert!(keys.len() > 50, "{keys:?}");
    let missing: Vec<_> = keys.symmetric_difference(&listed).collect();
    assert!(missing.is_empty(), "in only one of config.yaml and the table of readers: {missing:?}");
    for (key, file, words) in READERS {
        let text = fs::read_to_string(repository().join("daemon/src").join(file)).expect(file);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert!(code.contains(words), "nobody reads {key}: {words:?} is not in {file}");
    }
}
