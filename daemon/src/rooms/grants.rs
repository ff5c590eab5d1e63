//! Changes what people inside may do while they are inside: after a change to the room, to their role, to their account.

use futures_util::{StreamExt, stream};

use super::{Rooms, policy};
use crate::{
    error::{Kind, Result},
    livekit::ParticipantUpdate,
    store::{
        Timestamp, presences,
        presences::Inside,
        standings::{self, Standing, Which, Who},
    },
};

/// People updated at the same time when a whole room changes.
const AT_ONCE: usize = 8;

impl Rooms {
    /// How `identity` stands to a room now; `None` when there is no such room.
    pub(super) async fn standing(&self, room_id: &str, identity: &str) -> Result<Option<Standing>> {
        let (room_id, identity) = (room_id.to_owned(), identity.to_owned());
        self.0
            .store
            .run(move |connection| {
                let who = Who { identity: &identity, guest_key: None, address: None };
                standings::of(connection, Which::Id(&room_id), who, Timestamp::now())
            })
            .await
    }

    /// Tells the SFU what `identity` may do now and how others see them; puts them out if they may not stay.
    /// Somebody who is not inside is fine: their next token says the same.
    pub(super) async fn refresh(&self, room_id: &str, identity: &str) -> Result<()> {
        let Some(standing) = self.standing(room_id, identity).await? else { return Ok(()) };
        if policy::must_leave(&standing) {
            return self.put_out(room_id, identity).await;
        }
        let update = ParticipantUpdate {
            permission: Some(policy::permission(&standing, identity)),
            name: standing.user.as_ref().map(|u| u.name.clone()),
            metadata: Some(policy::metadata(&standing, identity)?),
        };
        match self.0.sfu.client().update_participant(room_id, identity, update).await {
            Err(e) if e.kind != Kind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// The same for everybody inside of a room.
    pub(super) async fn refresh_room(&self, room_id: &str) -> Result<()> {
        let id = room_id.to_owned();
        let people = self.0.store.run(move |c| presences::inside(c, &id)).await?;
        let refresh = async |person: Inside| self.refresh_or_leave(room_id, &person.identity).await;
        stream::iter(people).for_each_concurrent(AT_ONCE, refresh).await;
        Ok(())
    }

    /// Leaves it to the sweep where the SFU is away: what was decided is written down.
    async fn refresh_or_leave(&self, room_id: &str, identity: &str) {
        if let Err(e) = self.refresh(room_id, identity).await {
            tracing::warn!(
                room = room_id,
                participant = identity,
                "the SFU does not know of a change yet: {e}"
            );
        }
    }

    /// Disconnects somebody, who is no longer inside then. Not there: done already.
    pub(super) async fn put_out(&self, room_id: &str, identity: &str) -> Result<()> {
        match self.0.sfu.client().remove_participant(room_id, identity).await {
            Err(e) if e.kind != Kind::NotFound => return Err(e),
            _ => {}
        }
        let (room_id, identity) = (room_id.to_owned(), identity.to_owned());
        let ended = move |c: &mut crate::store::Connection| {
            presences::end_of(c, &room_id, &identity, Timestamp::now())
        };
        self.0.store.run(ended).await.map(drop)
    }
}
