//! Opens what can fail for a reason outside the program: socket, database, port, SFU. Every problem is told at once.

use std::net::Ipv4Addr;

use tokio::net::{TcpListener, UnixListener};

use super::{given::Given, listeners::Listeners, names};
use crate::{
    backup,
    config::{Config, Paths, Problems},
    livekit::{self, Prepared},
    serve::{self, SocketGuard},
    store::{Address, Place, Store},
    tls::Tls,
};

/// All that has to be there before anything is served.
pub(super) struct Opened {
    pub(super) operators: (UnixListener, SocketGuard),
    pub(super) store: Store,
    /// Where people come: one, or one of each family; never none.
    pub(super) listeners: Vec<TcpListener>,
    /// The SFU's webhooks, where they do not come to `listener`.
    pub(super) webhooks: Option<TcpListener>,
    /// Where figures are given out on loopback.
    pub(super) metrics: Option<TcpListener>,
    pub(super) secure: Option<Secure>,
    pub(super) prepared: Prepared,
}

/// What there is beside the listener where this server ends TLS.
pub(super) struct Secure {
    pub(super) tls: Tls,
    /// Port 80, in the same way.
    pub(super) plain: Vec<TcpListener>,
}

/// Opens everything, or says everything that is in the way.
pub(super) async fn open(config: &Config, paths: &Paths) -> Result<Opened, Problems> {
    // first of all: a second daemon must not touch the database of the one that runs
    let (mut given, socket) = (Given::take(), paths.control_socket());
    let operators = match given.control() {
        Some(listener) => serve::adopt(listener, &socket),
        // no group of ours, and no account of root's, is needed to reach it: who may do what is asked of the kernel
        None => serve::bind(&socket, 0o666),
    };
    let operators = operators.map_err(|e| socket_problem(paths, &e))?;
    let mut problems = Problems::default();
    config.check_ports(&mut problems);
    let opened = store(config, paths, &mut problems).await;
    let mut ports = Listeners { given, problems: &mut problems };
    let hosts = config.hosts();
    let listeners = ports.open(&hosts, config.port(), "server.port").await;
    let plain = match config.http_port() {
        Some(port) => ports.open(&hosts, port, "server.httpPort").await,
        None => None,
    };
    let webhooks = match config.webhook_address() {
        (host, port) if config.has_own_webhook_port() => {
            ports.open(&[host], port, "livekit.webhookPort").await.and_then(|mut all| all.pop())
        }
        _ => None,
    };
    let metrics = match config.metrics.port {
        Some(port) => {
            let loopback = [Ipv4Addr::LOCALHOST.into()];
            ports.open(&loopback, port, "metrics.port").await.and_then(|mut all| all.pop())
        }
        None => None,
    };
    drop(ports);
    let prepared = livekit::prepare(config, paths, &mut problems).await;
    let addresses = prepared.as_ref().and_then(Prepared::node);
    let tls = tls(config, paths, names::all(config, addresses), &mut problems).await;
    // what is missing of these is among the problems
    let secure = tls.zip(plain).map(|(tls, plain)| Secure { tls, plain });
    match (opened, listeners, prepared) {
        (Some(store), Some(listeners), Some(prepared)) if problems.0.is_empty() => {
            Ok(Opened { operators, store, listeners, webhooks, metrics, secure, prepared })
        }
        _ => Err(problems),
    }
}

/// `None` without TLS, and where `problems` says why not.
async fn tls(config: &Config, paths: &Paths, names: Vec<String>, problems: &mut Problems) -> Option<Tls> {
    let (section, domain) = (config.tls.clone(), config.server.domain.clone());
    let directory = paths.state.join("tls");
    let opening = tokio::task::spawn_blocking(move || {
        let mut problems = Problems::default();
        (Tls::open(&section, domain.as_deref(), &names, &directory, &mut problems), problems)
    });
    match opening.await {
        Ok((tls, found)) => {
            problems.0.extend(found.0);
            tls
        }
        Err(e) => {
            problems.add("internal", "tls.mode", e.to_string());
            None
        }
    }
}

/// Where the database is, and the key that says so; a problem where that cannot be read.
pub(super) fn place(
    config: &Config,
    paths: &Paths,
    problems: &mut Problems,
) -> Option<(&'static str, Place)> {
    let Some(url) = &config.database.url else {
        let path = config.database.path.clone().unwrap_or_else(|| paths.state.join("bedrud.db"));
        return Some(("database.path", Place::File(path)));
    };
    match Address::read(url, |name| std::env::var(name).ok()) {
        Ok(address) => Some(("database.url", Place::Server(Box::new(address)))),
        Err(sentence) => {
            problems.add("invalid_value", "database.url", sentence);
            None
        }
    }
}

async fn store(config: &Config, paths: &Paths, problems: &mut Problems) -> Option<Store> {
    let (key, place) = place(config, paths, problems)?;
    let connections = config.database.max_open_conns.unwrap_or_else(pool_size);
    let state = paths.state.clone();
    let opening = tokio::task::spawn_blocking(move || {
        let file = match &place {
            Place::File(path) => Some(path.as_path()),
            Place::Server(_) => None,
        };
        let restored = backup::apply(&state, file);
        let opened = Store::open(place.clone(), connections);
        match (restored, opened) {
            (None, opened) => opened,
            (Some(restored), Ok(store)) => {
                restored.confirm();
                Ok(store)
            }
            (Some(restored), Err(e)) => {
                tracing::error!(code = e.code, "the restored database cannot be used: {e}");
                restored.back();
                Store::open(place, connections)
            }
        }
    });
    match opening.await {
        Ok(Ok(store)) => return Some(store.held_by(&names::holder(paths))),
        Ok(Err(e)) => problems.add(e.code, key, e.sentence),
        Err(e) => problems.add("internal", key, e.to_string()),
    }
    None
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
