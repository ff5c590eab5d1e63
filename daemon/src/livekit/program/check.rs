//! What of the section `livekit` the SFU or our start would refuse, without starting or writing anything.

use std::path::Path;

use super::{address, binary, ports};
use crate::config::{Livekit, Problems};

/// Everything that is wrong with it.
pub fn check(config: &Livekit, problems: &mut Problems) {
    secret(config, problems);
    if config.external {
        for (key, url, schemes) in [
            ("livekit.host", &config.host, &["ws", "wss"][..]),
            ("livekit.internalHost", &config.internal_host, &["http", "https", "ws", "wss"]),
        ] {
            let right = |url: &url::Url| schemes.contains(&url.scheme()) && url.has_host();
            if url.as_deref().is_some_and(|url| !url::Url::parse(url).is_ok_and(|url| right(&url))) {
                let s = format!("It begins with {}:// and names a host.", schemes.join(":// or "));
                problems.add("invalid_value", key, s);
            }
        }
        return;
    }
    binary::find(config, problems);
    if let Some(file) = &config.config_path {
        readable(file, "config_unreadable", "livekit.configPath", problems);
        return;
    }
    if let Some(text) = &config.node_ip {
        address::read(text, problems);
    }
    if let Some(text) = &config.udp_port_range {
        ports::read(text, problems);
    }
}

fn secret(config: &Livekit, problems: &mut Problems) {
    let found = match (&config.api_secret_file, &config.api_secret) {
        (Some(file), _) => readable(file, "secret_unreadable", "livekit.apiSecretFile", problems),
        (None, given) => given.clone(),
    };
    let has_secret = config.api_secret_file.is_some() || config.api_secret.is_some();
    // what an external SFU lacks is told elsewhere
    if !config.external && config.api_key.is_some() != has_secret {
        let s = "livekit.apiKey and its secret go together. Give both, or neither to have them made.";
        problems.add("missing_value", "livekit.apiKey", s);
    }
    if config.api_key.as_deref().is_some_and(|key| key.trim().is_empty()) {
        problems.add(
            "invalid_value",
            "livekit.apiKey",
            "It is empty. Give the key's name, or remove the line.",
        );
    }
    if found.is_some_and(|secret| secret.trim().is_empty()) {
        let key =
            if config.api_secret_file.is_some() { "livekit.apiSecretFile" } else { "livekit.apiSecret" };
        problems.add(
            "secret_empty",
            key,
            "Without a secret anybody may enter every room. Give one of 32 random bytes.",
        );
    }
}

fn readable(file: &Path, code: &'static str, key: &str, problems: &mut Problems) -> Option<String> {
    std::fs::read_to_string(file)
        .map_err(|e| {
            let s = format!("{} cannot be read: {e}. Check the path and its mode.", file.display());
            problems.add(code, key, s);
        })
        .ok()
}
