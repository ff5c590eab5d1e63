//! Tells the service manager how we fare (sd_notify(3)): ready, alive, stopping. Silent where nobody listens.

use sd_notify::NotifyState;
use tokio_util::sync::CancellationToken;

/// Says that everything serves, and keeps the watchdog quiet until `stop`.
pub(super) fn ready(url: &str, stop: CancellationToken) {
    tell(&[NotifyState::Ready, NotifyState::Status(&format!("Serving {url}"))]);
    let Some(limit) = sd_notify::watchdog_enabled() else { return };
    tokio::spawn(async move {
        let mut pulse = tokio::time::interval(limit / 2);
        while stop.run_until_cancelled(pulse.tick()).await.is_some() {
            tell(&[NotifyState::Watchdog]);
        }
    });
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
