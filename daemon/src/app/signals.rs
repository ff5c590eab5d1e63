//! What other processes ask of this one: SIGTERM and SIGINT stop it, SIGHUP has it read its configuration again, SIGUSR1
//! restarts its SFU.

use nix::sys::signal::{SigSet, Signal::SIGHUP};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What was asked.
pub(super) enum Asked {
    Stop,
    Reload,
    RestartSfu,
}

/// Caught from the moment this exists.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    user: Signal,
}

/// Has a SIGHUP wait until there are [`Signals`]. For the first thread, before there is another one.
pub fn hold_hangups() {
    // where the kernel refuses, an early one ends us, as before
    let _ = hangup().thread_block();
}

fn hangup() -> SigSet {
    SigSet::from_iter([SIGHUP])
}

impl Signals {
    pub(super) fn new() -> std::io::Result<Self> {
        let signals = Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            user: signal(SignalKind::user_defined1())?,
        };
        hangup().thread_unblock()?;
        Ok(signals)
    }

    /// The next one. Cancel safe.
    pub(super) async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.hangup.recv() => Asked::Reload,
            _ = self.user.recv() => Asked::RestartSfu,
        }
    }

    /// Waits for a stop; everything else comes too late.
    pub(super) async fn stop(&mut self) {
        while !matches!(self.next().await, Asked::Stop) {}
    }
}
