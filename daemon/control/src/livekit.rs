//! `/v1/livekit`: the SFU.

use serde::{Deserialize, Serialize};

/// How the SFU fares.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Livekit {
    /// `starting`, `ready`, `failed` or `stopped`.
    pub state: String,
    /// True when its supervisor is ours, in the daemon or in `bedrud livekit`.
    pub is_ours: bool,
    /// Its process; none when it is somebody else's.
    pub pid: Option<u32>,
    /// Since when it answers, RFC 3339.
    pub ready_since: Option<String>,
    /// Starts again after a failure.
    pub restarts: u64,
    /// Where it listens; none when it is somebody else's.
    pub ports: Option<LivekitPorts>,
    /// The addresses told to clients; empty when not known.
    pub node_ip: String,
    /// How they were found: `configured`, `domain`, `outbound`, `interface` or `loopback`.
    pub node_ip_source: String,
    /// What to do about the addresses; empty when nothing.
    #[serde(default)]
    pub node_ip_advice: String,
    /// Why it failed; empty when it did not.
    pub failure: String,
    /// What it wrote last before it failed, oldest first.
    pub last_lines: Vec<String>,
}

/// The ports of an SFU of ours.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LivekitPorts {
    /// Signalling and API, loopback only.
    pub http: u16,
    /// Media over TCP.
    pub tcp: u16,
    /// Media over UDP: a port or a range.
    pub udp: String,
    /// Relay; none when it is off.
    pub turn_udp: Option<u16>,
}
