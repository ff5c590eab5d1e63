//! What administrators do with webhooks: make, change, try, look at what came of them, and send again.

use uuid::Uuid;

use super::{Attempt, Delivery, Faring, Webhook, Webhooks, deliver, target};
use crate::{
    actor::Actor,
    error::{self, Error, Kind, Result},
    store::{
        Connection, Timestamp, audit, fresh_secret,
        webhooks::{
            deliveries::{self, DEAD, DELIVERED, WAITING},
            table,
            tell::{
                self, About, PARTICIPANT_JOINED, PARTICIPANT_LEFT, PING, RECORDING_COMPLETED, ROOM_CREATED,
                ROOM_ENDED, TRIED_SECONDS,
            },
        },
    },
};

/// What can be wished for; a ping comes when an administrator asks for it.
const EVENTS: [&str; 5] =
    [ROOM_CREATED, ROOM_ENDED, PARTICIPANT_JOINED, PARTICIPANT_LEFT, RECORDING_COMPLETED];
/// So many are enough, and each is looked for whenever something happens.
const MOST: i64 = 50;

/// What somebody says about a webhook; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Where it is called.
    pub url: Option<String>,
    /// What it is told of; nothing in it means everything.
    pub events: Option<Vec<String>>,
    /// Whether it is told.
    pub is_active: Option<bool>,
}

impl Webhooks {
    /// Makes one. Its secret is in the answer, and nowhere else later.
    pub async fn create(&self, actor: &Actor, wanted: Wanted) -> Result<Webhook> {
        permitted(actor)?;
        let now = Timestamp::now();
        let webhook = Webhook {
            id: Uuid::new_v4().to_string(),
            url: self.checked(wanted.url.as_deref().unwrap_or_default()).await?,
            secret: fresh_secret(),
            events: events(wanted.events.unwrap_or_default())?,
            is_active: wanted.is_active.unwrap_or(true),
            created_by: actor.label(),
            created_at: now,
            updated_at: now,
        };
        let (made, line) = (webhook.clone(), line(actor, "webhook.create", &webhook.id, &webhook.url));
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                if table::count(connection)? >= MOST {
                    let s = format!(
                        "There are {MOST} webhooks, which is as many as there may be. Delete one first."
                    );
                    return Err(Error::conflict("webhook_quota", s));
                }
                table::insert(connection, &made)?;
                audit::write(connection, &line)
            })
        });
        stored.await.map(|()| webhook)
    }

    /// Webhooks and how they fare, oldest first; pages count from 1. And how many there are.
    pub async fn list(&self, actor: &Actor, page: i64, limit: i64) -> Result<(Vec<Faring>, i64)> {
        permitted(actor)?;
        let offset = (page - 1).saturating_mul(limit);
        let list = move |c: &mut Connection| Ok((table::faring(c, None, limit, offset)?, table::count(c)?));
        self.0.store.run(list).await
    }

    /// One of them.
    pub async fn show(&self, actor: &Actor, id: &str) -> Result<Faring> {
        permitted(actor)?;
        let id = id.to_owned();
        let found = self.0.store.run(move |c| table::faring(c, Some(&id), 1, 0)).await?;
        found.into_iter().next().ok_or_else(unknown)
    }

    /// Changes one. What waits is sent to where it leads now.
    pub async fn change(&self, actor: &Actor, id: &str, wanted: Wanted) -> Result<Webhook> {
        permitted(actor)?;
        let url = match &wanted.url {
            Some(url) => Some(self.checked(url).await?),
            None => None,
        };
        let events = wanted.events.map(events).transpose()?;
        self.alter(actor, "webhook.change", id, move |webhook| {
            webhook.url = url.clone().unwrap_or_else(|| webhook.url.clone());
            webhook.events = events.clone().unwrap_or_else(|| webhook.events.clone());
            webhook.is_active = wanted.is_active.unwrap_or(webhook.is_active);
        })
        .await
    }

    /// Gives one another secret, with which the next call is signed. It is in the answer, and nowhere else later.
    pub async fn rotate_secret(&self, actor: &Actor, id: &str) -> Result<Webhook> {
        permitted(actor)?;
        let secret = fresh_secret();
        self.alter(actor, "webhook.rotate", id, move |webhook| webhook.secret = secret.clone()).await
    }

    async fn alter(
        &self,
        actor: &Actor,
        verb: &'static str,
        id: &str,
        change: impl Fn(&mut Webhook) + Send + 'static,
    ) -> Result<Webhook> {
        let (beginning, id) = (line(actor, verb, id, ""), id.to_owned());
        let altered = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let mut webhook = table::by_id(connection, &id)?.ok_or_else(unknown)?;
                change(&mut webhook);
                webhook.updated_at = Timestamp::now();
                table::update(connection, &webhook)?;
                table::hurry(connection, &id, webhook.updated_at)?;
                audit::write(connection, &audit::Line { detail: webhook.url.clone(), ..beginning.clone() })?;
                Ok(webhook)
            })
        });
        altered.await
    }

    /// Deletes one, with everything that it was told and was to be told.
    pub async fn delete(&self, actor: &Actor, id: &str) -> Result<()> {
        permitted(actor)?;
        let (line, id) = (line(actor, "webhook.delete", id, ""), id.to_owned());
        let deleted = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                if !table::delete(connection, &id)? {
                    return Err(unknown());
                }
                audit::write(connection, &line)
            })
        });
        deleted.await
    }

    /// Calls one now, beside its queue, and says what came of it. It is not tried again.
    pub async fn test(&self, actor: &Actor, id: &str) -> Result<(Delivery, Attempt)> {
        let webhook = self.show(actor, id).await?.webhook;
        let user_id = actor.person().map_or("", |person| &person.id);
        let mut delivery = tell::delivery(id, PING, About { user_id, ..About::default() }, "")?;
        let attempt = self.0.caller.call(&deliver::letter(&webhook, &delivery)).await;
        delivery.ended_at = Some(Timestamp::now());
        delivery.state = if attempt.error.is_empty() { DELIVERED } else { DEAD }.to_owned();
        let (stored, tried) = (delivery.clone(), attempt.clone());
        let kept = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                if table::by_id(connection, &stored.webhook_id)?.is_none() {
                    return Ok(()); // deleted meanwhile
                }
                deliveries::insert(connection, &stored)?;
                deliveries::tried(connection, &stored.id, &tried, &stored.state, stored.ended_at)
            })
        });
        kept.await?;
        delivery.attempts = 1;
        Ok((delivery, attempt))
    }

    /// What one was told and is to be told, newest first; in one state or any. And how many there are.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        id: &str,
        state: Option<&str>,
        page: i64,
        limit: i64,
    ) -> Result<(Vec<Delivery>, i64)> {
        let known = self.show(actor, id).await?.webhook.id;
        let state = state.filter(|state| !state.is_empty());
        if state.is_some_and(|state| ![WAITING, DELIVERED, DEAD].contains(&state)) {
            let s = "A delivery is waiting, delivered or dead. Ask for one of these.";
            return Err(Error::invalid("state_invalid", s));
        }
        let (offset, state) = ((page - 1).saturating_mul(limit), state.map(str::to_owned));
        self.0.store.run(move |c| deliveries::list(c, &known, state.as_deref(), limit, offset)).await
    }

    /// One delivery with every call that was made for it.
    pub async fn delivery(
        &self,
        actor: &Actor,
        id: &str,
        delivery: &str,
    ) -> Result<(Delivery, Vec<Attempt>)> {
        permitted(actor)?;
        let (id, delivery) = (id.to_owned(), delivery.to_owned());
        let found = self.0.store.run(move |connection| {
            let found = deliveries::by_id(connection, &id, &delivery)?;
            let found = found.ok_or_else(|| Error::not_found("delivery"))?;
            Ok((found, deliveries::attempts(connection, &delivery)?))
        });
        found.await
    }

    /// Sends one again that has ended, under its own id; every dead letter where none is named. How many there are.
    pub async fn replay(&self, actor: &Actor, id: &str, delivery: Option<&str>) -> Result<u64> {
        permitted(actor)?;
        let line = line(actor, "webhook.replay", id, delivery.unwrap_or_default());
        let (id, delivery) = (id.to_owned(), delivery.map(str::to_owned));
        let replayed = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                table::by_id(connection, &id)?.ok_or_else(unknown)?;
                let now = Timestamp::now();
                let give_up_at = now.plus_seconds(TRIED_SECONDS);
                let count = match &delivery {
                    None => deliveries::replay_dead(connection, &id, give_up_at)?,
                    Some(one) if deliveries::replay(connection, &id, one, give_up_at)? => 1,
                    Some(one) => {
                        deliveries::by_id(connection, &id, one)?
                            .ok_or_else(|| Error::not_found("delivery"))?;
                        0 // it waits already
                    }
                };
                table::hurry(connection, &id, now)?;
                audit::write(connection, &line)?;
                Ok(count)
            })
        });
        replayed.await
    }

    /// A URL that can be called. A name that nobody knows just now may be known later.
    async fn checked(&self, url: &str) -> Result<String> {
        let url = target::read(url)?;
        match self.0.caller.rules.addresses(&url).await {
            Err(e) if e.kind != Kind::Unavailable => Err(e),
            _ => Ok(url.into()),
        }
    }
}

fn events(wanted: Vec<String>) -> Result<Vec<String>> {
    if let Some(wrong) = wanted.iter().find(|name| !EVENTS.contains(&name.as_str()) && *name != PING) {
        let s = format!("There is no event {wrong:?}. Choose among {}.", EVENTS.join(", "));
        return Err(Error::invalid("event_unknown", s));
    }
    let all = wanted.iter().all(|name| name == PING);
    let chosen = EVENTS.iter().filter(|name| all || wanted.iter().any(|wanted| wanted == *name));
    Ok(chosen.map(|name| (*name).to_owned()).collect())
}

fn permitted(actor: &Actor) -> Result<()> {
    error::permitted(actor.administers(), "Only an administrator may see and change webhooks.")
}

fn line(actor: &Actor, verb: &'static str, id: &str, detail: &str) -> audit::Line {
    audit::Line { target: id.to_owned(), detail: detail.to_owned(), ..audit::Line::by(actor, verb) }
}

fn unknown() -> Error {
    Error::not_found("webhook")
}
