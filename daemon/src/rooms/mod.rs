//! What may happen in a room, decided once for the page, the control socket, the webhook and the clock. No HTTP, no SQL.

mod chat;
mod create;
mod effects;
mod find;
mod gate;
mod grants;
mod join;
mod lifecycle;
mod lobby;
mod lost;
mod moderation;
mod notice;
mod participants;
mod path_check;
mod policy;
mod presence;
mod reconcile;
mod restart;
mod settings;
mod slug;
mod watch;

use std::sync::Arc;

pub use chat::Keep;
pub use create::NewRoom;
pub use effects::person_changed;
pub use find::Participants;
pub use gate::Visitor;
pub use join::{Joined, Knocked, Waiting, Wanted};
pub use lifecycle::archive_owned;
pub use lobby::{NewInvitation, Place, Turn};
pub use moderation::Promoted;
pub use participants::Profile;
pub use presence::{Inhabited, Presence};
pub use settings::{Changes, SettingsChange};
pub use slug::check as check_slug;

use crate::{
    actor::Actor,
    error::Result,
    livekit::{Proxy, Sfu},
    outbox::Outbox,
    store::{Connection, Store, audit},
};

/// What [`Rooms`] is built from.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// What is to be done at the SFU after a decision.
    pub outbox: Outbox,
    /// The SFU, which signs join tokens too.
    pub sfu: Sfu,
    /// The way to it.
    pub proxy: Proxy,
    /// The largest `maxParticipants` of a room.
    pub max_participants_limit: u32,
    /// Rooms one account may own at a time.
    pub max_rooms_per_user: u32,
}

/// The meetings. Cheap to clone.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    parts: Parts,
    /// Counters and hints of this process that may be lost.
    openings: lifecycle::Openings,
    lines: lost::Lines,
    bells: lobby::Bells,
}

impl std::ops::Deref for Inner {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Rooms {
    /// Built once, by `app`.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            openings: lifecycle::Openings::default(),
            lines: lost::Lines::default(),
            bells: lobby::Bells::default(),
        }))
    }

    /// The most seats that a room may have.
    pub fn most_seats(&self) -> i64 {
        self.0.max_participants_limit.into()
    }

    /// Fails while the SFU does not answer.
    pub async fn ask_sfu(&self) -> Result<()> {
        self.0.sfu.client().list_rooms().await.map(drop)
    }
}

/// Logs an act and writes its audit line: who, what, whom, from where.
fn note(
    connection: &mut Connection,
    actor: &Actor,
    verb: &'static str,
    room_id: &str,
    target: &str,
    detail: &str,
) -> Result<()> {
    let participant = (target != room_id).then_some(target);
    tracing::info!(room = room_id, participant, by = actor.label(), "{verb}");
    let line = audit::Line {
        target: target.to_owned(),
        room_id: Some(room_id.to_owned()),
        detail: detail.to_owned(),
        ..audit::Line::by(actor, verb)
    };
    audit::write(connection, &line)
}
