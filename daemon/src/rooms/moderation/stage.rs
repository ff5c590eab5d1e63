//! The stage of a webinar or a broadcast: who is brought on it, and taken off. And what is shown large to everybody.

use super::verbs::Verb;
use crate::{
    actor::Actor,
    error::{Error, Result},
    rooms::{
        Rooms,
        effects::Effect,
        note,
        notice::{About, name_of},
        policy,
    },
    store::{Timestamp, meeting::stage, rooms::Mode},
};

impl Rooms {
    /// Lets somebody of the audience speak and show themselves, until they are taken off or the meeting ends.
    pub async fn bring_on_stage(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.set_stage(actor, room_id, identity, true).await
    }

    /// Puts somebody back into the audience. Who moderates is always on stage.
    pub async fn take_off_stage(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.set_stage(actor, room_id, identity, false).await
    }

    /// Shows somebody large to everybody. Nothing is kept of it: clients do it when they hear of it.
    pub async fn spotlight(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let noted = self.act(actor, room_id, identity, Verb::Quiet, move |connection, standing| {
            note(connection, &by, "room.spotlight", &standing.room.id, &whom, "")
        });
        noted.await?;
        self.tell(room_id, About::Spotlight, name_of(actor), identity).await;
        Ok(())
    }

    async fn set_stage(&self, actor: &Actor, room_id: &str, identity: &str, on: bool) -> Result<()> {
        let (by, whom) = (actor.clone(), identity.to_owned());
        let verb = if on { "room.stage_bring" } else { "room.stage_remove" };
        let changed = self.act(actor, room_id, identity, Verb::Quiet, move |connection, standing| {
            let room = &standing.room;
            if room.mode == Mode::Standard {
                let s = "Everybody is on stage in this room. Make it a webinar or a broadcast first.";
                return Err(Error::conflict("no_stage", s));
            }
            if !on && policy::moderates(standing, &whom) {
                let s = "Whoever moderates is on stage. Take the role away first.";
                return Err(Error::forbidden("target_moderator", s));
            }
            let changed = if on {
                stage::bring(connection, &room.id, &whom, Timestamp::now())?
            } else {
                stage::remove(connection, &room.id, &whom)?
            };
            if changed {
                note(connection, &by, verb, &room.id, &whom, "")?;
            }
            Effect::refresh(&room.id, &whom).leave(connection)
        });
        changed.await
    }
}
