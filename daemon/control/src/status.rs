//! `GET /v1/status`: the daemon at a glance.

use serde::{Deserialize, Serialize};

use crate::Livekit;

/// What runs, since when, where, and who is in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Version of the daemon.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// Whole seconds since it began to serve.
    pub uptime_seconds: u64,
    /// Address and port really bound, such as `127.0.0.1:8090`.
    pub http_address: String,
    /// With TLS, where plain HTTP is sent to https.
    pub plain_address: Option<String>,
    /// The URL people type, without a slash at the end.
    pub public_url: String,
    /// Database and secrets.
    pub state_dir: String,
    /// Control socket and generated files.
    pub runtime_dir: String,
    /// Where accounts and rooms are kept.
    pub database: Database,
    /// How the SFU fares.
    pub livekit: Livekit,
    /// True while the server waits for its first administrator.
    pub setup_required: bool,
    /// Rooms with somebody inside.
    pub rooms: i64,
    /// People inside of any room.
    pub participants: i64,
}

/// Where accounts and rooms are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Database {
    /// `sqlite` or `postgres`.
    pub kind: String,
    /// False when it does not answer.
    pub answers: bool,
    /// What keeps it from answering or from being written to, and what to do; empty when nothing does.
    #[serde(default)]
    pub problem: String,
}
