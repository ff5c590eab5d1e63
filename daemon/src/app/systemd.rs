//! Tells the service manager how we fare (sd_notify(3)): ready, alive, stopping. Silent where nobody listens.

use std::sync::Arc;

use sd_notify::NotifyState;
use tokio_util::sync::CancellationToken;

use crate::serve::EventLoops;

/// Says that everything serves, and keeps the watchdog quiet until `stop`, as long as every one of `loops` turns.
pub(super) fn ready(status: &str, stop: CancellationToken, loops: Arc<EventLoops>) {
    serving(status);
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    tokio::spawn(async move {
        let mut pulse = tokio::time::interval(limit / 2);
        while stop.run_until_cancelled(pulse.tick()).await.is_some() {
            loops.turn().await;
            tell(&[NotifyState::Watchdog]);
        }
    });
}

/// Says that everything serves, and what it does.
pub(super) fn serving(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Says what it does now.
pub(super) fn status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// Whether there is somebody to be told.
pub(super) fn listens() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some()
}

/// Says that the configuration is read again; [`reloaded`] has to follow.
pub(super) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(e) => tracing::debug!("there is no monotonic clock: {e}"),
    }
}

/// Says that it was read, or refused.
pub(super) fn reloaded(status: &str, is_refused: bool) {
    let refused = "The configuration was refused and the old one runs on; the log says why";
    serving(if is_refused { refused } else { status });
}

/// Says that the stop has begun.
pub(super) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(e) = sd_notify::notify(state) {
        tracing::debug!("systemd was not told: {e}");
    }
}
