//! Values of the configuration that are nobody's to see, and what stands in their place.

use serde_yaml::Value;

/// Ends of keys that hold one.
const SECRET: [&str; 3] = ["secret", "password", "token"];
/// What is shown of it.
pub(super) const HIDDEN: &str = "(hidden)";

/// Whether the value of that key is one.
pub(super) fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    SECRET.iter().any(|end| key.ends_with(end))
}

/// What is wrong with `value`, without the secrets in it: a number that should be a text is shown otherwise.
pub(super) fn without_secrets(said: String, value: &Value, key: &str) -> String {
    match value {
        Value::Mapping(members) => members.iter().fold(said, |said, (name, value)| {
            without_secrets(said, value, name.as_str().unwrap_or_default())
        }),
        Value::Sequence(list) => list.iter().fold(said, |said, value| without_secrets(said, value, key)),
        value if is_secret(key) => match serde_yaml::to_string(value) {
            Ok(text) if !text.trim().is_empty() => said.replace(text.trim(), HIDDEN),
            _ => said,
        },
        _ => said,
    }
}
