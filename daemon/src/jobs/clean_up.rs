//! Every hour: forgets admissions, revocations and presences that nobody needs any more.

use std::time::Duration;

use crate::rooms::Rooms;

const PERIOD: Duration = Duration::from_secs(3600);

pub(super) async fn run(rooms: Rooms) {
    let mut clock = tokio::time::interval(PERIOD);
    loop {
        clock.tick().await;
        if let Err(e) = rooms.clean_up().await {
            tracing::warn!(code = e.code, "old rows were not cleaned up: {e}");
        }
    }
}
