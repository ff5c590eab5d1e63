//! What moderators do about those who wait: see them, let one or all of them in, refuse one, lock a running meeting.

use crate::{
    actor::Actor,
    error::{Error, Result},
    rooms::{Rooms, effects::Effect, find, moderation::must_moderate, note},
    store::{
        Connection, Timestamp,
        meeting::lobby::{self, State, Ticket, Waiting},
        rooms,
    },
};

impl Rooms {
    /// Who waits before a room, who came first at the front; and whether it is locked.
    pub async fn lobby(&self, actor: &Actor, room_id: &str) -> Result<(Vec<Waiting>, bool)> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        self.0
            .store
            .run(move |connection| {
                must_moderate(connection, &by, &id)?;
                let is_locked = rooms::by_id(connection, &id)?.is_some_and(|room| room.is_locked);
                Ok((lobby::waiting(connection, &id, Timestamp::now())?, is_locked))
            })
            .await
    }

    /// Lets somebody in who waits: until the meeting ends they come and go.
    pub async fn admit(&self, actor: &Actor, room_id: &str, ticket: &str) -> Result<()> {
        self.answer(actor, room_id, ticket, State::Admitted).await
    }

    /// Tells somebody who waits that they may not come in. They may ask again after a while.
    pub async fn refuse(&self, actor: &Actor, room_id: &str, ticket: &str) -> Result<()> {
        self.answer(actor, room_id, ticket, State::Refused).await
    }

    /// Lets everybody in who waits, and says how many they were.
    pub async fn admit_all(&self, actor: &Actor, room_id: &str) -> Result<usize> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        let admitted = self.0.outbox.decide(move |connection| {
            must_moderate(connection, &by, &id)?;
            let admitted = lobby::admit_all(connection, &id, Timestamp::now())?;
            for identity in &admitted {
                note(connection, &by, "room.admit", &id, identity, "")?;
            }
            Effect::lobby(&id).leave(connection)?;
            Ok(admitted.len())
        });
        admitted.await
    }

    /// Locks a running meeting, or unlocks it: who is new waits until somebody lets them in. It ends with the meeting.
    pub async fn set_locked(&self, actor: &Actor, room_id: &str, on: bool) -> Result<()> {
        let (by, id) = (actor.clone(), room_id.to_owned());
        let verb = if on { "room.lock" } else { "room.unlock" };
        let changed = self.0.outbox.decide(move |connection| {
            must_moderate(connection, &by, &id)?;
            if rooms::set_locked(connection, &id, on)? {
                if on {
                    lobby::admit_inside(connection, &id, Timestamp::now())?;
                }
                note(connection, &by, verb, &id, &id, "")?;
            }
            Effect::lobby(&id).leave(connection)
        });
        changed.await
    }

    /// The one who waits and is called `wanted`: by identity or ticket, else by display name.
    pub async fn find_waiting(&self, actor: &Actor, room_id: &str, wanted: &str) -> Result<Waiting> {
        let (waiting, _) = self.lobby(actor, room_id).await?;
        if let Some(exact) = waiting.iter().find(|w| w.ticket == wanted) {
            return Ok(exact.clone());
        }
        let people = waiting.iter().map(|w| (w.identity.as_str(), w.name.as_str()));
        let (identity, _) = find::one(people, wanted)?;
        let found = waiting.into_iter().find(|w| w.identity == identity);
        found.ok_or_else(|| Error::not_found("ticket"))
    }

    async fn answer(&self, actor: &Actor, room_id: &str, ticket: &str, state: State) -> Result<()> {
        let (by, id, name) = (actor.clone(), room_id.to_owned(), ticket.to_owned());
        let answered = self.0.outbox.decide(move |connection| {
            must_moderate(connection, &by, &id)?;
            let now = Timestamp::now();
            let ticket = still_waits(connection, &id, &name, now)?;
            lobby::decide(connection, &ticket.ticket, state, now)?;
            let verb = if state == State::Admitted { "room.admit" } else { "room.refuse" };
            note(connection, &by, verb, &id, &ticket.identity, "")?;
            Effect::lobby(&id).leave(connection)
        });
        answered.await
    }
}

/// A ticket serves once, at its own room, and while who asked is there.
fn still_waits(connection: &mut Connection, room_id: &str, name: &str, now: Timestamp) -> Result<Ticket> {
    let ticket = lobby::by_ticket(connection, name)?.filter(|ticket| ticket.room_id == room_id);
    let ticket = ticket.ok_or_else(|| Error::not_found("ticket"))?;
    if ticket.state != State::Waiting {
        return Err(Error::conflict("ticket_used", "Somebody has answered this person already."));
    }
    if !ticket.waits(now) {
        return Err(Error::gone("ticket_expired", "This person does not wait any more."));
    }
    Ok(ticket)
}
