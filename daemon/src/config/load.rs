//! Reads file and environment, and reports every problem at once: unknown keys, values of the wrong type, values that
//! make no sense together. Each leaf is tried alone against the defaults, so one mistake does not hide the next.

use std::{collections::BTreeMap, fmt, path::Path};

use serde_yaml::{Mapping, Value};

use super::{Config, secret::without_secrets};
use crate::names;

/// One thing that is wrong, with its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable snake_case code.
    pub code: &'static str,
    /// Dotted key, such as `server.port`; a file or variable where no key fits.
    pub key: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// Everything that keeps the daemon from starting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Notes one more.
    pub fn add(&mut self, code: &'static str, key: impl Into<String>, sentence: impl Into<String>) {
        self.0.push(Problem { code, key: key.into(), sentence: sentence.into() });
    }
    /// `Ok` when nothing was found.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for p in &self.0 {
            writeln!(f, "{}: {} [{}]", p.key, p.sentence, p.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Who says a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Giver {
    /// Nobody.
    #[default]
    Default,
    /// The file.
    File,
    /// A variable of the environment, which beats the file.
    Environment,
}

/// What the names of our variables begin with.
const PREFIX: &str = "BEDRUD_";
/// Nobody has said anything yet: the server is for this machine alone.
const WITHOUT_A_FILE: &str = "tls: {mode: \"off\"}";

/// Reads `file` (none: plain HTTP on loopback, the other defaults) and the environment.
pub fn load(file: Option<&Path>) -> Result<Config, Problems> {
    let (config, problems) = read(file);
    problems.or(config)
}

/// The same with everything that is wrong in it; for what is wrong the defaults stand.
pub fn read(file: Option<&Path>) -> (Config, Problems) {
    let text = match file.map(|path| (path, std::fs::read_to_string(path))) {
        None => WITHOUT_A_FILE.to_owned(),
        Some((_, Ok(text))) => text,
        Some((path, Err(e))) => {
            let sentence = format!("The file cannot be read: {e}. Check the path and its mode.");
            let key = path.display().to_string();
            return (Config::default(), Problems(vec![Problem { code: "config_unreadable", key, sentence }]));
        }
    };
    // of other programs' variables nothing is asked, not even that they are UTF-8
    let ours = std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(PREFIX.as_bytes()));
    let (mut variables, mut problems) = (Vec::new(), Problems::default());
    for (name, text) in ours {
        match (name.into_string(), text.into_string()) {
            (Ok(name), Ok(text)) => variables.push((name, text)),
            (name, _) => {
                let name = name.unwrap_or_else(|name| name.to_string_lossy().into_owned());
                problems.add("not_utf8", name, "The variable is not valid UTF-8. Set it anew, or unset it.");
            }
        }
    }
    understand(&text, variables.into_iter(), problems)
}

/// The same from a text and given variables.
pub fn parse(text: &str, variables: impl Iterator<Item = (String, String)>) -> Result<Config, Problems> {
    let (config, problems) = understand(text, variables, Problems::default());
    problems.or(config)
}

fn understand(
    text: &str,
    variables: impl Iterator<Item = (String, String)>,
    mut problems: Problems,
) -> (Config, Problems) {
    let mut given = match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Mapping(map)) => map,
        Ok(Value::Null) => Mapping::new(),
        Ok(_) => {
            problems.add("config_not_yaml", "file", "The file must be a mapping of sections.");
            return (Config::default(), problems);
        }
        Err(e) => {
            let s = format!("The file is not valid YAML: {e}. Mend that line.");
            problems.add("config_not_yaml", "file", s);
            return (Config::default(), problems);
        }
    };
    let known = match serde_yaml::to_value(Config::default()) {
        Ok(Value::Mapping(known)) => known,
        _ => Mapping::new(),
    };
    environment(&mut given, &known, variables, &mut problems);
    let mut whole = known.clone();
    walk(&given, &known, &mut Vec::new(), &known, &mut whole, &mut problems);
    let mut config = serde_yaml::from_value::<Config>(Value::Mapping(whole)).unwrap_or_default();
    super::host::settle(&mut config, &mut problems);
    super::check::check(&config, &mut problems);
    (config, problems)
}

/// Follows what was given beside what is known; good leaves land in `whole`.
fn walk(
    given: &Mapping,
    known: &Mapping,
    path: &mut Vec<String>,
    root: &Mapping,
    whole: &mut Mapping,
    problems: &mut Problems,
) {
    for (key, value) in given {
        let name = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
        path.push(name.clone());
        let dotted = path.join(".");
        match (known.get(name.as_str()), value) {
            (None, _) => {
                let sentence = match nearest(&name, known) {
                    Some(near) => format!("There is no such key. Did you mean {near:?}?"),
                    None => "There is no such key. Remove it; config/config.yaml shows them all.".to_owned(),
                };
                problems.add("unknown_key", dotted, sentence);
            }
            (Some(Value::Mapping(_)), Value::Null) => {}
            (Some(Value::Mapping(inner)), Value::Mapping(deeper)) => {
                walk(deeper, inner, path, root, whole, problems);
            }
            (Some(_), value) => {
                let mut trial = root.clone();
                put(&mut trial, path, value.clone());
                match serde_yaml::from_value::<Config>(Value::Mapping(trial)) {
                    Ok(_) => put(whole, path, value.clone()),
                    Err(e) => {
                        let said = without_secrets(e.to_string(), value, &name);
                        problems.add("invalid_value", dotted, format!("{said}. Give a value of that kind."));
                    }
                }
            }
        }
        path.pop();
    }
}

fn put(map: &mut Mapping, path: &[String], value: Value) {
    match path {
        [] => {}
        [leaf] => {
            map.insert(Value::from(leaf.as_str()), value);
        }
        [first, rest @ ..] => {
            let inner = map.entry(Value::from(first.as_str())).or_insert(Value::Mapping(Mapping::new()));
            if let Value::Mapping(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn nearest<'a>(name: &str, known: &'a Mapping) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['_', '-'], "");
    let wanted = plain(name);
    let keys = || known.keys().filter_map(Value::as_str);
    let begins = |key: &&str| {
        let key = plain(key);
        key == wanted || (wanted.len() > 3 && wanted.starts_with(&key))
    };
    let plain_keys: Vec<(&str, String)> = keys().map(|key| (key, plain(key))).collect();
    let near = names::nearest(&wanted, plain_keys.iter().map(|(key, plain)| (*key, vec![plain.as_str()])));
    keys().find(begins).or_else(|| near.first().copied())
}

/// Who says the values that are not the default: dotted keys, or sections of the file that are no mapping, and whether the
/// environment says them. What cannot be read says nothing.
pub fn givers(file: Option<&Path>) -> BTreeMap<String, Giver> {
    let text = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let variables = std::env::vars_os().filter_map(|(name, text)| {
        let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
        Some((name, text.into_string().ok()?))
    });
    givers_of(&text, variables)
}

fn givers_of(text: &str, variables: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Giver> {
    let mapping = |value| if let Ok(Value::Mapping(map)) = value { map } else { Mapping::new() };
    let mut all = BTreeMap::new();
    let mut note = |map: &Mapping, giver| {
        let mut leaves = Vec::new();
        collect(map, &mut Vec::new(), &mut leaves);
        all.extend(leaves.into_iter().map(|path| (path.join("."), giver)));
    };
    let given = mapping(serde_yaml::from_str::<Value>(text));
    note(&given, Giver::File);
    let known = mapping(serde_yaml::to_value(Config::default()));
    let mut from_environment = Mapping::new();
    environment(&mut from_environment, &known, variables, &mut Problems::default());
    note(&from_environment, Giver::Environment);
    all
}

/// `BEDRUD_SERVER_PORT` and so on, for every leaf of the defaults.
fn environment(
    given: &mut Mapping,
    known: &Mapping,
    variables: impl Iterator<Item = (String, String)>,
    problems: &mut Problems,
) {
    let mut leaves = Vec::new();
    collect(known, &mut Vec::new(), &mut leaves);
    for (name, text) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        if rest == "SOCKET" {
            continue; // bedrudctl's own
        }
        match leaves.iter().find(|path| variable(path) == rest) {
            Some(path) => {
                let value = serde_yaml::from_str::<Value>(&text).unwrap_or(Value::String(text));
                put(given, path, value);
            }
            None => problems.add("unknown_variable", name, "No key has this name. Unset the variable."),
        }
    }
}

fn collect(map: &Mapping, path: &mut Vec<String>, leaves: &mut Vec<Vec<String>>) {
    for (key, value) in map {
        path.push(key.as_str().unwrap_or_default().to_owned());
        match value {
            Value::Mapping(inner) => collect(inner, path, leaves),
            _ => leaves.push(path.clone()),
        }
        path.pop();
    }
}

/// `["server", "maxRoomsPerUser"]` is `SERVER_MAX_ROOMS_PER_USER`; runs of capitals stay together (`nodeIP`: `NODE_IP`).
fn variable(path: &[String]) -> String {
    let mut out = String::new();
    for part in path {
        if !out.is_empty() {
            out.push('_');
        }
        let letters: Vec<char> = part.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let lower = |at: Option<usize>| at.and_then(|i| letters.get(i)).is_some_and(|c| c.is_lowercase());
            let begins_word = lower(at.checked_sub(1)) || (at > 0 && lower(Some(at + 1)));
            if letter.is_uppercase() && begins_word {
                out.push('_');
            }
            out.extend(letter.to_uppercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config, Problems> {
        parse(text, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let text = "server: {port: many, hots: x}\nlivekti: {}\nauth: {accessTokenMinutes: 0}\n";
        let found = read(text, &[("BEDRUD_NO_SUCH", "1")]).expect_err("four problems");
        let codes: Vec<_> = found.0.iter().map(|p| (p.key.as_str(), p.code)).collect();
        assert!(found.0.iter().any(|p| p.sentence.contains("\"host\"")), "{found}");
        assert_eq!(
            codes,
            [
                ("BEDRUD_NO_SUCH", "unknown_variable"),
                ("server.port", "invalid_value"),
                ("server.hots", "unknown_key"),
                ("livekti", "unknown_key"),
                ("auth.accessTokenMinutes", "invalid_value"),
            ]
        );
    }

    #[test]
    fn the_environment_beats_the_file() {
        let config = read(
            "server: {port: 1}",
            &[
                ("BEDRUD_SERVER_PORT", "2"),
                ("BEDRUD_LIVEKIT_NODE_IP", "192.0.2.7"),
                ("BEDRUD_LIVEKIT_SKIP_TLS_VERIFY", "true"),
            ],
        )
        .expect("valid");
        assert_eq!(config.server.port, Some(2));
        assert_eq!(config.livekit.node_ip.as_deref(), Some("192.0.2.7"));
        assert!(config.livekit.skip_tls_verify);
    }

    #[test]
    fn who_says_a_value_is_known() {
        let text =
            "server: {port: 1, httpPort: 2, domain: null}\nrateLimit: {join: {max: 3, windowSeconds: 4}}\n";
        let variables = [("BEDRUD_SERVER_PORT", "5"), ("BEDRUD_NO_SUCH", "6")];
        let all = givers_of(text, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let giver = |key: &str| all.get(key).copied().unwrap_or_default();
        assert_eq!(giver("server.port"), Giver::Environment);
        assert_eq!((giver("server.httpPort"), giver("rateLimit.join.max")), (Giver::File, Giver::File));
        assert_eq!(giver("log.level"), Giver::Default);
        assert!(givers_of("no mapping", std::iter::empty()).is_empty());
    }

    #[test]
    fn the_shipped_file_shows_every_key_with_its_default() {
        let text = include_str!("../../../config/config.yaml");
        let shown = text.lines().map(|l| l.strip_prefix("# ").or(l.strip_prefix('#')).unwrap_or(l));
        let shown: String =
            shown.filter(|l| l.trim_end().contains(": ") || l.ends_with(':')).collect::<Vec<_>>().join("\n");
        let shown: Value = serde_yaml::from_str(&shown).expect("YAML under the comment signs");
        assert_eq!(shown, serde_yaml::to_value(Config::default()).expect("serializable"));
    }
}
