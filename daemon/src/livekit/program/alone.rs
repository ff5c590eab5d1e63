//! `bedrud livekit`: the supervisor in a process of its own, so that a restart of the daemon leaves meetings alone.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::prepare;
use crate::config::{Config, Paths, Problems};
use crate::livekit::Sfu;

/// How long people may stay after a stop was asked; a second signal ends it at once.
const GRACE: Duration = Duration::from_secs(60);

/// Runs the SFU until SIGTERM or SIGINT; SIGHUP restarts it.
pub async fn run_alone(config: Config, paths: Paths) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let prepared = prepare::prepare_unit(&config, &paths, &mut problems).await;
    let Some(prepared) = prepared.filter(|_| problems.0.is_empty()) else { return Err(problems) };
    let webhook = std::net::SocketAddr::from(config.webhook_address());
    let (sfu, mut signals) = prepared
        .start(&format!("http://{webhook}/api/livekit/webhook"), config.public_port(config.port()))
        .map_err(|e| (e.code, e.to_string()))
        .and_then(|sfu| Ok((sfu, Signals::new().map_err(|e| ("internal", e.to_string()))?)))
        .map_err(|(code, sentence)| {
            problems.add(code, "livekit", sentence);
            std::mem::take(&mut problems)
        })?;
    let ready = tokio::spawn(tell_when_ready(sfu.clone()));
    while let Asked::Restart = signals.next().await {
        if let Err(e) = sfu.restart().await {
            tracing::error!("{e}");
        }
    }
    ready.abort();
    sd_notify::notify(&[sd_notify::NotifyState::Stopping]).ok(); // nobody listens outside systemd
    tracing::info!("stopping the SFU as soon as everybody has left, at the latest in {} s", GRACE.as_secs());
    tokio::select! {
        () = sfu.stop(GRACE) => {}
        () = async { while let Asked::Restart = signals.next().await {} } => tracing::warn!("ending the SFU at once"),
    }
    Ok(())
}

async fn tell_when_ready(sfu: Sfu) {
    let mut status = sfu.watch();
    if status.wait_for(|s| s.generation().is_some()).await.is_ok() {
        sd_notify::notify(&[sd_notify::NotifyState::Ready]).ok();
    }
}

enum Asked {
    Stop,
    Restart,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.hangup.recv() => Asked::Restart,
        }
    }
}
