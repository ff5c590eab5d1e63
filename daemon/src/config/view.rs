//! The configuration as people may see it: every key with its value and its default, secrets hidden; and what the file says now
//! that does not run yet.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use serde_yaml::Value;

use super::{
    Config, differences,
    load::{self, Giver},
    secret::{HIDDEN, is_secret},
};

/// One key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Dotted, as in the file.
    pub key: String,
    /// As it runs.
    pub value: String,
    /// As it is unless the file says otherwise.
    pub default: String,
    /// Who says it.
    pub giver: Giver,
}

/// A key that the file has changed since it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Dotted, as in the file.
    pub key: String,
    /// As it runs.
    pub value: String,
    /// What the file says now.
    pub file: String,
    /// Whether it takes effect without a restart.
    pub is_live: bool,
}

/// The configuration that runs, for whoever wants to see it. Cheap to clone.
#[derive(Clone)]
pub struct View(Arc<Inner>);

struct Inner {
    file: Option<PathBuf>,
    running: RwLock<Running>,
}

#[derive(Clone)]
struct Running {
    config: Config,
    givers: BTreeMap<String, Giver>,
}

impl View {
    /// Of what was read from `file`.
    pub fn new(file: Option<PathBuf>, running: Config) -> Self {
        let givers = load::givers(file.as_deref());
        Self(Arc::new(Inner { file, running: RwLock::new(Running { config: running, givers }) }))
    }

    /// Another one runs now, of what the file says now. What runs on as before is said by whom it was.
    pub fn change(&self, running: &Config) {
        let fresh = load::givers(self.0.file.as_deref());
        let mut now = self.0.running.write().unwrap_or_else(PoisonError::into_inner);
        for changed in differences(&now.config, running) {
            match fresh.get(&changed.key) {
                Some(giver) => now.givers.insert(changed.key, *giver),
                None => now.givers.remove(&changed.key),
            };
        }
        now.config = running.clone();
    }

    fn running(&self) -> Running {
        self.0.running.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where it was read from; none where everything is as without a file.
    pub fn file(&self) -> Option<String> {
        self.0.file.as_ref().map(|file| file.display().to_string())
    }

    /// Every key as it runs, with its default.
    pub fn all(&self) -> Vec<Shown> {
        let Running { config, givers } = self.running();
        let (values, defaults) = (flat(&config), flat(&Config::default()));
        let default =
            |key: &str| defaults.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        let shown = values.into_iter().map(|(key, value)| {
            let default = default(&key).unwrap_or_default();
            // whoever says a list says all that is in it
            let said = givers.iter().find(|(name, _)| key == **name || key.starts_with(&format!("{name}.")));
            let giver = said.map(|(_, giver)| *giver).unwrap_or_default();
            Shown { key, value, default, giver }
        });
        shown.collect()
    }

    /// What the file says now that does not run; or, line by line, why it would be refused.
    pub fn pending(&self) -> Result<Vec<Pending>, Vec<String>> {
        let new = load::load(self.0.file.as_deref()).map_err(|problems| {
            problems.0.iter().map(|p| format!("{}: {}", p.key, p.sentence)).collect::<Vec<_>>()
        })?;
        let running = self.running().config;
        let (old, said) = (flat(&running), flat(&new));
        let value = |all: &[(String, String)], key: &str| {
            let below = format!("{key}.");
            let found = all.iter().filter(|(name, _)| name == key || name.starts_with(&below));
            found.map(|(_, value)| value.clone()).collect::<Vec<_>>().join(", ")
        };
        let changed = differences(&running, &new).into_iter().map(|one| Pending {
            value: value(&old, &one.key),
            file: value(&said, &one.key),
            is_live: one.is_live,
            key: one.key,
        });
        Ok(changed.collect())
    }
}

/// Every key and its value as one line.
fn flat(config: &Config) -> Vec<(String, String)> {
    let mut out = Vec::new();
    walk(&serde_yaml::to_value(config).unwrap_or_default(), String::new(), &mut out);
    out
}

fn walk(value: &Value, key: String, out: &mut Vec<(String, String)>) {
    match value {
        Value::Mapping(members) => {
            for (name, value) in members {
                let name = name.as_str().unwrap_or_default();
                walk(value, if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") }, out);
            }
        }
        // a list of sections may hold secrets: they are shown one by one
        Value::Sequence(list) if list.iter().any(Value::is_mapping) => {
            for (at, value) in list.iter().enumerate() {
                walk(value, format!("{key}.{at}"), out);
            }
        }
        Value::Null => out.push((key, String::new())),
        value => {
            let text = match value {
                Value::String(text) => text.clone(),
                other => serde_json::to_string(other).unwrap_or_default(),
            };
            let text = if is_secret(&key) { HIDDEN.to_owned() } else { without_password(text) };
            out.push((key, text));
        }
    }
}

/// A URL may hold one: `postgres://NAME:PASSWORD@HOST`, or a parameter of that name.
fn without_password(text: String) -> String {
    let Ok(mut url) = url::Url::parse(&text) else {
        // with several hosts it is none of the URL standard's, and still may hold one
        return if text.contains("://") && text.contains(['@', '?']) { HIDDEN.to_owned() } else { text };
    };
    let in_query = url.query_pairs().any(|(name, _)| name.contains("password"));
    if url.password().is_none() && !in_query {
        return text;
    }
    if url.password().is_some() && url.set_password(Some("hidden")).is_err() || in_query {
        return HIDDEN.to_owned();
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Provider;

    #[test]
    fn secrets_are_hidden_and_everything_else_is_shown() {
        let mut config = Config::default();
        config.livekit.api_secret = Some("of-the-suites".to_owned());
        config.database.url = Some("postgres://bedrud:pass-word@db.example.org/bedrud".to_owned());
        config.server.port = Some(8443);
        let secret = Some("of-the-suites".to_owned());
        config.auth.providers.push(Provider { client_secret: secret, ..Provider::default() });
        let shown = View::new(None, config).all();
        let value = |key: &str| shown.iter().find(|one| one.key == key).expect("a key").clone();
        assert_eq!(value("livekit.apiSecret").value, HIDDEN);
        assert_eq!(value("auth.providers.0.clientSecret").value, HIDDEN);
        assert!(shown.iter().all(|one| !one.value.contains("of-the-suites")));
        assert_eq!(value("database.url").value, "postgres://bedrud:hidden@db.example.org/bedrud");
        assert_eq!(
            (value("server.port").value.as_str(), value("server.port").default.as_str()),
            ("8443", "")
        );
        assert_eq!(value("rateLimit.join.max").value, value("rateLimit.join.max").default);
        for several in [
            "postgres://db/x?password=a",
            "postgres://u:pw@a:5433,b:5434/x",
            "postgres://a:1,b:2/x?password=a",
        ] {
            assert_eq!(without_password(several.to_owned()), HIDDEN, "{several}");
        }
        for plain in ["*", "info", "wss://sfu.example.org/livekit", "/etc/bedrud/key.pem"] {
            assert_eq!(without_password(plain.to_owned()), plain);
        }
    }
}
