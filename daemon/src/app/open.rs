//! Opens what can fail for a reason outside the program: socket, database, port, SFU. Every problem is told at once.

use tokio::net::{TcpListener, UnixListener};

use crate::{
    config::{Config, Paths, Problems},
    livekit::{self, Prepared},
    serve::{self, SocketGuard},
    store::Store,
};

/// All that has to be there before anything is served.
pub(super) struct Opened {
    pub(super) operators: (UnixListener, SocketGuard),
    pub(super) store: Store,
    pub(super) listener: TcpListener,
    pub(super) prepared: Prepared,
}

/// Opens everything, or says everything that is in the way.
pub(super) async fn open(config: &Config, paths: &Paths) -> Result<Opened, Problems> {
    // first of all: a second daemon must not touch the database of the one that runs
    let operators = serve::bind(&paths.control_socket(), 0o660).map_err(|e| socket_problem(paths, &e))?;
    let mut problems = Problems::default();
    let store = store(config, paths, &mut problems).await;
    let listener = listener(config, &mut problems).await;
    let prepared = livekit::prepare(config, paths, &mut problems).await;
    match (store, listener, prepared) {
        (Some(store), Some(listener), Some(prepared)) if problems.0.is_empty() => {
            Ok(Opened { operators, store, listener, prepared })
        }
        _ => Err(problems),
    }
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

async fn listener(config: &Config, problems: &mut Problems) -> Option<TcpListener> {
    let (host, port) = (config.server.host, config.server.port);
    match TcpListener::bind((host, port)).await {
        Ok(listener) => Some(listener),
        Err(e) => {
            let sentence = format!(
                "Port {port} on {host} cannot be bound: {e}. Stop the program that holds it, or choose another port."
            );
            problems.add("port_taken", "server.port", sentence);
            None
        }
    }
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
