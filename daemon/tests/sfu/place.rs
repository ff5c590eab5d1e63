//! A place of its own for each test, and an SFU in it.

use std::{path::PathBuf, time::Duration};

use bedrud::{
    config::{Config, Paths, Problems},
    livekit::{self, Sfu, State},
};

pub(crate) const GENEROUS: Duration = Duration::from_secs(20);

fn binary() -> PathBuf {
    let built = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../build/livekit-server");
    std::env::var_os("BEDRUD_LIVEKIT").map_or(built, PathBuf::from)
}

/// Directories and a configuration of its own; ports are picked.
pub(crate) struct Place {
    pub(crate) config: Config,
    pub(crate) paths: Paths,
    pub(crate) _directory: tempfile::TempDir,
}

pub(crate) fn place() -> Place {
    let directory = tempfile::tempdir().expect("directory");
    let mut config = Config::default();
    config.livekit.binary = Some(binary());
    config.livekit.port = 0;
    config.livekit.tcp_port = 0;
    config.livekit.udp_port = 0;
    config.livekit.turn.udp_port = 0;
    config.livekit.turn.tcp_port = 0;
    let (state, runtime) = (directory.path().join("state"), directory.path().join("run"));
    let paths = Paths::find(Some(state), Some(runtime)).expect("directories");
    Place { config, paths, _directory: directory }
}

impl Place {
    pub(crate) async fn prepared(&self) -> Result<livekit::Prepared, Problems> {
        let mut problems = Problems::default();
        let prepared = livekit::prepare(&self.config, &self.paths, &mut problems).await;
        prepared.filter(|_| problems.0.is_empty()).ok_or(problems)
    }

    pub(crate) async fn start(&self) -> Sfu {
        let prepared = self.prepared().await.expect("nothing in the way");
        prepared.start("http://127.0.0.1:9/api/livekit/webhook").expect("started")
    }
}

/// Waits until it answers; generation and process id.
pub(crate) async fn ready(sfu: &Sfu) -> (u64, u32) {
    let mut status = sfu.watch();
    let ready = status.wait_for(|s| s.generation().is_some());
    let ready = tokio::time::timeout(GENEROUS, ready).await.expect("in time").expect("a supervisor").clone();
    match ready.state {
        State::Ready { generation, pid, .. } => (generation, pid.expect("ours")),
        other => panic!("{other:?}"),
    }
}

/// SIGKILL, as from outside.
pub(crate) fn kill(pid: u32) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).expect("a pid"));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).expect("killed");
}
