//! Whenever the SFU or the certificate fares otherwise than before: tells whoever follows the events.

use std::time::Duration;

use chrono::SecondsFormat;

use crate::{
    livekit::{Sfu, State},
    store::{Store, events},
    tls::Tls,
};

/// A certificate that lasts weeks can wait for its mention.
const LOOK: Duration = Duration::from_secs(5);

/// What is looked at, and where it is told.
pub struct Parts {
    /// Where events are kept.
    pub store: Store,
    /// The SFU.
    pub sfu: Sfu,
    /// The certificate; none where this server ends no TLS.
    pub tls: Option<Tls>,
}

pub(super) async fn run(parts: Parts) {
    let (store, sfu) = (parts.store.clone(), parts.sfu.clone());
    let of_sfu = async move {
        let mut status = sfu.watch();
        loop {
            let (kind, detail) = of_sfu(&status.borrow_and_update().state);
            tell(&store, "sfu.", kind, detail).await;
            if status.changed().await.is_err() {
                return;
            }
        }
    };
    let of_certificate = async move {
        let Some(tls) = parts.tls else { return };
        let mut told = None;
        let mut clock = tokio::time::interval(LOOK);
        loop {
            clock.tick().await;
            let now = of_tls(&tls);
            if told.as_ref() != Some(&now) {
                tell(&parts.store, "tls.", now.0, now.1.clone()).await;
                told = Some(now);
            }
        }
    };
    futures_util::future::join(of_sfu, of_certificate).await;
}

fn of_sfu(state: &State) -> (&'static str, String) {
    match state {
        State::Starting => ("sfu.starting", String::new()),
        State::Ready { pid: Some(pid), .. } => ("sfu.ready", format!("process {pid}")),
        State::Ready { pid: None, .. } => ("sfu.ready", String::new()),
        State::Failed { sentence, .. } => ("sfu.failed", sentence.clone()),
        State::Stopped => ("sfu.stopped", String::new()),
    }
}

fn of_tls(tls: &Tls) -> (&'static str, String) {
    match tls.progress().last_error {
        Some(error) => ("tls.failed", error),
        None => {
            let until = tls.certificate().facts.not_after.to_rfc3339_opts(SecondsFormat::Secs, true);
            ("tls.served", format!("valid until {until}"))
        }
    }
}

async fn tell(store: &Store, family: &'static str, kind: &'static str, detail: String) {
    let told = store.run(move |connection| events::write_change(connection, family, kind, &detail)).await;
    if let Err(e) = told {
        tracing::warn!(code = e.code, "whoever follows the events is not told: {e}");
    }
}
