//! The page's look ahead: a room of the SFU for one browser alone, in which it finds out by which path media will travel.
//! Such a room is none of ours: it is in no table, no list and no count, and ends after a minute at most.

use super::Rooms;
use crate::{
    error::Result,
    livekit::{Grant, NewRoom, Permission, SfuRoom, sign_check},
    store::Timestamp,
};

/// No id of a room begins like this: those are UUIDs.
const PREFIX: &str = "path-check-";
/// Nobody is inside yet: so long the token waits to be used.
const EMPTY_SECONDS: u32 = 20;
/// Whoever stays longer than this is not checking a path.
const LONGEST_SECONDS: i64 = 60;

/// Whether the SFU speaks of a path check, and not of a room.
pub(super) fn is_path_check(room: &str) -> bool {
    room.starts_with(PREFIX)
}

impl Rooms {
    /// Opens a room for one look and signs a token for it, which lets its bearer connect and do nothing.
    pub async fn check_path(&self) -> Result<String> {
        let name = format!("{PREFIX}{:032x}", rand::random::<u128>());
        let room = NewRoom {
            name: name.clone(),
            empty_timeout_seconds: EMPTY_SECONDS,
            departure_timeout_seconds: 1,
            max_participants: 1,
            metadata: String::new(),
        };
        self.0.sfu.client().create_room(room).await?;
        let grant = Grant {
            identity: name.clone(),
            room: name,
            name: String::new(),
            metadata: String::new(),
            issued_at_seconds: Timestamp::now().seconds(),
            permission: Permission { sources: Vec::new(), data: false, subscribe: false },
        };
        sign_check(&grant, self.0.sfu.keys())
    }

    /// Has the SFU do now what the first join of its life would wait for: it reads its thousand rules about user agents when
    /// it first meets one (LiveKit service/utils.go), for 0.3 s.
    pub(super) async fn warm_up(&self) {
        let warm = async { self.0.sfu.client().validate(&self.check_path().await?).await };
        if let Err(e) = warm.await {
            tracing::debug!("the SFU is still cold: {e}");
        }
    }

    /// Ends those of these rooms that are path checks and too old; gives back the others.
    pub(super) async fn end_path_checks(&self, open: Vec<SfuRoom>) -> Vec<SfuRoom> {
        let (checks, rooms): (Vec<_>, Vec<_>) = open.into_iter().partition(|room| is_path_check(&room.name));
        let oldest = Timestamp::now().plus_seconds(-LONGEST_SECONDS);
        for check in checks.iter().filter(|check| check.created_at_ms < oldest.0) {
            if let Err(e) = self.0.sfu.client().delete_room(&check.name).await {
                tracing::debug!(room = check.name, "a path check was not ended yet: {e}");
            }
        }
        rooms
    }
}
