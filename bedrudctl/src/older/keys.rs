//! The configuration of the older server, key by key, as one of ours.

use std::{net::IpAddr, path::PathBuf};

use serde::Serialize;
use serde_yaml::{Mapping, Value};

use crate::failure::{Exit, Failure, Outcome};

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Became {
    /// By its old name.
    pub(super) key: String,
    /// Its new name, or why it has none.
    pub(super) became: String,
}

/// Where the older server kept its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Database {
    /// A file of SQLite.
    File(PathBuf),
    /// A database server.
    Elsewhere,
    /// It does not say.
    #[default]
    Unnamed,
}

/// A whole file.
#[derive(Debug, Default)]
pub(super) struct Translated {
    /// Every key that said something, in its order.
    pub(super) became: Vec<Became>,
    /// The new file.
    pub(super) text: String,
    /// Where its data is.
    pub(super) database: Database,
    new: Mapping,
}

impl Translated {
    /// The new file as anybody may see it.
    pub(super) fn shown(&self) -> Outcome<String> {
        if self.new.is_empty() {
            return Ok(String::new());
        }
        let mut new = self.new.clone();
        let providers = new.get_mut("auth").and_then(|auth| auth.get_mut("providers"));
        for one in providers.and_then(Value::as_sequence_mut).into_iter().flatten() {
            if let Some(secret) = one.get_mut("clientSecret") {
                *secret = "(hidden)".into();
            }
        }
        for (section, key) in SECRETS.iter().filter_map(|name| name.split_once('.')) {
            if let Some(value) = new.get_mut(section).and_then(|inner| inner.get_mut(key)) {
                *value = "(hidden)".into();
            }
        }
        written(&new).map_err(|why| Failure::new(Exit::Failed, "import_unwritable", why))
    }
}

/// Keys that have the same name and meaning.
const SAME: &[&str] = &[
    "server.port",
    "server.httpPort",
    "server.domain",
    "server.trustedProxies",
    "server.proxyHeader",
    "server.maxParticipantsLimit",
    "server.maxRoomsPerUser",
    "livekit.external",
    "livekit.nodeIP",
    "livekit.configPath",
    "auth.requireEmailVerification",
];
/// Keys that have another name.
const RENAMED: &[(&str, &str)] = &[
    ("auth.verificationTokenTTLHours", "auth.verificationTokenHours"),
    ("auth.resetTokenTTLHours", "auth.resetTokenHours"),
    ("email.smtpHost", "mail.host"),
    ("email.smtpPort", "mail.port"),
    ("email.username", "mail.user"),
    ("email.password", "mail.password"),
];
/// Only where somebody else runs the SFU.
const OF_ANOTHER_SFU: &[&str] =
    &["livekit.host", "livekit.internalHost", "livekit.apiKey", "livekit.apiSecret", "livekit.skipTLSVerify"];
/// What a new file may hold and nobody is shown.
const SECRETS: &[&str] = &["livekit.apiSecret", "mail.password"];
const NUMBERS: &[&str] = &["server.port", "server.httpPort", "mail.port"];
const LEVELS: &[&str] = &["trace", "debug", "info", "warn", "error"];
/// Who says there who somebody is, by the names of both servers.
const PROVIDERS: [&str; 3] = ["google", "github", "twitter"];
const OF_ITS_OWN: &str = "left out: the server makes it itself";

/// Reads one; an error says what it is instead.
pub(super) fn translate(text: &str) -> Result<Translated, String> {
    let old = match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Mapping(old)) => old,
        Ok(_) => return Err("it has no sections".to_owned()),
        Err(e) => return Err(e.to_string()),
    };
    let mut leaves = Vec::new();
    flatten("", &old, &mut leaves);
    let get = |key: &str| leaves.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let (mode, has_tls) = tls(&get);
    let is = |key: &str| get(key).and_then(Value::as_bool).unwrap_or(false);
    let mut new = Mapping::new();
    set(&mut new, "tls.mode", mode.into());
    let mut became = Vec::new();
    let providers: Vec<_> =
        PROVIDERS.iter().filter_map(|id| provider(id, &get).map(|one| (*id, one))).collect();
    let names_provider = |key: &str| providers.iter().any(|(id, _)| key.starts_with(&format!("auth.{id}.")));
    if !providers.is_empty() {
        set(
            &mut new,
            "auth.providers",
            providers.iter().map(|(_, one)| one.clone()).collect::<Vec<_>>().into(),
        );
    }
    for (key, value) in &leaves {
        let url = value.as_str().unwrap_or_default().trim_end_matches('/');
        let what = match key.as_str() {
            _ if value == &Value::from(0) => "left out: 0 stood for the default".to_owned(),
            key if SAME.contains(&key) => kept(&mut new, key, key, value),
            key if OF_ANOTHER_SFU.contains(&key) && is("livekit.external") => kept(&mut new, key, key, value),
            key if OF_ANOTHER_SFU.contains(&key) => OF_ITS_OWN.to_owned(),
            "server.host" if url.parse::<IpAddr>().is_ok() => kept(&mut new, key, key, value),
            "server.host" => "left out: it is no address to listen at".to_owned(),
            "server.enableTLS" | "server.disableTLS" | "server.useACME" => format!("tls.mode: {mode}"),
            "server.certFile" if mode == "files" => kept(&mut new, key, "tls.certFile", value),
            "server.keyFile" if mode == "files" => kept(&mut new, key, "tls.keyFile", value),
            "server.email" if mode == "acme" => kept(&mut new, key, "tls.email", value),
            "server.behindProxy" => "left out: name the proxy in server.trustedProxies".to_owned(),
            // behind somebody who ends TLS, else it is made of the domain
            "auth.frontendURL" if !has_tls && url.starts_with("https://") => {
                kept(&mut new, key, "server.frontendURL", &url.into())
            }
            "auth.frontendURL" => "left out: made of server.domain".to_owned(),
            "auth.jwtSecret" | "auth.sessionSecret" => "made anew: everybody signs in once".to_owned(),
            "auth.tokenDuration" => {
                "left out: auth.accessTokenMinutes and refreshTokenDays have their defaults".to_owned()
            }
            key if key.ends_with(".redirectUrl") && names_provider(key) => {
                "left out: the same address as before, made of server.domain".to_owned()
            }
            key if names_provider(key) => "auth.providers".to_owned(),
            "email.fromAddress" => {
                let name = get("email.fromName").and_then(Value::as_str).unwrap_or("Bedrud");
                kept(&mut new, key, "mail.from", &format!("{name:?} <{url}>").into())
            }
            "email.fromName" => "mail.from".to_owned(),
            "email.smtpsMode" if is(key) => kept(&mut new, key, "mail.security", &"tls".into()),
            key if value == &Value::Bool(false) => format!("left out: {key} was off"),
            "cors.allowedOrigins" => origins(&mut new, value),
            "logger.level" if LEVELS.contains(&url) => kept(&mut new, key, "log.level", value),
            "logger.level" | "logger.outputPath" => "left out: logs go to the journal".to_owned(),
            "chat.maxMessageCount" => "left out: here it is the setting chatMaxMessageCount".to_owned(),
            "chat.messageTTLHours" => "left out: here it is the setting chatMessageTTLHours".to_owned(),
            key if key.starts_with("database.") => {
                "left out: the new server has a database of its own".to_owned()
            }
            key if key.starts_with("rateLimit.") => "left out: rateLimit counts otherwise here".to_owned(),
            key => match RENAMED.iter().find(|(old, _)| *old == key) {
                Some((_, name)) => kept(&mut new, key, name, value),
                None => "left out: there is no such key here".to_owned(),
            },
        };
        became.push(Became { key: key.clone(), became: what });
    }
    let path = get("database.path").and_then(Value::as_str).map(PathBuf::from);
    let database = match (get("database.type").and_then(Value::as_str), path) {
        (None | Some("sqlite"), Some(path)) => Database::File(path),
        (None, None) if get("database.host").is_none() => Database::Unnamed,
        _ => Database::Elsewhere,
    };
    Ok(Translated { became, text: written(&new)?, database, new })
}

fn written(new: &Mapping) -> Result<String, String> {
    serde_yaml::to_string(new).map_err(|e| e.to_string())
}

/// One of the servers by which people sign in, where it is set up; examples of the older server's file are no values.
fn provider<'a>(id: &str, get: &impl Fn(&str) -> Option<&'a Value>) -> Option<Value> {
    let text = |key: &str| {
        let text = get(&format!("auth.{id}.{key}")).and_then(Value::as_str)?.trim();
        let is_example = ["your-", "replace-", "example-", "xxx", "todo"]
            .iter()
            .any(|word| text.to_lowercase().starts_with(word));
        (!is_example).then(|| Value::from(text))
    };
    let (client, secret) = (text("clientId")?, text("clientSecret")?);
    let all = [("id", id.into()), ("kind", id.into()), ("clientId", client), ("clientSecret", secret)];
    Some(Value::Mapping(all.into_iter().map(|(key, value)| (Value::from(key), value)).collect()))
}

/// How TLS was served: what was given, certificate files first, else by an authority; and whether it was.
fn tls<'a>(get: &impl Fn(&str) -> Option<&'a Value>) -> (&'static str, bool) {
    let is = |key: &str| get(key).and_then(Value::as_bool).unwrap_or(false);
    if !is("server.enableTLS") || is("server.disableTLS") {
        return ("off", false);
    }
    if get("server.certFile").is_some() && get("server.keyFile").is_some() {
        return ("files", true);
    }
    let has_name = get("server.domain").is_some();
    (if is("server.useACME") && has_name { "acme" } else { "self-signed" }, true)
}

fn kept(new: &mut Mapping, old: &str, name: &str, value: &Value) -> String {
    let number = value.as_str().and_then(|text| text.parse::<u64>().ok()).filter(|_| NUMBERS.contains(&name));
    set(new, name, number.map_or_else(|| value.clone(), Value::from));
    if old == name { "the same".to_owned() } else { name.to_owned() }
}

fn origins(new: &mut Mapping, value: &Value) -> String {
    let all = value.as_str().unwrap_or_default().split(',').map(str::trim).filter(|one| !one.is_empty());
    // everybody's pages, with the cookies of those who are signed in: no
    let all: Vec<Value> = all.filter(|one| *one != "*").map(Value::from).collect();
    if all.is_empty() {
        return "left out: pages of other sites are named one by one".to_owned();
    }
    set(new, "cors.allowedOrigins", all.into());
    "the same".to_owned()
}

fn set(new: &mut Mapping, name: &str, value: Value) {
    let (section, key) = name.split_once('.').unwrap_or((name, ""));
    let inner = new.entry(section.into()).or_insert_with(|| Mapping::new().into());
    if let Value::Mapping(inner) = inner {
        inner.insert(key.into(), value);
    }
}

/// Every key that says something, as `section.key`.
fn flatten(before: &str, mapping: &Mapping, into: &mut Vec<(String, Value)>) {
    for (key, value) in mapping {
        let key = key.as_str().unwrap_or_default();
        let name = if before.is_empty() { key.to_owned() } else { format!("{before}.{key}") };
        match value {
            Value::Null => {}
            Value::String(text) if text.trim().is_empty() => {}
            Value::Sequence(all) if all.is_empty() => {}
            Value::Mapping(inner) => flatten(&name, inner, into),
            _ => into.push((name, value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_proxy_and_with_an_sfu_of_somebody_else() {
        let old = "server: {port: 8090, enableTLS: false, domain: '', maxRoomsPerUser: 0}
auth: {frontendURL: 'https://meet.example.org/'}
livekit: {external: true, apiKey: key, internalHost: 'http://10.0.0.2:7880'}
database: {type: sqlite, path: data.db}";
        let new = translate(old).expect("translated");
        let read: Value = serde_yaml::from_str(&new.text).expect("YAML");
        assert_eq!(read["tls"]["mode"].as_str(), Some("off"), "{}", new.text);
        assert_eq!(read["server"]["frontendURL"].as_str(), Some("https://meet.example.org"));
        assert_eq!(read["livekit"]["apiKey"].as_str(), Some("key"));
        assert!(read["server"].get("maxRoomsPerUser").is_none(), "{}", new.text);
        assert_eq!(new.database, Database::File("data.db".into()));
        assert!(new.became.iter().all(|one| !one.key.is_empty() && !one.became.is_empty()));
        assert!(translate("nothing").is_err() && translate("a: [").is_err());
    }
}
