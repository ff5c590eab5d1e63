//! `bedrud livekit`: the supervisor in a process of its own, so that a restart of the daemon leaves meetings alone.

use std::{net::SocketAddr, time::Duration};

use super::{
    Reload, part, replaced,
    signals::{Asked, Signals},
    systemd,
};
use crate::{
    config::{Paths, Problems},
    error::Error,
    livekit::{self, Sfu},
    telemetry::Recent,
};

/// How long people may stay after a stop was asked; a second signal ends it at once.
const GRACE: Duration = Duration::from_secs(60);

/// Runs the SFU until SIGTERM or SIGINT.
pub async fn run_alone(mut reload: Reload, paths: Paths, recent: Recent) -> Result<(), Problems> {
    let mut signals = Signals::new().map_err(|e| part(Error::internal(e)))?;
    let config = reload.running();
    let mut problems = Problems::default();
    let prepared = livekit::prepare_unit(config, &paths, &mut problems).await;
    let Some(prepared) = prepared.filter(|_| problems.0.is_empty()) else { return Err(problems) };
    recent.go_on_beside(&paths.state);
    let programs = replaced::Programs::running(prepared.program());
    let webhook = SocketAddr::from(config.webhook_address());
    let sfu = prepared.start(&format!("http://{webhook}/api/livekit/webhook")).map_err(part)?;
    let ready = tokio::spawn(tell_when_ready(sfu.clone()));
    let way_is_free = replaced::and_nobody_inside(programs, &sfu);
    tokio::pin!(way_is_free);
    loop {
        let asked = tokio::select! {
            asked = signals.next() => asked,
            () = &mut way_is_free => Asked::Stop,
        };
        match asked {
            Asked::Stop => break,
            Asked::Reload => {
                systemd::reloading();
                // what the SFU itself is told takes its restart, and is named as such
                let is_refused = reload.again().is_none();
                systemd::reloaded("The SFU runs", is_refused);
            }
            Asked::RestartSfu => {
                if let Err(e) = sfu.restart().await {
                    tracing::error!("{e}");
                }
            }
        }
    }
    ready.abort();
    systemd::stopping();
    tracing::info!("stopping the SFU as soon as everybody has left, at the latest in {} s", GRACE.as_secs());
    tokio::select! {
        () = sfu.stop(GRACE) => {}
        () = signals.stop() => tracing::warn!("ending the SFU at once"),
    }
    Ok(())
}

async fn tell_when_ready(sfu: Sfu) {
    let mut status = sfu.watch();
    if status.wait_for(|s| s.generation().is_some()).await.is_ok() {
        systemd::serving("The SFU runs");
    }
}
