//! What a moderator takes until it is released: the device leaves the grant, now and in every later token.

use super::{must_moderate, verbs::Verb};
use crate::{
    actor::Actor,
    error::Result,
    rooms::{
        Rooms,
        effects::Effect,
        note,
        notice::{About, name_of},
    },
    store::holds::{self, Device},
};

impl Rooms {
    /// Keeps somebody from writing, and from every other data packet.
    pub async fn block_chat(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.hold(actor, room_id, identity, Device::Chat).await
    }

    /// Lets them write again.
    pub async fn unblock_chat(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.release(actor, room_id, identity, Device::Chat).await
    }

    /// Lets somebody hear nothing: their client is told, and reads it in their metadata over a reload.
    pub async fn deafen(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.hold(actor, room_id, identity, Device::Hearing).await
    }

    /// Lets them hear again.
    pub async fn undeafen(&self, actor: &Actor, room_id: &str, identity: &str) -> Result<()> {
        self.release(actor, room_id, identity, Device::Hearing).await
    }

    /// Takes a device from somebody: its track ends, and they cannot start another.
    pub async fn hold(&self, actor: &Actor, room_id: &str, identity: &str, device: Device) -> Result<()> {
        self.set_hold(actor, room_id, identity, device, true).await
    }

    /// Gives a device back, also to somebody who is away. Whether it is switched on is up to them.
    pub async fn release(&self, actor: &Actor, room_id: &str, identity: &str, device: Device) -> Result<()> {
        self.set_hold(actor, room_id, identity, device, false).await
    }

    /// Takes the microphone from everybody who does not moderate, until it is released or the meeting ends; who comes later
    /// has none either.
    pub async fn hold_all(&self, actor: &Actor, room_id: &str) -> Result<()> {
        self.set_hold_all(actor, room_id, true).await
    }

    /// Gives the microphone back to everybody.
    pub async fn release_all(&self, actor: &Actor, room_id: &str) -> Result<()> {
        self.set_hold_all(actor, room_id, false).await
    }

    async fn set_hold(
        &self,
        actor: &Actor,
        room_id: &str,
        identity: &str,
        device: Device,
        on: bool,
    ) -> Result<()> {
        let (verb, line) = if on { (Verb::Hold, "room.hold") } else { (Verb::Release, "room.release") };
        let (by, whom) = (actor.clone(), identity.to_owned());
        let changed = self.act(actor, room_id, identity, verb, move |connection, standing| {
            holds::set(connection, &standing.room.id, &whom, device, on)?;
            note(connection, &by, line, &standing.room.id, &whom, device.name())?;
            Effect::refresh(&standing.room.id, &whom).leave(connection)
        });
        changed.await?;
        if device == Device::Hearing {
            let about = if on { About::Deafen } else { About::Undeafen };
            self.tell(room_id, about, name_of(actor), identity).await;
        }
        Ok(())
    }

    async fn set_hold_all(&self, actor: &Actor, room_id: &str, on: bool) -> Result<()> {
        let verb = if on { "room.hold_all" } else { "room.release_all" };
        let (by, id) = (actor.clone(), room_id.to_owned());
        let changed = self.0.outbox.decide(move |connection| {
            must_moderate(connection, &by, &id)?;
            holds::set_all(connection, &id, Device::Microphone, on)?;
            note(connection, &by, verb, &id, &id, Device::Microphone.name())?;
            Effect::Room { room: id.clone() }.leave(connection)
        });
        changed.await
    }
}
