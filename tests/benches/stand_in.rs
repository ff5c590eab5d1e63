//! A daemon whose SFU is only a record in its runtime directory, so that what it splices people to is the bench's own.
use std::{
    fs::{self, File},
    net::SocketAddr,
};

use anyhow::{Context, Result};
use bedrud_tests::{Server, json};

use crate::{beside::Side, cases};

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

    /// The daemon beside another server.
    pub fn side(&self) -> Side {
        Side { name: "bedrud", address: self.address, processes: vec![self.pid()] }
    }

    /// A join token of somebody who may come in.
    pub async fn join_token(&self) -> String {
        let owner = self.server.user("owner").await;
        owner.room("standup").await;
        owner.join("standup").await.ok().text("token")
    }
}

/// Starts it with this pair; signalling goes on to the port `signals` on this machine, TURN to `turn`.
pub async fn start((chain, key): &(String, String), signals: u16, turn: u16) -> Result<StandIn> {
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
            "ports": {"http": signals, "tcp": 9, "udp": {"mux": 9}, "turn": null, "turn_tcp": turn},
        },
    });
    fs::write(server.path("run/livekit.json"), record.to_string())?;
    server.spawn();
    server.ready().await;
    Ok(StandIn { address: server.address(), server, _lock: lock })
}

/// Clock ticks after boot at which this process began (proc(5), field 22 of stat).
fn started() -> Result<u64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').context("no process name")?.1;
    Ok(fields.split_whitespace().nth(19).context("a short line")?.parse()?)
}
