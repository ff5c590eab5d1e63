//! `/v1/database`: where accounts and rooms are kept.

use serde::{Deserialize, Serialize};

/// `GET /v1/database`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseStatus {
    /// `sqlite` or `postgres`.
    pub kind: String,
    /// A path, or host, port and database.
    pub place: String,
    /// What keeps it from being written to, and what to do; empty when nothing does.
    pub problem: String,
    /// The move that goes on, or the last one since the daemon started.
    pub moving: Option<DatabaseMove>,
}

/// A move of everything into another database.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseMove {
    /// Where to: a path, or host, port and database.
    pub to: String,
    /// `copying`, `finishing`, `done` or `failed`.
    pub stage: String,
    /// Rows copied so far.
    pub rows: u64,
    /// Rows there were when it began.
    pub of: u64,
    /// How long it has taken.
    pub milliseconds: u64,
    /// How long nobody could write.
    pub held_milliseconds: u64,
    /// Why it failed; empty when it did not.
    pub failure: String,
}

/// `POST /v1/database/move`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDatabase {
    /// `postgres://…`, or the absolute path of a file.
    pub to: String,
}

/// `GET /v1/database/check`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseCheck {
    /// What is wrong, a sentence each; empty when it is whole.
    pub complaints: Vec<String>,
}
