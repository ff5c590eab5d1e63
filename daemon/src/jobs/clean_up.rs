//! Every hour: forgets admissions, revocations, presences, audit lines and events that nobody needs any more.

use std::time::Duration;

use crate::{rooms::Rooms, settings::Settings};

const PERIOD: Duration = Duration::from_secs(3600);

pub(super) async fn run(rooms: Rooms, settings: Settings) {
    let mut clock = tokio::time::interval(PERIOD);
    loop {
        clock.tick().await;
        let cleaned = rooms.clean_up().await;
        if let Err(e) = cleaned.and(settings.forget_audit().await).and(settings.forget_events().await) {
            tracing::warn!(code = e.code, "old rows were not cleaned up: {e}");
        }
    }
}
