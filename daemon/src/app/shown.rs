//! What `systemctl status` shows of us: where we serve, and who is in meetings. Looked at as often as the sweep compares.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{names::Url, systemd};
use crate::store::{Store, presences};

const LOOK: Duration = Duration::from_secs(3);

/// Knows the sentence. Cheap to clone.
#[derive(Clone)]
pub(super) struct Shown {
    url: Url,
    store: Store,
}

impl Shown {
    pub(super) fn new(url: &Url, store: &Store) -> Self {
        Self { url: url.clone(), store: store.clone() }
    }

    /// `Serving https://meet.example.org: 2 meetings, 5 people`.
    pub(super) async fn sentence(&self) -> String {
        let counted = self.store.run(|c| Ok((presences::count_rooms(c)?, presences::count_all(c)?))).await;
        let inside = match counted {
            Ok((0, _)) => "nobody is in a meeting".to_owned(),
            Ok((meetings, people)) => {
                let (one, other) =
                    (if meetings == 1 { "" } else { "s" }, if people == 1 { "person" } else { "people" });
                format!("{meetings} meeting{one}, {people} {other}")
            }
            Err(e) => e.to_string(),
        };
        format!("Serving {}: {inside}", (self.url)())
    }

    /// Tells it whenever it is another one, until `stop`. Between two changes it may be something else, such as that a
    /// configuration was refused.
    pub(super) async fn keep(self, mut told: String, stop: CancellationToken) {
        if !systemd::listens() {
            return;
        }
        let mut clock = tokio::time::interval(LOOK);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(clock.tick()).await.is_some() {
            let now = self.sentence().await;
            if now != told {
                systemd::status(&now);
                told = now;
            }
        }
    }
}
