//! What differs between two configurations, key by key, and which keys take effect while the daemon runs.

use serde_yaml::Value;

use super::Config;

/// Keys, and beginnings of keys, that need no restart. The certificate files are read again whatever the file says.
const LIVE: &[&str] = &["log.level", "mail.", "rateLimit."];

/// One key with another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Dotted, as in the file.
    pub key: String,
    /// Whether it takes effect at once.
    pub is_live: bool,
}

/// The keys whose values differ, as in the file.
pub fn differences(old: &Config, new: &Config) -> Vec<Difference> {
    let value = |config: &Config| serde_yaml::to_value(config).unwrap_or_default();
    let mut found = Vec::new();
    compare(&value(old), &value(new), String::new(), &mut found);
    found
}

fn compare(old: &Value, new: &Value, key: String, found: &mut Vec<Difference>) {
    let (Value::Mapping(old), Value::Mapping(new)) = (old, new) else {
        if old != new {
            let is_live =
                LIVE.iter().any(|live| key == *live || live.ends_with('.') && key.starts_with(live));
            found.push(Difference { key, is_live });
        }
        return;
    };
    for (name, value) in new {
        let name = name.as_str().unwrap_or_default();
        let deeper = if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
        compare(old.get(name).unwrap_or(&Value::Null), value, deeper, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_differs_is_named() {
        let (old, mut new) = (Config::default(), Config::default());
        assert_eq!(differences(&old, &new), []);
        new.server.port = Some(8443);
        new.rate_limit.join.max = 7;
        new.livekit.turn.enabled = false;
        let found = differences(&old, &new);
        let found: Vec<_> = found.iter().map(|one| (one.key.as_str(), one.is_live)).collect();
        let wanted = [("server.port", false), ("livekit.turn.enabled", false), ("rateLimit.join.max", true)];
        assert_eq!(found, wanted);
    }
}
