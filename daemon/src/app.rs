//! The composition root: builds every part once, in order, runs them, and stops them in the opposite order.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::task::TaskTracker;

use crate::{
    accounts::Accounts,
    config::{Config, Paths, Problems},
    control,
    error::Error,
    http, jobs,
    limits::Limits,
    livekit::{self, Proxy},
    rooms::{self, Rooms},
    serve::{self, Serving, Shutdown, Trust},
    settings::Settings,
    store::Store,
    telemetry::Recent,
};

/// How long requests in flight may take to end.
const GRACE: Duration = Duration::from_secs(5);
/// How long people may stay in the SFU of this process after a stop was asked.
const LEAVING: Duration = Duration::from_secs(2);

/// Runs the meeting server until SIGTERM or SIGINT.
pub async fn run(config: Config, paths: Paths, recent: Recent) -> Result<(), Problems> {
    let mut problems = Problems::default();
    // first of all: a second daemon must not touch the database of the one that runs
    let operators = match serve::bind(&paths.control_socket(), 0o660) {
        Ok(bound) => bound,
        Err(e) => return Err(socket_problem(&paths, &e)),
    };
    let path = config.database.path.clone().unwrap_or_else(|| paths.state.join("bedrud.db"));
    let connections = config.database.max_open_conns.unwrap_or_else(pool_size);
    let store = tokio::task::spawn_blocking(move || Store::open(&path, connections)).await;
    let store = match store {
        Ok(Ok(store)) => Some(store),
        Ok(Err(e)) => {
            problems.add(e.code, "database.path", e.sentence);
            None
        }
        Err(e) => {
            problems.add("internal", "database.path", e.to_string());
            None
        }
    };
    let listener = match TcpListener::bind((config.server.host, config.server.port)).await {
        Ok(listener) => Some(listener),
        Err(e) => {
            let sentence = format!(
                "Port {} on {} cannot be bound: {e}. Stop the program that holds it, or choose another port.",
                config.server.port, config.server.host
            );
            problems.add("port_taken", "server.port", sentence);
            None
        }
    };
    let prepared = livekit::prepare(&config, &paths, &mut problems).await;
    let (Some(store), Some(listener), Some(prepared), true) =
        (store, listener, prepared, problems.0.is_empty())
    else {
        return Err(problems);
    };
    let address = listener.local_addr().map_err(internal)?;
    let settings = Settings::new(store.clone());
    let limits = Limits::open(store.clone(), config.rate_limit.clone()).await.map_err(part)?;
    let accounts =
        Accounts::open(store.clone(), limits.clone(), settings.clone(), config.auth.clone(), &paths.state);
    let accounts = accounts.await.map_err(part)?;
    let sfu = prepared.start(&webhook_url(address)).map_err(|e| {
        problems.add(e.code, "livekit", e.to_string());
        problems
    })?;

    let shutdown = Shutdown::default();
    let url = config.public_url(address.port());
    let rooms = Rooms::new(rooms::Parts {
        store: store.clone(),
        livekit_host: config.livekit_url(&url),
        max_participants_limit: config.server.max_participants_limit,
        max_rooms_per_user: config.server.max_rooms_per_user,
        proxy: Proxy::new(sfu.clone(), shutdown.upgraded.clone(), shutdown.token.clone()),
        sfu: sfu.clone(),
    });
    let context = http::Context::new(http::Parts {
        store: store.clone(),
        accounts: accounts.clone(),
        rooms: rooms.clone(),
        limits: limits.clone(),
        settings,
        cookies: http::Cookies::new(&url, config.auth.access_token_minutes, config.auth.refresh_token_days),
    });
    let desk = control::Context::new(control::Parts {
        store: store.clone(),
        accounts: accounts.clone(),
        rooms: rooms.clone(),
        sfu: sfu.clone(),
        recent,
        shutdown: shutdown.token.clone(),
        started: Instant::now(),
        http_address: address,
        public_url: url.clone(),
        state: paths.state,
        runtime: paths.runtime,
    });
    let serving = Serving::new(shutdown.clone());
    let trust = Trust::new(&config.server.trusted_proxies, &config.server.proxy_header);
    serving.tcp(listener, http::router(context), trust);
    let (operators, _socket) = operators;
    serving.unix(operators, control::router(desk));
    tokio::spawn(limits.clone().keep(shutdown.token.clone()));
    tokio::spawn(accounts.clone().keep(shutdown.token.clone()));
    let clock = TaskTracker::new();
    jobs::start(&rooms, &clock, &shutdown.token);
    tracing::info!(%address, "ready at {url}");
    if let Some(token) = accounts.setup_token() {
        // a secret, though a short-lived one: for whoever started the daemon, not for the log
        eprintln!("Set up this server: {url}/setup#{token}");
    }

    stop_asked().await.map_err(internal)?;
    tracing::info!("stopping");
    serving.finish(GRACE).await;
    clock.close();
    clock.wait().await;
    sfu.stop(LEAVING).await;
    limits.flush().await.map_err(part)?;
    tracing::info!("stopped");
    Ok(())
}

/// The SFU is on this machine, so a listener on all interfaces is called on loopback.
fn webhook_url(address: SocketAddr) -> String {
    let host = if address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { address.ip() };
    format!("http://{}/api/livekit/webhook", SocketAddr::new(host, address.port()))
}

fn pool_size() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    u32::try_from(cores.saturating_mul(2).clamp(4, 32)).unwrap_or(4)
}

fn socket_problem(paths: &Paths, error: &std::io::Error) -> Problems {
    let (socket, mut problems) = (paths.control_socket(), Problems::default());
    if error.kind() == std::io::ErrorKind::AddrInUse {
        let s = format!(
            "A daemon runs already: it holds {}. Stop it first, or give this one directories of its own with --state-dir and --runtime-dir.",
            socket.display()
        );
        problems.add("already_running", "runtime-dir", s);
    } else {
        let s = format!(
            "The control socket {} cannot be made: {error}. Check the owner and mode of its directory.",
            socket.display()
        );
        problems.add("control_socket", "runtime-dir", s);
    }
    problems
}

fn part(error: Error) -> Problems {
    let mut problems = Problems::default();
    problems.add(error.code, "start", error.to_string());
    problems
}

fn internal(error: std::io::Error) -> Problems {
    let mut problems = Problems::default();
    problems.add("internal", "start", error.to_string());
    problems
}

async fn stop_asked() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
