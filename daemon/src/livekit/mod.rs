//! The SFU: runs it, tells it what to do, hears what it says, and lets people through to it. Decides nothing about rooms.

mod passage; // people through us
mod program; // it and its life
mod talk; // what we say and hear

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

pub use passage::proxy::{Gate, Line, Proxy};
pub use program::address::{Found, NodeAddress, own_addresses};
pub use program::check::check;
pub use program::nat::Nat;
pub use program::ports::{Ports, Udp};
pub use program::prepare::{Prepared, prepare, prepare_unit};
pub use program::status::{State, Status};
pub use talk::client::{Client, NewRoom, ParticipantUpdate};
pub use talk::keys::Keys;
pub use talk::permission::{Permission, Source};
pub use talk::token::{Claims, Grant, JOIN_TOKEN_SECONDS, sign_check, sign_join, verify_join};
pub use talk::view::{SfuParticipant, SfuRoom, SfuTrack, TrackKind};
pub use talk::webhook;

use crate::error::{Error, Result};
use program::{
    external, follow, generated,
    moved::{Follower, Write},
    prepare::{Mode, Own, Setup},
    ready::Ready,
    record,
    relay::Relay,
    supervised::Program,
    supervisor::{self, Command, Supervisor},
};
use talk::{client::Base, transport};

/// The code of a request that the SFU understood and will not do.
pub const DECLINED: &str = "sfu_declined";

/// The code of every failure that passes when the SFU is back.
const AWAY: &str = "sfu_unavailable";

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
    /// Our child; the lock is held as long as this lives.
    Own {
        commands: mpsc::Sender<Command>,
        _lock: File,
    },
    /// The record of `bedrud livekit`.
    Unit(PathBuf),
    External,
}

impl Prepared {
    /// Starts our own SFU, which sends its webhooks to `webhook_url` and tells clients of a relay at `tls_port`, or begins
    /// to follow the one that is there.
    pub fn start(self, webhook_url: &str, tls_port: u16) -> Result<Sfu> {
        let (publish, status) = watch::channel(Status::starting());
        let base = match &self.mode {
            Mode::External(url) => Base::Fixed(url.clone()),
            Mode::Own(_) | Mode::Unit => Base::Own(status.clone()),
        };
        let client = Client::new(transport::transport(self.trust)?, self.keys.clone(), base);
        let record = record::path(&self.runtime);
        let control = match self.mode {
            Mode::External(_) => {
                tokio::spawn(external::run(client.clone(), publish));
                Control::External
            }
            Mode::Unit => {
                tracing::info!("the SFU runs under `bedrud livekit`; following it");
                tokio::spawn(follow::run(record.clone(), publish));
                Control::Unit(record)
            }
            Mode::Own(own) => {
                let Own { lock, keeper, program, ports, setup } = *own;
                let (commands, asked) = mpsc::channel(4);
                let (file, node) = match setup {
                    Setup::Given(file) => (file, None),
                    Setup::Generated { told, again } => {
                        let file = self.runtime.join("livekit.yaml");
                        let write = writer(&file, ports, &self.keys, webhook_url, tls_port);
                        write(&told).map_err(|e| unwritable(&file, e))?;
                        let node = told.node;
                        if let Some(find) = again {
                            let (client, status) = (client.clone(), publish.clone());
                            let commands = commands.downgrade();
                            let follower = Follower { told, find, write, client, status, commands };
                            tokio::spawn(follower.run());
                        }
                        (file, Some(node))
                    }
                };
                let arguments = vec!["--config".into(), file.into()];
                let program = Program { title: "The SFU", key: "livekit.binary", path: program, arguments };
                let plan = supervisor::Plan { keeper, program, record };
                publish.send_modify(|s| (s.ports, s.node) = (Some(ports), node));
                let ready = Ready { port: ports.http, client: client.clone() };
                tokio::spawn(Supervisor::new(plan, ready, publish, asked).run());
                Control::Own { commands, _lock: lock }
            }
        };
        let opened = watch::Sender::new(None);
        Ok(Sfu(Arc::new(Inner { keys: self.keys, client, status, opened, control })))
    }
}

/// Writes the SFU's file around what clients are told.
fn writer(file: &Path, ports: Ports, keys: &Keys, webhook_url: &str, tls_port: u16) -> Write {
    let (file, keys, webhook_url) = (file.to_owned(), keys.clone(), webhook_url.to_owned());
    Box::new(move |told| {
        let relay = told.turn_host.as_deref().map(|host| Relay { host, port: tls_port });
        let plan = generated::Plan { ports, node: told.node, keys: &keys, webhook_url: &webhook_url, relay };
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
        matches!(self.0.control, Control::Own { .. })
    }

    /// The id of the key pair that it believes.
    pub fn key_id(&self) -> &str {
        self.0.keys.id()
    }

    /// Where TURN goes on that came in through TLS of ours; none while the SFU is away.
    pub fn turn(&self) -> Option<SocketAddr> {
        let port = self.0.status.borrow().ports?.turn_tcp?;
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
                if let (Some(generation), Some(ports)) = (now.generation(), now.ports)
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
            Control::Own { commands, .. } => commands.send(Command::Restart).await.map_err(Error::internal),
            Control::Unit(record) => follow::restart(record).await,
            Control::External => {
                Err(Error::conflict("sfu_external", "This SFU is somebody else's. Restart it where it runs."))
            }
        }
    }

    /// Stops a child of ours, giving people `grace` to leave; leaves any other SFU alone.
    pub async fn stop(&self, grace: Duration) {
        if let Control::Own { commands, .. } = &self.0.control {
            let (told, stopped) = oneshot::channel();
            if commands.send(Command::Stop(grace, told)).await.is_ok() {
                // an error means that the supervisor is gone, and its child with it
                stopped.await.ok();
            }
        }
    }
}
