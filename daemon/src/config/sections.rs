//! The sections of the file with their defaults. `config/config.yaml` in the repository shows every key; a test keeps it true.

use std::{net::IpAddr, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Provider;

/// Listener, public name, proxies in front, general limits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Server {
    /// Address to bind, not the one told to clients. Without it every interface; without TLS loopback.
    pub host: Option<IpAddr>,
    /// TCP port; 443, or 8090 without TLS. 0 picks a free one.
    pub port: Option<u16>,
    /// With TLS, where plain HTTP answers ACME servers and sends everybody else to https; 80. 0 picks a free one.
    pub http_port: Option<u16>,
    /// Public host name.
    pub domain: Option<String>,
    /// Public URL when a proxy in front ends TLS, such as `https://meet.example.org`.
    #[serde(rename = "frontendURL")]
    pub frontend_url: Option<String>,
    /// Sites that may show the page in a frame of theirs, such as `https://intranet.example.org`.
    pub frame_ancestors: Vec<String>,
    /// The largest `maxParticipants` a room may have.
    pub max_participants_limit: u32,
    /// Rooms one account may own at a time.
    pub max_rooms_per_user: u32,
    /// Addresses or networks (CIDR) whose word about client addresses counts.
    pub trusted_proxies: Vec<String>,
    /// The header in which they say it.
    pub proxy_header: String,
    /// Whether trusted proxies begin every connection with a PROXY header of version 2.
    pub proxy_protocol: bool,
    /// Open connections in all.
    pub max_connections: usize,
    /// Of these from one IPv4 address or one IPv6 network of 64 bits; trusted proxies are not counted.
    pub max_connections_per_address: usize,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            http_port: None,
            domain: None,
            frontend_url: None,
            frame_ancestors: Vec::new(),
            max_participants_limit: 1000,
            max_rooms_per_user: 100,
            trusted_proxies: Vec::new(),
            proxy_header: "X-Forwarded-For".to_owned(),
            proxy_protocol: false,
            max_connections: 20_000,
            max_connections_per_address: 2_000,
        }
    }
}

/// Where accounts and rooms are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Database {
    /// SQLite file; without it `bedrud.db` in the state directory. Absolute.
    pub path: Option<PathBuf>,
    /// PostgreSQL instead: `postgres://USER@HOST/DATABASE`, with libpq's parameters. A password is better kept in a file that
    /// `passfile=` names.
    pub url: Option<String>,
    /// Connections in the pool; without it, sized from the cores.
    pub max_open_conns: Option<u32>,
}

/// The SFU.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Livekit {
    /// True: somebody else runs it; no child, no proxy.
    pub external: bool,
    /// WebSocket URL given to clients; derived when the SFU is ours.
    pub host: Option<String>,
    /// URL for our own calls; derived when the SFU is ours.
    pub internal_host: Option<String>,
    /// API key; generated once when the SFU is ours.
    pub api_key: Option<String>,
    /// API secret in the file itself; `apiSecretFile` is better.
    pub api_secret: Option<String>,
    /// File that holds the API secret.
    pub api_secret_file: Option<PathBuf>,
    /// Believe any certificate of an external SFU.
    #[serde(rename = "skipTLSVerify")]
    pub skip_tls_verify: bool,
    /// A LiveKit configuration of your own instead of the generated one.
    pub config_path: Option<PathBuf>,
    /// The program; else next to the daemon, then in PATH.
    pub binary: Option<PathBuf>,
    /// Address told to clients, `v4`, `v6` or `v4,v6`; detected when absent.
    #[serde(rename = "nodeIP")]
    pub node_ip: Option<String>,
    /// Signalling and API port on loopback; 0 picks a free one, as below.
    pub port: u16,
    /// Media over TCP.
    pub tcp_port: u16,
    /// Media over UDP, all on one port.
    pub udp_port: u16,
    /// Media over UDP on a port each, such as `50000-60000`, instead of `udpPort`.
    pub udp_port_range: Option<String>,
    /// With TLS, where the SFU's own webhooks are taken, on loopback; 0 picks a free one.
    pub webhook_port: u16,
    /// Relay for those whose network is in the way; also the only STUN server clients are told.
    pub turn: Turn,
}

impl Default for Livekit {
    fn default() -> Self {
        Self {
            external: false,
            host: None,
            internal_host: None,
            api_key: None,
            api_secret: None,
            api_secret_file: None,
            skip_tls_verify: false,
            config_path: None,
            binary: None,
            node_ip: None,
            port: 7880,
            tcp_port: 7881,
            udp_port: 7882,
            udp_port_range: None,
            webhook_port: 7879,
            turn: Turn::default(),
        }
    }
}

/// Relay for those whose network is in the way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Turn {
    /// Off leaves clients without a STUN server of ours.
    pub enabled: bool,
    /// UDP port; 0 picks a free one.
    pub udp_port: u16,
    /// With TLS, the SFU's own port for TURN that came in through 443; 0 picks a free one. Nobody outside needs it.
    pub tcp_port: u16,
}

impl Default for Turn {
    fn default() -> Self {
        Self { enabled: true, udp_port: 3478, tcp_port: 5349 }
    }
}

/// Lifetimes of tokens, whose mail address has to be proven, and by whom else people may sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Auth {
    /// How long an access token opens the API.
    pub access_token_minutes: u32,
    /// How long a session lives without being used.
    pub refresh_token_days: u32,
    /// Whether only those come in whose mail address is proven; guests have none.
    pub require_email_verification: bool,
    /// How long the link serves that proves a mail address.
    pub verification_token_hours: u32,
    /// How long the link serves by which a new password is set.
    pub reset_token_hours: u32,
    /// Servers of others that say who somebody is.
    pub providers: Vec<Provider>,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            access_token_minutes: 15,
            refresh_token_days: 7,
            require_email_verification: false,
            verification_token_hours: 24,
            reset_token_hours: 1,
            providers: Vec::new(),
        }
    }
}

/// Other web origins that may call the API.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Cors {
    /// Exact origins, such as `https://app.example.org`; `*` is refused.
    pub allowed_origins: Vec<String>,
}

/// Tries per window and client address; `max: 0` switches one off.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RateLimit {
    /// Register, set-up, password; wrong sign-ins.
    pub auth: Window,
    /// Rooms that a guest asks for and that are not there; guests made, twenty times as many.
    pub guest: Window,
    /// Join tokens of one person; rooms asked for that are not there.
    pub join: Window,
    /// Creating, changing, refreshing.
    pub api: Window,
}

impl Default for RateLimit {
    fn default() -> Self {
        let window = |max| Window { max, window_seconds: 60 };
        Self { auth: window(10), guest: window(5), join: window(30), api: window(30) }
    }
}

/// So many tries in so many seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    /// Tries; 0 means no limit.
    pub max: u32,
    /// Length of the window in seconds.
    pub window_seconds: u32,
}

/// What webhooks may reach.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Webhooks {
    /// Addresses or networks (CIDR) that are not of the internet, and that may be called all the same.
    pub allowed_networks: Vec<String>,
}

/// Figures for Prometheus; they are on the control socket in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Metrics {
    /// On loopback as well, at this port, for everybody on this machine; 0 picks a free one.
    pub port: Option<u16>,
}

/// What is logged, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: LogLevel,
    /// Without it: journald fields under systemd, text on a terminal, else JSON.
    pub format: Option<LogFormat>,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: LogLevel::Info, format: None }
    }
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Native fields of systemd-journald.
    Journald,
    /// One JSON object a line on stderr.
    Json,
    /// For people, on stderr.
    Text,
}
