//! Every few seconds: compares what we think of the meetings with what the SFU says, and heals the difference.

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::rooms::Rooms;

/// Short enough that a mute that was got around lasts no longer than a breath.
const PERIOD: Duration = Duration::from_secs(3);

pub(super) async fn run(rooms: Rooms) {
    let mut clock = tokio::time::interval(PERIOD);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut was_failing = false;
    loop {
        clock.tick().await;
        let failed = rooms.reconcile().await.err();
        if let (Some(e), false) = (&failed, was_failing) {
            tracing::warn!(code = e.code, "the sweep over the meetings failed; it goes on trying: {e}");
        }
        was_failing = failed.is_some();
    }
}
