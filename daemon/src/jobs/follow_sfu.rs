//! After every start of the SFU: opens the rooms in use again, then lets people through.

use crate::rooms::Rooms;

pub(super) async fn run(rooms: Rooms) {
    rooms.follow_sfu().await;
}
