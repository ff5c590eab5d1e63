//! The composition root: builds every part once, in order, runs them, and stops them in the opposite order.

mod alone;
mod certificate;
mod check;
mod given;
mod listeners;
mod names;
mod open;
mod reload;
mod replaced;
mod shown;
mod signals;
mod systemd;

pub use alone::run_alone;
pub use check::check;
pub use reload::Reload;
pub use signals::hold_hangups;

use std::{
    io::IsTerminal,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::{
    accounts::{self, Accounts},
    backup::Backup,
    config::{Config, LogLevel, Paths, Problems, View},
    control,
    error::Error,
    http, jobs,
    limits::Limits,
    livekit::{Proxy, Sfu},
    mail::Mail,
    network::Network,
    outbox::Outbox,
    providers::Providers,
    rooms::{self, Rooms},
    serve::{self, Caps, Serving, Shutdown, Trust},
    settings::Settings,
    store::{Store, events},
    telemetry::Recent,
    tls::Tls,
    webhooks::Webhooks,
};
use shown::Shown;
use signals::{Asked, Signals};

/// How long requests in flight may take to end.
const GRACE: Duration = Duration::from_secs(5);
/// How long people may stay in the SFU of this process after a stop was asked.
const LEAVING: Duration = Duration::from_secs(2);

/// The deciding parts and what they stand on.
struct Parts {
    store: Store,
    outbox: Outbox,
    settings: Settings,
    limits: Limits,
    accounts: Accounts,
    mail: Mail,
    rooms: Rooms,
    webhooks: Webhooks,
    sfu: Sfu,
    shutdown: Shutdown,
    tls: Option<Tls>,
    addresses: Addresses,
    url: names::Url,
}

/// Where this process really listens.
#[derive(Clone, Copy)]
struct Addresses {
    http: SocketAddr,
    webhooks: SocketAddr,
    /// Port 80, beside TLS.
    plain: Option<SocketAddr>,
}

/// Runs the meeting server until SIGTERM or SIGINT.
pub async fn run(mut reload: Reload, paths: Paths, recent: Recent) -> Result<(), Problems> {
    // before anything serves: whoever sees us serve may stop us the next moment, and a stop has an order
    let mut signals = Signals::new().map_err(|e| part(Error::internal(e)))?;
    let config = reload.running().clone();
    let opened = open::open(&config, &paths).await?;
    recent.go_on(&paths.state);
    let open::Opened { operators, store, listeners, webhooks, metrics, secure, prepared } = opened;
    let addresses = Addresses::of(&listeners, webhooks.as_ref(), secure.as_ref())
        .map_err(|e| part(Error::internal(e)))?;
    let tls = secure.as_ref().map(|secure| secure.tls.clone());
    let parts = build(&config, &paths, store, prepared, addresses, tls).await.map_err(part)?;

    let clock = TaskTracker::new();
    let serving = listen(&config, &parts, listeners, webhooks, secure, &clock).map_err(part)?;
    let (operators, _socket) = operators;
    let backup = Backup::new(parts.store.clone(), paths.state.clone());
    let door = operators_door(&config, reload.view(), paths, &parts, recent, backup);
    if let Some(metrics) = metrics {
        serving.local(metrics, control::metrics_router(door.clone()));
    }
    serving.unix(operators, control::router(door));
    let states = jobs::Parts { store: parts.store.clone(), sfu: parts.sfu.clone(), tls: parts.tls.clone() };
    let deciding = jobs::Deciding {
        rooms: parts.rooms.clone(),
        outbox: parts.outbox.clone(),
        settings: parts.settings.clone(),
        webhooks: parts.webhooks.clone(),
    };
    jobs::start(deciding, states, &clock, &parts.shutdown.token);
    let letters =
        jobs::Letters { mail: parts.mail.clone(), accounts: parts.accounts.clone(), url: parts.url.clone() };
    jobs::send(letters, &clock, &parts.shutdown.token);
    tell(&parts.store, "daemon.started").await;
    tokio::spawn(parts.limits.clone().keep(parts.shutdown.token.clone()));
    tokio::spawn(parts.accounts.clone().keep(parts.shutdown.token.clone()));
    tracing::info!(address = %addresses.http, "ready at {}", (parts.url)());
    let shown = Shown::new(&parts.url, &parts.store);
    let told = shown.sentence().await;
    systemd::ready(&told, parts.shutdown.token.clone(), serving.event_loops());
    tokio::spawn(shown.clone().keep(told, parts.shutdown.token.clone()));
    if let Some(token) = parts.accounts.setup_token() {
        offer_setup(&(parts.url)(), &token);
    }

    loop {
        match signals.next().await {
            Asked::Stop => break,
            Asked::Reload => read_again(&mut reload, &parts, &shown).await,
            Asked::RestartSfu => {
                if let Err(e) = parts.sfu.restart().await {
                    tracing::error!(code = e.code, "{e}");
                }
            }
        }
    }
    systemd::stopping();
    tracing::info!("stopping");
    tell(&parts.store, "daemon.stopping").await;
    tokio::select! {
        ended = wind_down(serving, clock, &parts) => ended.map_err(part)?,
        () = signals.stop() => tracing::warn!("asked again: ending at once"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// For whoever follows the events.
async fn tell(store: &Store, kind: &'static str) {
    let detail = format!("version {}, process {}", env!("CARGO_PKG_VERSION"), std::process::id());
    let event = events::Event { kind: kind.to_owned(), detail, ..events::Event::default() };
    if let Err(e) = store.run(move |connection| events::write(connection, &event)).await {
        tracing::warn!(code = e.code, "whoever follows the events is not told: {e}");
    }
}

/// The set-up link is a secret: for whoever started the daemon and looks on, never for a log.
fn offer_setup(url: &str, token: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("Set up this server: {url}/setup#{token}");
    } else {
        tracing::info!("nobody administers this server yet; `bedrudctl setup` prints the link for the first");
    }
}

/// Takes over what of the configuration may change, and the certificate files.
async fn read_again(reload: &mut Reload, parts: &Parts, shown: &Shown) {
    systemd::reloading();
    let new = reload.again().map(|config| (config.rate_limit.clone(), config.mail.clone()));
    let is_refused = new.is_none();
    if let Some((rates, mail)) = new {
        parts.limits.change(rates);
        parts.mail.change(mail);
    }
    if let Some(tls) = &parts.tls {
        tls.read_again().await;
    }
    tell(&parts.store, if is_refused { "daemon.reload_refused" } else { "daemon.reloaded" }).await;
    systemd::reloaded(&shown.sentence().await, is_refused);
}

/// Ends what goes on, step by step, each within its time.
async fn wind_down(serving: Serving, clock: TaskTracker, parts: &Parts) -> Result<(), Error> {
    serving.finish(GRACE).await;
    clock.close();
    clock.wait().await;
    parts.sfu.stop(LEAVING).await;
    parts.store.release_leases().await?;
    parts.limits.flush().await
}

/// The public listeners: one without TLS, or 443 with port 80 beside it; and the SFU's own.
fn listen(
    config: &Config,
    parts: &Parts,
    listeners: Vec<TcpListener>,
    webhooks: Option<TcpListener>,
    secure: Option<open::Secure>,
    clock: &TaskTracker,
) -> Result<Serving, Error> {
    let server = &config.server;
    let trust =
        Trust::new(&server.trusted_proxies, &server.proxy_header).with_proxy_protocol(server.proxy_protocol);
    let caps = Caps { connections: server.max_connections, per_address: server.max_connections_per_address };
    let serving = Serving::new(parts.shutdown.clone(), caps, trust).map_err(Error::internal)?;
    let public = public_door(config, parts);
    if let Some(webhooks) = webhooks {
        serving.local(webhooks, http::sfu_router(public.clone()));
    }
    let Some(open::Secure { tls, plain }) = secure else {
        for listener in listeners {
            serving.plain(listener, http::door(public.clone()));
        }
        return Ok(serving);
    };
    let domain = server.domain.is_some().then(|| config.host_name(None));
    let port = parts.addresses.http.port();
    for plain in plain {
        serving.plain(plain, http::plain_router(tls.challenges().clone(), domain.clone(), port));
    }
    let sfu = parts.sfu.clone();
    let secure = serve::Secure::new(tls.settings(), Arc::new(move || sfu.turn()));
    for listener in listeners {
        serving.secure(listener, secure.clone(), http::door(public.clone()));
    }
    let stop = parts.shutdown.token.clone();
    let follows = names::follow(config.clone(), tls.clone(), parts.sfu.clone());
    let kept = certificate::keep(tls, parts.store.clone());
    clock.spawn(async move { stop.run_until_cancelled(async { tokio::join!(kept, follows) }).await });
    Ok(serving)
}

async fn build(
    config: &Config,
    paths: &Paths,
    store: Store,
    prepared: crate::livekit::Prepared,
    addresses: Addresses,
    tls: Option<Tls>,
) -> Result<Parts, Error> {
    let settings = Settings::new(store.clone());
    let limits = Limits::open(store.clone(), config.rate_limit.clone()).await?;
    let outbox = Outbox::new(store.clone());
    let auth = config.auth.clone();
    // browsers make no passkeys for addresses, and a name that this server does not know is none to promise
    let named = (!config.is_nameless()).then(|| config.public_url(addresses.http.port(), None));
    let mail = Mail::new(store.clone(), config.mail.clone(), config.server.domain.as_deref());
    let base = accounts::Base {
        store: store.clone(),
        outbox: outbox.clone(),
        limits: limits.clone(),
        settings: settings.clone(),
        mail: mail.clone(),
        providers: Providers::new(&config.auth.providers),
    };
    let accounts = Accounts::open(base, auth, &paths.state, named.as_deref()).await?;
    let sfu = prepared.start(&webhook_url(addresses.webhooks))?;
    let relay = names::relay_url(config, addresses.http.port(), &sfu);
    let url = names::url(config, addresses.http.port(), &sfu);
    let shutdown = Shutdown::default();
    let allowed = config.webhooks.allowed_networks.iter().filter_map(|text| Network::parse(text));
    let webhooks = Webhooks::new(store.clone(), allowed.collect());
    let rooms = Rooms::new(rooms::Parts {
        store: store.clone(),
        outbox: outbox.clone(),
        max_participants_limit: config.server.max_participants_limit,
        max_rooms_per_user: config.server.max_rooms_per_user,
        proxy: Proxy::new(sfu.clone(), relay, shutdown.upgraded.clone(), shutdown.token.clone()),
        sfu: sfu.clone(),
    });
    Ok(Parts {
        store,
        outbox,
        settings,
        limits,
        accounts,
        mail,
        rooms,
        webhooks,
        sfu,
        shutdown,
        tls,
        addresses,
        url,
    })
}

fn public_door(config: &Config, parts: &Parts) -> http::Context {
    let auth = &config.auth;
    http::Context::new(http::Parts {
        store: parts.store.clone(),
        accounts: parts.accounts.clone(),
        rooms: parts.rooms.clone(),
        limits: parts.limits.clone(),
        settings: parts.settings.clone(),
        webhooks: parts.webhooks.clone(),
        tls: parts.tls.clone(),
        started: Instant::now(),
        origins: http::Origins::new(&(parts.url)(), &config.cors.allowed_origins),
        sites: http::Sites::new(&config.cors.allowed_origins, &config.server.frame_ancestors),
        sfu_url: names::sfu_url(config, &parts.url),
        stop: parts.shutdown.token.clone(),
        cookies: http::Cookies::new(&(parts.url)(), auth.access_token_minutes, auth.refresh_token_days),
    })
}

fn operators_door(
    config: &Config,
    view: View,
    paths: Paths,
    parts: &Parts,
    recent: Recent,
    backup: Backup,
) -> control::Context {
    control::Context::new(control::Parts {
        store: parts.store.clone(),
        accounts: parts.accounts.clone(),
        rooms: parts.rooms.clone(),
        settings: parts.settings.clone(),
        webhooks: parts.webhooks.clone(),
        sfu: parts.sfu.clone(),
        programs: vec![parts.sfu.seen()],
        tls: parts.tls.clone(),
        backup,
        recent,
        shutdown: parts.shutdown.token.clone(),
        started: Instant::now(),
        http_address: parts.addresses.http,
        plain_address: parts.addresses.plain,
        public_url: parts.url.clone(),
        config: view,
        domain: config.server.domain.clone(),
        is_verbose: matches!(config.log.level, LogLevel::Debug | LogLevel::Trace),
        socket: paths.control_socket(),
        state: paths.state,
        runtime: paths.runtime,
    })
}

impl Addresses {
    fn of(
        listeners: &[TcpListener],
        webhooks: Option<&TcpListener>,
        secure: Option<&open::Secure>,
    ) -> std::io::Result<Self> {
        let first = |all: &[TcpListener]| match all.first() {
            Some(one) => one.local_addr(),
            None => Err(std::io::ErrorKind::NotConnected.into()),
        };
        Ok(Self {
            http: first(listeners)?,
            webhooks: webhooks.map_or_else(|| first(listeners), TcpListener::local_addr)?,
            plain: secure.map(|secure| first(&secure.plain)).transpose()?,
        })
    }
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
