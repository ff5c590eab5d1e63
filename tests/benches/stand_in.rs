//! A daemon whose SFU is only a record in its runtime directory, so that what it splices TURN to is the bench's own.
use std::{
    fs::{self, File},
    net::SocketAddr,
};

use anyhow::{Context, Result};
use bedrud_tests::{Server, json, until};
use http::Method;

use crate::cases;

/// The daemon with what keeps it believing.
pub struct StandIn {
    server: Server,
    /// Where it speaks TLS.
    pub address: SocketAddr,
    _lock: File,
}

impl StandIn {
    /// Process id of the daemon.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }
}

/// Starts it with this pair; TURN goes on to `turn` on this machine.
pub async fn start((chain, key): &(String, String), turn: u16) -> Result<StandIn> {
    let mut server = cases::usual().tls(json!({"mode": "files"})).prepare();
    fs::write(server.path("cert.pem"), chain)?;
    fs::write(server.path("key.pem"), key)?;
    server.reconfigure(json!({
        "tls": {"certFile": server.path("cert.pem"), "keyFile": server.path("key.pem")},
        "server": {"maxConnectionsPerAddress": 20_000},
        "livekit": {"external": false, "binary": "/nowhere"},
    }));
    fs::create_dir_all(server.path("run"))?;
    // as `bedrud livekit` holds it
    let lock = File::create(server.path("run/livekit.lock"))?;
    lock.lock()?;
    let record = json!({
        "keeper": "unit",
        "supervisor": {"pid": std::process::id(), "started": started()?},
        "sfu": null,
        "status": {
            "state": "ready", "generation": 1, "pid": null, "since_ms": 0, "restarts": 0, "node": null,
            "ports": {"http": 9, "tcp": 9, "udp": {"mux": 9}, "turn": null, "turn_tcp": turn},
        },
    });
    fs::write(server.path("run/livekit.json"), record.to_string())?;
    server.spawn();
    let socket = server.socket();
    until("the control socket", async || socket.exists().then_some(())).await;
    let status = server.control(Method::GET, "/v1/status", None).await.json();
    let address = status["httpAddress"].as_str().context("an address")?.parse()?;
    Ok(StandIn { server, address, _lock: lock })
}

/// Clock ticks after boot at which this process began (proc(5), field 22 of stat).
fn started() -> Result<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').context("no process name")?.1;
    Ok(fields.split_whitespace().nth(19).context("a short line")?.parse()?)
}
