//! Opens what can fail for a reason outside the program: socket, database, port, SFU. Every problem is told at once.

use std::{io::ErrorKind, net::IpAddr};

use tokio::net::{TcpListener, UnixListener};

use super::names;
use crate::{
    config::{Config, Paths, Problems},
    livekit::{self, Prepared},
    serve::{self, SocketGuard},
    store::Store,
    tls::Tls,
};

/// All that has to be there before anything is served.
pub(super) struct Opened {
    pub(super) operators: (UnixListener, SocketGuard),
    pub(super) store: Store,
    pub(super) listener: TcpListener,
    pub(super) secure: Option<Secure>,
    pub(super) prepared: Prepared,
}

/// What there is beside the listener where this server ends TLS.
pub(super) struct Secure {
    pub(super) tls: Tls,
    /// Port 80.
    pub(super) plain: TcpListener,
    /// The SFU's webhooks.
    pub(super) webhooks: TcpListener,
}

/// Opens everything, or says everything that is in the way.
pub(super) async fn open(config: &Config, paths: &Paths) -> Result<Opened, Problems> {
    // first of all: a second daemon must not touch the database of the one that runs
    let operators = serve::bind(&paths.control_socket(), 0o660).map_err(|e| socket_problem(paths, &e))?;
    let mut problems = Problems::default();
    let store = store(config, paths, &mut problems).await;
    let listener = listener(&config.hosts(), config.port(), "server.port", &mut problems).await;
    let prepared = livekit::prepare(config, paths, &mut problems).await;
    let addresses = prepared.as_ref().and_then(Prepared::node);
    let secure = secure(config, paths, names::all(config, addresses), &mut problems).await;
    match (store, listener, prepared) {
        (Some(store), Some(listener), Some(prepared)) if problems.0.is_empty() => {
            Ok(Opened { operators, store, listener, secure, prepared })
        }
        _ => Err(problems),
    }
}

/// `None` without TLS, and where `problems` says why not.
async fn secure(
    config: &Config,
    paths: &Paths,
    names: Vec<String>,
    problems: &mut Problems,
) -> Option<Secure> {
    let plain = listener(&config.hosts(), config.http_port()?, "server.httpPort", problems).await;
    let (host, port) = config.webhook_address();
    let webhooks = listener(&[host], port, "livekit.webhookPort", problems).await;
    let (section, directory) = (config.tls.clone(), paths.state.join("tls"));
    let opening = tokio::task::spawn_blocking(move || {
        let mut problems = Problems::default();
        (Tls::open(&section, &names, &directory, &mut problems), problems)
    });
    let tls = match opening.await {
        Ok((tls, found)) => {
            problems.0.extend(found.0);
            tls
        }
        Err(e) => {
            problems.add("internal", "tls.mode", e.to_string());
            None
        }
    };
    Some(Secure { tls: tls?, plain: plain?, webhooks: webhooks? })
}

async fn store(config: &Config, paths: &Paths, problems: &mut Problems) -> Option<Store> {
    let path = config.database.path.clone().unwrap_or_else(|| paths.state.join("bedrud.db"));
    let connections = config.database.max_open_conns.unwrap_or_else(pool_size);
    match tokio::task::spawn_blocking(move || Store::open(&path, connections)).await {
        Ok(Ok(store)) => return Some(store),
        Ok(Err(e)) => problems.add(e.code, "database.path", e.sentence),
        Err(e) => problems.add("internal", "database.path", e.to_string()),
    }
    None
}

/// Binds the first of `hosts` that works.
async fn listener(hosts: &[IpAddr], port: u16, key: &str, problems: &mut Problems) -> Option<TcpListener> {
    let mut failed = None;
    for host in hosts {
        match TcpListener::bind((*host, port)).await {
            Ok(listener) => return Some(listener),
            // the next one is for machines without IPv6, not for taken ports
            Err(e) if e.kind() == ErrorKind::AddrInUse => {
                failed = Some((host, e));
                break;
            }
            Err(e) => failed = Some((host, e)),
        }
    }
    let (host, e) = failed?;
    let (code, cure) = match e.kind() {
        ErrorKind::PermissionDenied => {
            ("port_forbidden", "Give the daemon CAP_NET_BIND_SERVICE or its sockets (bedrud.socket), or choose a port above 1023")
        }
        ErrorKind::AddrInUse => ("port_taken", "Stop the program that holds it, or choose another port"),
        _ => ("port_unusable", "Check server.host, or choose another port"),
    };
    problems.add(code, key, format!("Port {port} on {host} cannot be bound: {e}. {cure}."));
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
