//! The SFU: runs it, tells it what to do, hears what it says, and lets people through to it. Decides nothing about rooms.

mod passage; // people through us
mod program; // it and its life
mod talk; // what we say and hear

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

pub use passage::proxy::{Gate, Line, Proxy, RelayUrl};
pub use program::address::{Found, NodeAddress, own_addresses};
pub use program::check::check;
pub use program::nat::Nat;
pub use program::ports::{Ports, Udp};
pub use program::prepare::{Prepared, prepare, prepare_unit};
pub use program::relay::Relay;
pub use program::status::{Place, Status};
pub use talk::client::{Client, NewRoom, ParticipantUpdate};
pub use talk::keys::Keys;
pub use talk::permission::{Permission, Source};
pub use talk::token::{Claims, Grant, JOIN_TOKEN_SECONDS, sign_check, sign_join, verify_join};
pub use talk::view::{SfuParticipant, SfuRoom, SfuTrack, TrackKind};
pub use talk::webhook;

pub use crate::programs::State;
use crate::{
    error::{Error, Result},
    programs::{Followed, Kept, Program, Seen},
};
use program::{
    external, generated, lines,
    moved::{Follower, Write},
    prepare::{Mode, Own, Setup},
    ready::Ready,
};
use talk::{client::Base, transport};

/// What it is called among the programs that are ours.
const NAME: &str = "livekit";

/// While nobody supervises the SFU that should have a unit of its own.
const SUPERVISOR_AWAY: &str =
    "The SFU's supervisor is not running. Start it: `systemctl start bedrud-livekit`.";

/// The code of a request that the SFU understood and will not do.
pub const DECLINED: &str = "sfu_declined";

/// The code of every failure that passes when the SFU is back.
const AWAY: &str = "sfu_unavailable";

/// Its collector runs when a third was added to what lives, instead of as much again: with two people that takes 15 MB less
/// of 100, and a start 0.1 s of CPU more (a quarter would be 3 MB and 0.2 s).
const ENVIRONMENT: [(&str, &str); 1] = [("GOGC", "35")];

/// The running SFU, whosever it is. Cheap to clone.
#[derive(Clone)]
pub struct Sfu(Arc<Inner>);

struct Inner {
    keys: Keys,
    client: Client,
    status: watch::Receiver<Status>,
    /// The generation in which every open room exists again.
    opened: watch::Sender<Option<u64>>,
    control: Control,
}

enum Control {
    /// Our child.
    Own(Kept),
    /// That of `bedrud livekit`.
    Unit(Followed),
    External,
}

impl Prepared {
    /// Starts our own SFU, which sends its webhooks to `webhook_url`, or begins to follow the one that is there.
    pub fn start(self, webhook_url: &str) -> Result<Sfu> {
        let (publish, status) = watch::channel(Status::starting(Place::default()));
        let base = match &self.mode {
            Mode::External(url) => Base::Fixed(url.clone()),
            Mode::Own(_) | Mode::Unit => Base::Own(status.clone()),
        };
        let client = Client::new(transport::transport(self.trust)?, self.keys.clone(), base);
        let control = match self.mode {
            Mode::External(_) => {
                tokio::spawn(external::run(client.clone(), publish));
                Control::External
            }
            Mode::Unit => {
                tracing::info!("the SFU runs under `bedrud livekit`; following it");
                Control::Unit(Followed::start(&self.runtime, NAME, SUPERVISOR_AWAY, publish))
            }
            Mode::Own(own) => {
                let Own { claim, keeper, program: path, ports, setup } = *own;
                let generated = self.runtime.join("livekit.yaml");
                let (file, follows) = match setup {
                    Setup::Given(file) => (file, None),
                    Setup::Generated { told, again } => {
                        let write = writer(&generated, ports, &self.keys, webhook_url);
                        write(&told).map_err(|e| unwritable(&generated, e))?;
                        publish.send_modify(|s| s.own.node = Some(told.node));
                        (generated, again.map(|find| (told, find, write)))
                    }
                };
                publish.send_modify(|s| s.own.ports = Some(ports));
                let ready = Ready { port: ports.http, client: client.clone() };
                let kept = Kept::start(claim, keeper, described(path, &file), ready, publish.clone());
                if let Some((told, find, write)) = follows {
                    let (client, asker) = (client.clone(), kept.asker());
                    let follower = Follower { told, find, write, client, status: publish, asker };
                    tokio::spawn(follower.run());
                }
                Control::Own(kept)
            }
        };
        let opened = watch::Sender::new(None);
        Ok(Sfu(Arc::new(Inner { keys: self.keys, client, status, opened, control })))
    }
}

/// The SFU as a program that is kept running.
fn described(path: PathBuf, file: &Path) -> Program {
    Program {
        name: NAME,
        title: "The SFU",
        key: "livekit.binary",
        path,
        arguments: vec!["--config".into(), file.into()],
        environment: &ENVIRONMENT,
        log: lines::log,
        advice: "Check livekit.apiKey and its secret.",
    }
}

/// Writes the SFU's file around what clients are told.
fn writer(file: &Path, ports: Ports, keys: &Keys, webhook_url: &str) -> Write {
    let (file, keys, webhook_url) = (file.to_owned(), keys.clone(), webhook_url.to_owned());
    Box::new(move |told| {
        let turn_host = told.turn_host.as_deref();
        let plan =
            generated::Plan { ports, node: told.node, keys: &keys, webhook_url: &webhook_url, turn_host };
        generated::write(&file, &plan.document())
    })
}

fn unwritable(file: &Path, cause: std::io::Error) -> Error {
    let s = format!("{} cannot be written. Check the owner of the runtime directory.", file.display());
    Error::unavailable("sfu_config_unwritable", s).caused_by(cause)
}

impl Sfu {
    /// How it fares now.
    pub fn status(&self) -> Status {
        self.0.status.borrow().clone()
    }

    /// Tells every change of the status.
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.0.status.clone()
    }

    /// For whoever counts what our programs use.
    pub fn seen(&self) -> Seen {
        Seen::new(NAME, self.watch())
    }

    /// Calls to its room service.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The key pair that signs join tokens and webhooks.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// True where people reach it through our proxy.
    pub fn is_proxied(&self) -> bool {
        !matches!(self.0.control, Control::External)
    }

    /// True where it runs inside of this process's service, and ends with it.
    pub fn is_child(&self) -> bool {
        matches!(self.0.control, Control::Own(_))
    }

    /// The id of the key pair that it believes.
    pub fn key_id(&self) -> &str {
        self.0.keys.id()
    }

    /// Where TURN goes on that came in through TLS of ours; none while the SFU is away.
    pub fn turn(&self) -> Option<SocketAddr> {
        let port = self.0.status.borrow().own.ports?.turn_tcp?;
        Some((Ipv4Addr::LOCALHOST, port).into())
    }

    /// Says that every open room exists in this `generation`; until then the proxy holds people back.
    pub fn open_for_business(&self, generation: u64) {
        self.0.opened.send_replace(Some(generation));
    }

    /// Waits until it is ready and every open room exists in it, and tells where it listens; unavailable at `deadline`.
    async fn open_authority(&self, deadline: Instant) -> Result<SocketAddr> {
        let (mut status, mut opened) = (self.0.status.clone(), self.0.opened.subscribe());
        let open = async {
            loop {
                let now = status.borrow_and_update().clone();
                let rooms = *opened.borrow_and_update();
                if let (Some(generation), Some(ports)) = (now.generation(), now.own.ports)
                    && rooms == Some(generation)
                {
                    return Some((Ipv4Addr::LOCALHOST, ports.http).into());
                }
                tokio::select! {
                    changed = status.changed() => changed.ok()?,
                    changed = opened.changed() => changed.ok()?,
                }
            }
        };
        let away =
            || Error::unavailable("sfu_unavailable", "The media server is away. Try again in a moment.");
        tokio::time::timeout_at(deadline, open).await.ok().flatten().ok_or_else(away)
    }

    /// Restarts it; people in a call come back by themselves. Returns when it was asked, not when it is ready.
    pub async fn restart(&self) -> Result<()> {
        match &self.0.control {
            Control::Own(kept) => kept.restart().await,
            Control::Unit(followed) => followed.restart().await,
            Control::External => {
                Err(Error::conflict("sfu_external", "This SFU is somebody else's. Restart it where it runs."))
            }
        }
    }

    /// Stops a child of ours, giving people `grace` to leave; leaves any other SFU alone.
    pub async fn stop(&self, grace: Duration) {
        if let Control::Own(kept) = &self.0.control {
            kept.stop(grace).await;
        }
    }
}
