//! Right after each commit: does what decisions left to be done outside of the database.

use crate::{outbox::Outbox, rooms::Rooms};

pub(super) async fn run(outbox: Outbox, rooms: Rooms) {
    let perform = move |effect| {
        let rooms = rooms.clone();
        async move { rooms.perform(&effect).await }
    };
    outbox.drain(perform).await;
}
