//! The composition root: builds every part once, in order, runs them, and stops them in the opposite order.

mod open;
mod systemd;

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::task::TaskTracker;

use crate::{
    accounts::Accounts,
    config::{Config, Paths, Problems},
    control,
    error::Error,
    http, jobs,
    limits::Limits,
    livekit::{Proxy, Sfu},
    rooms::{self, Rooms},
    serve::{Serving, Shutdown, Trust},
    settings::Settings,
    store::Store,
    telemetry::Recent,
};

/// How long requests in flight may take to end.
const GRACE: Duration = Duration::from_secs(5);
/// How long people may stay in the SFU of this process after a stop was asked.
const LEAVING: Duration = Duration::from_secs(2);

/// The deciding parts and what they stand on.
struct Parts {
    store: Store,
    settings: Settings,
    limits: Limits,
    accounts: Accounts,
    rooms: Rooms,
    sfu: Sfu,
    shutdown: Shutdown,
    address: SocketAddr,
    url: String,
}

/// Runs the meeting server until SIGTERM or SIGINT.
pub async fn run(config: Config, paths: Paths, recent: Recent) -> Result<(), Problems> {
    // before anything serves: whoever sees us serve may stop us the next moment, and a stop has an order
    let stop = StopSignals::new().map_err(|e| part(Error::internal(e)))?;
    let opened = open::open(&config, &paths).await?;
    let address = opened.listener.local_addr().map_err(|e| part(Error::internal(e)))?;
    let parts = build(&config, &paths, opened.store, opened.prepared, address).await.map_err(part)?;

    let serving = Serving::new(parts.shutdown.clone());
    let trust = Trust::new(&config.server.trusted_proxies, &config.server.proxy_header);
    serving.tcp(opened.listener, http::router(public_door(&config, &parts)), trust);
    let (operators, _socket) = opened.operators;
    serving.unix(operators, control::router(operators_door(paths, &parts, recent)));
    let clock = TaskTracker::new();
    jobs::start(&parts.rooms, &clock, &parts.shutdown.token);
    tokio::spawn(parts.limits.clone().keep(parts.shutdown.token.clone()));
    tokio::spawn(parts.accounts.clone().keep(parts.shutdown.token.clone()));
    tracing::info!(%address, "ready at {}", parts.url);
    systemd::ready(&parts.url, parts.shutdown.token.clone());
    if let Some(token) = parts.accounts.setup_token() {
        // a secret, though a short-lived one: for whoever started the daemon, not for the log
        eprintln!("Set up this server: {}/setup#{token}", parts.url);
    }

    stop.asked().await;
    systemd::stopping();
    tracing::info!("stopping");
    serving.finish(GRACE).await;
    clock.close();
    clock.wait().await;
    parts.sfu.stop(LEAVING).await;
    parts.limits.flush().await.map_err(part)?;
    tracing::info!("stopped");
    Ok(())
}

async fn build(
    config: &Config,
    paths: &Paths,
    store: Store,
    prepared: crate::livekit::Prepared,
    address: SocketAddr,
) -> Result<Parts, Error> {
    let settings = Settings::new(store.clone());
    let limits = Limits::open(store.clone(), config.rate_limit.clone()).await?;
    let accounts =
        Accounts::open(store.clone(), limits.clone(), settings.clone(), config.auth.clone(), &paths.state)
            .await?;
    let sfu = prepared.start(&webhook_url(address))?;
    let (shutdown, url) = (Shutdown::default(), config.public_url(address.port()));
    let rooms = Rooms::new(rooms::Parts {
        store: store.clone(),
        livekit_host: config.livekit_url(&url),
        max_participants_limit: config.server.max_participants_limit,
        max_rooms_per_user: config.server.max_rooms_per_user,
        proxy: Proxy::new(sfu.clone(), shutdown.upgraded.clone(), shutdown.token.clone()),
        sfu: sfu.clone(),
    });
    Ok(Parts { store, settings, limits, accounts, rooms, sfu, shutdown, address, url })
}

fn public_door(config: &Config, parts: &Parts) -> http::Context {
    let auth = &config.auth;
    http::Context::new(http::Parts {
        store: parts.store.clone(),
        accounts: parts.accounts.clone(),
        rooms: parts.rooms.clone(),
        limits: parts.limits.clone(),
        settings: parts.settings.clone(),
        cookies: http::Cookies::new(&parts.url, auth.access_token_minutes, auth.refresh_token_days),
    })
}

fn operators_door(paths: Paths, parts: &Parts, recent: Recent) -> control::Context {
    control::Context::new(control::Parts {
        store: parts.store.clone(),
        accounts: parts.accounts.clone(),
        rooms: parts.rooms.clone(),
        sfu: parts.sfu.clone(),
        recent,
        shutdown: parts.shutdown.token.clone(),
        started: Instant::now(),
        http_address: parts.address,
        public_url: parts.url.clone(),
        state: paths.state,
        runtime: paths.runtime,
    })
}

/// The SFU is on this machine, so a listener on all interfaces is called on loopback.
fn webhook_url(address: SocketAddr) -> String {
    let host = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
    format!("http://{}/api/livekit/webhook", SocketAddr::new(host, address.port()))
}

fn part(error: Error) -> Problems {
    let mut problems = Problems::default();
    problems.add(error.code, "start", error.to_string());
    problems
}

/// SIGTERM and SIGINT (signal(7)), caught from the moment this exists.
struct StopSignals(Signal, Signal);

impl StopSignals {
    fn new() -> std::io::Result<Self> {
        Ok(Self(signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?))
    }

    async fn asked(mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
