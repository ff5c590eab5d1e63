//! What handlers of the operator's door are given, built once by `app`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Instant};

use tokio_util::sync::CancellationToken;

use crate::{
    accounts::Accounts, backup::Backup, config::View, livekit::Sfu, programs::Seen, rooms::Rooms,
    settings::Settings, store::Store, telemetry::Recent, tls::Tls, webhooks::Webhooks,
};

/// What every handler of this door is given.
pub type Context = crate::door::Context<Parts>;

/// The parts behind a [`Context`].
pub struct Parts {
    /// For plain reads without a decision.
    pub store: Store,
    /// Who somebody is.
    pub accounts: Accounts,
    /// What may happen in a room.
    pub rooms: Rooms,
    /// What may be changed while it runs.
    pub settings: Settings,
    /// Whom outside we tell what happens.
    pub webhooks: Webhooks,
    /// The SFU, to be shown.
    pub sfu: Sfu,
    /// The programs beside this one that are ours, to be counted.
    pub programs: Vec<Seen>,
    /// The certificate; none where this server ends no TLS.
    pub tls: Option<Tls>,
    /// The whole server in one file.
    pub backup: Backup,
    /// The newest log lines.
    pub recent: Recent,
    /// Cancelled when the daemon stops; streams end with it.
    pub shutdown: CancellationToken,
    /// When the daemon began to serve.
    pub started: Instant,
    /// Address and port of the public door, as bound.
    pub http_address: SocketAddr,
    /// With TLS, where plain HTTP is sent to https.
    pub plain_address: Option<SocketAddr>,
    /// The URL people type, as it is now.
    pub public_url: Arc<dyn Fn() -> String + Send + Sync>,
    /// The configuration, to be shown.
    pub config: View,
    /// The host name people type, where there is one.
    pub domain: Option<String>,
    /// Whether much more is logged than a server needs.
    pub is_verbose: bool,
    /// This door.
    pub socket: PathBuf,
    /// State directory.
    pub state: PathBuf,
    /// Runtime directory.
    pub runtime: PathBuf,
}
