//! Changes what people inside may do while they are inside: after a change to the room, to their role, to their account.

use futures_util::{StreamExt, stream};

use super::{Rooms, policy};
use crate::{
    error::{Kind, Result},
    livekit::{DECLINED, ParticipantUpdate},
    store::{
        Timestamp, presences,
        presences::Inside,
        standings::{self, Standing, Which, Who},
    },
};

/// People updated at the same time when a whole room changes.
pub(super) const AT_ONCE: usize = 8;

/// What the SFU has to learn about somebody; each names the ones before it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Anew {
    /// What they may do.
    Rights,
    /// Their role and what is held from them, which others read in the metadata.
    Role,
    /// Name and picture.
    Person,
}

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

    /// Tells the SFU what `identity` may do now and, as far as `anew` says, how others see them; puts them out if they may
    /// not stay, or if the SFU will not restrict them. Somebody who is not inside is fine: their next token says the same.
    pub(super) async fn refresh(&self, room_id: &str, identity: &str, anew: Anew) -> Result<()> {
        let Some(standing) = self.standing(room_id, identity).await? else { return Ok(()) };
        if policy::must_leave(&standing) {
            return self.put_out(room_id, identity).await;
        }
        let rights = ParticipantUpdate {
            permission: Some(policy::permission(&standing, identity)),
            ..ParticipantUpdate::default()
        };
        let update = ParticipantUpdate {
            name: (anew >= Anew::Person).then(|| policy::name(&standing).to_owned()),
            metadata: match anew {
                Anew::Rights => None,
                Anew::Role | Anew::Person => Some(policy::metadata(&standing, identity)?),
            },
            ..rights.clone()
        };
        let client = self.0.sfu.client();
        let mut told = client.update_participant(room_id, identity, update).await;
        if told.as_ref().is_err_and(|e| e.code == DECLINED) && anew > Anew::Rights {
            tracing::warn!(room = room_id, participant = identity, "the SFU declines a name or metadata");
            told = client.update_participant(room_id, identity, rights).await;
        }
        match told {
            Err(e) if e.code == DECLINED => {
                tracing::warn!(room = room_id, participant = identity, "cannot be restricted; put out: {e}");
                self.put_out(room_id, identity).await
            }
            Err(e) if e.kind != Kind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// The same for everybody inside of a room, but for names.
    pub(super) async fn refresh_room(&self, room_id: &str) -> Result<()> {
        let id = room_id.to_owned();
        let people = self.0.store.run(move |c| presences::inside(c, &id)).await?;
        // one who cannot be changed now keeps nobody from it
        let refresh = async |person: Inside| self.refresh(room_id, &person.identity, Anew::Role).await;
        let done: Vec<Result<()>> =
            stream::iter(people).map(refresh).buffer_unordered(AT_ONCE).collect().await;
        done.into_iter().collect()
    }

    /// Disconnects somebody, who is no longer inside then. Not there: done already.
    pub(super) async fn put_out(&self, room_id: &str, identity: &str) -> Result<()> {
        match self.0.sfu.client().remove_participant(room_id, identity).await {
            Err(e) if e.kind != Kind::NotFound => return Err(e),
            _ => {}
        }
        let (room_id, identity) = (room_id.to_owned(), identity.to_owned());
        let ended = move |c: &mut crate::store::Connection| {
            c.transaction(|c| presences::end_of(c, &room_id, &identity, Timestamp::now()))
        };
        self.0.store.run(ended).await.map(drop)
    }
}
