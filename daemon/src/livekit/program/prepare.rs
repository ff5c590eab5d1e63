//! Before the start: whose SFU it is, and everything that would keep ours from running, all at once.

use std::path::{Path, PathBuf};

use super::{
    address, binary,
    moved::{Find, Told},
    nat, ports,
};
use crate::config::{Config, Livekit, Paths, Problems};
use crate::{
    livekit::{Keys, NAME, NodeAddress, Ports, talk::transport::Trust},
    programs::{self, Claim, Keeper, Who},
};

/// An SFU that nothing keeps from starting.
pub struct Prepared {
    pub(crate) keys: Keys,
    pub(crate) trust: Trust,
    pub(crate) runtime: PathBuf,
    pub(crate) mode: Mode,
}

impl Prepared {
    /// Its program, where it is ours to start.
    pub fn program(&self) -> Option<&Path> {
        match &self.mode {
            Mode::Own(own) => Some(&own.program),
            Mode::Unit | Mode::External(_) => None,
        }
    }

    /// The addresses that clients are told, where the SFU is a child of ours with a file of ours.
    pub fn node(&self) -> Option<NodeAddress> {
        match &self.mode {
            Mode::Own(own) => match &own.setup {
                Setup::Generated { told, .. } => Some(told.node),
                Setup::Given(_) => None,
            },
            Mode::Unit | Mode::External(_) => None,
        }
    }
}

/// Whose it is.
pub(crate) enum Mode {
    /// Ours, as a child of this process.
    Own(Box<Own>),
    /// Ours, under `bedrud livekit`.
    Unit,
    /// Somebody else's, at this URL.
    External(String),
}

pub(crate) struct Own {
    pub(crate) claim: Claim,
    pub(crate) keeper: Keeper,
    pub(crate) program: PathBuf,
    pub(crate) ports: Ports,
    pub(crate) setup: Setup,
}

/// What the SFU is told.
pub(crate) enum Setup {
    /// A file of ours, around what clients are told; `again` finds out whether that has changed, where nobody has fixed it.
    Generated { told: Told, again: Option<Find> },
    /// The operator's own file (`livekit.configPath`), as it is.
    Given(PathBuf),
}

/// For `bedrud run`: a child of its own, unless a `bedrud livekit` is there or the SFU is somebody else's.
pub async fn prepare(config: &Config, paths: &Paths, problems: &mut Problems) -> Option<Prepared> {
    let keys = Keys::load(&config.livekit, &paths.state, problems);
    if config.livekit.external {
        let url = config.livekit.internal_host.as_deref().map(as_http);
        let is_plain = url.as_deref().is_some_and(|url| url.starts_with("http://"));
        let trust = match config.livekit.skip_tls_verify {
            _ if is_plain => Trust::Plain,
            true => Trust::Anything,
            false => Trust::System,
        };
        if trust == Trust::Anything {
            tracing::warn!(
                "livekit.skipTLSVerify is set: whoever stands between us and the SFU can read the API key's tokens"
            );
        }
        return Some(Prepared {
            keys: keys?,
            trust,
            runtime: paths.runtime.clone(),
            mode: Mode::External(url?),
        });
    }
    let mode = match claim(&paths.runtime, problems).await? {
        Some(claim) => own(claim, Keeper::Daemon, config, problems).await,
        None => followed(&paths.runtime, problems).await,
    };
    Some(Prepared { keys: keys?, trust: Trust::Plain, runtime: paths.runtime.clone(), mode: mode? })
}

/// For `bedrud livekit`: a child of its own, or a problem.
pub async fn prepare_unit(config: &Config, paths: &Paths, problems: &mut Problems) -> Option<Prepared> {
    let keys = Keys::load(&config.livekit, &paths.state, problems);
    if config.livekit.external {
        let s = "The SFU is somebody else's (livekit.external is true), so there is nothing to run.";
        problems.add("nothing_to_run", "livekit.external", s);
    }
    if config.webhook_address().1 == 0 {
        let s = "A separate SFU has to know where its webhooks go. Give a fixed port.";
        let key = if config.has_own_webhook_port() { "livekit.webhookPort" } else { "server.port" };
        problems.add("invalid_value", key, s);
    }
    let Some(claim) = claim(&paths.runtime, problems).await? else {
        already_running(&paths.runtime, problems);
        return None;
    };
    let mode = own(claim, Keeper::Unit, config, problems).await?;
    Some(Prepared { keys: keys?, trust: Trust::Plain, runtime: paths.runtime.clone(), mode })
}

/// `Some(None)`: another supervisor has it.
async fn claim(runtime: &Path, problems: &mut Problems) -> Option<Option<Claim>> {
    let taken = Claim::take(runtime, NAME).await.map_err(|e| {
        let path = Claim::path(runtime, NAME).display().to_string();
        let s =
            format!("It cannot be opened or locked: {e}. Check the owner and mode of the runtime directory.");
        problems.add("lock_unusable", path, s);
    });
    taken.ok()
}

async fn followed(runtime: &Path, problems: &mut Problems) -> Option<Mode> {
    let who: Option<Who> = programs::read(&programs::path(runtime, NAME)).await;
    if who.is_some_and(|who| who.is_kept_by(Keeper::Daemon)) {
        already_running(runtime, problems);
        return None;
    }
    Some(Mode::Unit)
}

fn already_running(runtime: &Path, problems: &mut Problems) {
    let s = "Another Bedrud with this runtime directory is running. Stop it, or give this one directories of its own with --state-dir and --runtime-dir.";
    problems.add("already_running", runtime.display().to_string(), s);
}

async fn own(claim: Claim, keeper: Keeper, config: &Config, problems: &mut Problems) -> Option<Mode> {
    if let Err(e) = claim.end_orphan().await {
        let s = format!("An SFU of an earlier run is in the way: {e}. End that process.");
        problems.add("orphan_alive", "livekit.port", s);
        return None;
    }
    let program = binary::find(&config.livekit, problems);
    let (ports, setup) = match &config.livekit.config_path {
        Some(file) => (given_ports(&config.livekit), given(file, &config.livekit, problems)),
        None => {
            let mut told = find(config, problems).await;
            let ports = ports::choose(&config.livekit, config.has_tls(), problems);
            told.node.nat = nat::look(&told.node, &ports).await;
            if let Some(advice) = told.node.advice() {
                tracing::warn!("{advice}");
            }
            if let (Some(domain), false) = (&config.server.domain, told.node.found.is_certain()) {
                tracing::warn!(domain, "server.domain does not resolve; taking an address of this machine");
            }
            let config = config.clone();
            let again: Find = Box::new(move || Box::pin(find_again(config.clone(), ports)));
            let again = (!told.node.found.is_fixed()).then_some(again);
            (ports, Some(Setup::Generated { told, again }))
        }
    };
    Some(Mode::Own(Box::new(Own { claim, keeper, program: program?, ports, setup: setup? })))
}

/// What clients are told of this machine as it is now.
async fn find(config: &Config, problems: &mut Problems) -> Told {
    let node = address::find(config.livekit.node_ip.as_deref(), &config.server, problems).await;
    let turn_host = config.has_tls().then(|| config.host_name(Some(node.primary())));
    Told { node, turn_host }
}

async fn find_again(config: Config, ports: Ports) -> Told {
    let mut told = find(&config, &mut Problems::default()).await;
    told.node.nat = nat::look(&told.node, &ports).await;
    told
}

/// A file of the operator's own: only what we must agree on is checked.
fn given(file: &Path, config: &Livekit, problems: &mut Problems) -> Option<Setup> {
    if let Err(e) = std::fs::File::open(file) {
        let s = format!("{} cannot be read: {e}. Check the path and its mode.", file.display());
        problems.add("config_unreadable", "livekit.configPath", s);
    }
    if config.api_key.is_none() {
        let s = "With a file of your own give the key that stands in it, and its secret, here too.";
        problems.add("missing_value", "livekit.apiKey", s);
    }
    if config.port == 0 {
        problems.add(
            "invalid_value",
            "livekit.port",
            "With a file of your own give the port that stands in it.",
        );
    }
    Some(Setup::Given(file.to_owned()))
}

fn given_ports(config: &Livekit) -> Ports {
    let turn = config.turn.enabled.then_some(config.turn.udp_port);
    let turn_tcp = config.turn.enabled.then_some(config.turn.tcp_port);
    Ports { http: config.port, tcp: config.tcp_port, udp: ports::Udp::Mux(config.udp_port), turn, turn_tcp }
}

/// LiveKit 1.12 and later speak HTTP where clients are given `ws://`.
fn as_http(url: &str) -> String {
    let url = url.trim_end_matches('/');
    match url.split_once("://") {
        Some(("ws", rest)) => format!("http://{rest}"),
        Some(("wss", rest)) => format!("https://{rest}"),
        _ => url.to_owned(),
    }
}
