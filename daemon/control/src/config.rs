//! `GET /v1/config`: the configuration of the file, as it runs.

use serde::{Deserialize, Serialize};

/// The answer. Secrets are hidden.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Config {
    /// Where it was read from; none where there is no file.
    pub file: Option<String>,
    /// Every key.
    pub values: Vec<ConfigValue>,
    /// What the file says now and does not run yet.
    pub pending: Vec<PendingValue>,
    /// Why the file as it is now would be refused, line by line; then `pending` is empty.
    pub problems: Vec<String>,
}

/// One key of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConfigValue {
    /// Dotted: `server.port`.
    pub key: String,
    /// As it runs; empty where nothing is set.
    pub value: String,
    /// As it is unless the file says otherwise.
    pub default: String,
    /// Who says it: `default`, `file` or `environment`.
    #[serde(default)]
    pub from: String,
}

/// One key whose value in the file is another one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingValue {
    /// Dotted: `server.port`.
    pub key: String,
    /// As it runs.
    pub running: String,
    /// As the file says now.
    pub file: String,
    /// What makes it run: `reload` or `restart`.
    pub needs: String,
}
