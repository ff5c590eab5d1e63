//! The queue: each webhook is called by one at a time and told in order; after a failure it is called again later, up to a day.

use std::{collections::HashSet, time::Duration};

use tokio::task::JoinSet;

use super::{Attempt, Delivery, Webhook, Webhooks, send::Letter};
use crate::{
    error::Result,
    store::{
        Connection, Timestamp, pause_seconds, until_due,
        webhooks::{
            deliveries::{self, DEAD, DELIVERED, WAITING},
            table,
        },
    },
};

/// How long a webhook is ours: longer than a call takes.
const LEASE_SECONDS: i64 = 30;
/// Webhooks called at the same time.
const AT_ONCE: usize = 16;
/// Letters to one webhook before others have their turn.
const IN_A_ROW: usize = 100;
/// How often the tables are looked at for what another daemon left.
const LOOK: Duration = Duration::from_secs(5);
/// The pause after a failure, doubled with each up to the longest. Up to a half of it is left to chance, so that not everybody
/// comes back at once to a server that was away.
const FIRST_PAUSE_SECONDS: i64 = 1;
const LONGEST_PAUSE_SECONDS: i64 = 3_600;
/// How long it is remembered what arrived, and what did not.
const DELIVERED_SECONDS: i64 = 7 * 86_400;
const DEAD_SECONDS: i64 = 30 * 86_400;

impl Webhooks {
    /// Tells webhooks what they wait for, for as long as it is polled.
    pub async fn deliver(&self) {
        let mine = self.0.store.holder();
        if let Err(e) = self.0.store.run(move |connection| table::release(connection, &mine)).await {
            tracing::warn!(code = e.code, "webhooks of the run before wait for their lease: {e}");
        }
        let mut at_work = JoinSet::new();
        loop {
            while at_work.try_join_next().is_some() {}
            let free = AT_ONCE.saturating_sub(at_work.len());
            let taken = self.take(free).await;
            if taken.is_empty() {
                let pause = if free == 0 { LOOK } else { self.until_next().await };
                tokio::select! {
                    () = self.0.store.news_left() => {}
                    () = tokio::time::sleep(pause) => {}
                    Some(_) = at_work.join_next() => {}
                }
            }
            for id in taken {
                let webhooks = self.clone();
                at_work.spawn(async move {
                    if let Err(e) = webhooks.tell(&id).await {
                        tracing::warn!(webhook = id, code = e.code, "waits for its lease: {e}");
                    }
                });
            }
        }
    }

    /// Forgets what ended long ago.
    pub async fn forget_old(&self) -> Result<()> {
        let forget = |connection: &mut Connection| {
            let now = Timestamp::now();
            let (delivered, dead) = (now.plus_seconds(-DELIVERED_SECONDS), now.plus_seconds(-DEAD_SECONDS));
            connection.transaction(|connection| deliveries::delete_old(connection, delivered, dead))
        };
        self.0.store.run(forget).await.map(drop)
    }

    async fn take(&self, most: usize) -> HashSet<String> {
        if most == 0 {
            return HashSet::new();
        }
        let (by, most) = (self.0.store.holder(), i64::try_from(most).unwrap_or(1));
        let taken = self.0.store.run(move |connection| {
            // asked every few seconds, and mostly in vain: a look needs no turn to write
            let now = Timestamp::now();
            if table::next(connection)?.is_none_or(|next| next > now) {
                return Ok(Vec::new());
            }
            connection.transaction(|c| table::take(c, &by, now, now.plus_seconds(LEASE_SECONDS), most))
        });
        let taken = taken.await.unwrap_or_else(|e| {
            tracing::warn!(code = e.code, "webhooks cannot be read now: {e}");
            Vec::new()
        });
        taken.into_iter().collect()
    }

    async fn until_next(&self) -> Duration {
        until_due(self.0.store.run(table::next).await.ok().flatten(), LOOK)
    }

    /// One letter after the other until nothing waits, one fails, or others had to wait long enough.
    async fn tell(&self, id: &str) -> Result<()> {
        let by = self.0.store.holder();
        for _ in 0..IN_A_ROW {
            let (wanted, mine) = (id.to_owned(), by.clone());
            let next = self.0.store.run(move |connection| {
                connection.transaction(|connection| {
                    let until = Timestamp::now().plus_seconds(LEASE_SECONDS);
                    if !table::renew(connection, &wanted, &mine, until)? {
                        return Ok(None);
                    }
                    let webhook = table::by_id(connection, &wanted)?.filter(|webhook| webhook.is_active);
                    Ok(webhook.zip(deliveries::head(connection, &wanted)?))
                })
            });
            let Some((webhook, delivery)) = next.await? else { break };
            let attempt = self.0.caller.call(&letter(&webhook, &delivery)).await;
            let arrived = attempt.error.is_empty();
            if !arrived {
                tracing::warn!(webhook = id, delivery = delivery.id, "not delivered: {}", attempt.error);
            }
            self.0
                .store
                .run(move |c| c.transaction(|c| settle(c, &delivery, &attempt, Timestamp::now())))
                .await?;
            if !arrived {
                break;
            }
        }
        let id = id.to_owned();
        self.0.store.run(move |connection| table::give_back(connection, &id, &by)).await
    }
}

pub(super) fn letter<'a>(webhook: &'a Webhook, delivery: &'a Delivery) -> Letter<'a> {
    Letter {
        url: &webhook.url,
        secret: &webhook.secret,
        id: &delivery.id,
        event: &delivery.event,
        created_at: delivery.created_at,
        body: &delivery.body,
    }
}

/// Writes down what came of a call. The next waits after a failure; whoever has waited a day is given up.
fn settle(connection: &mut Connection, delivery: &Delivery, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let webhook = &delivery.webhook_id;
    if attempt.error.is_empty() {
        deliveries::tried(connection, &delivery.id, attempt, DELIVERED, Some(now))?;
        return table::went_well(connection, webhook);
    }
    let is_over = now >= delivery.give_up_at;
    let (state, ended) = if is_over { (DEAD, Some(now)) } else { (WAITING, None) };
    deliveries::tried(connection, &delivery.id, attempt, state, ended)?;
    deliveries::give_up(connection, webhook, now)?;
    let failures = table::went_wrong(connection, webhook)?;
    table::pause(connection, webhook, Timestamp(now.0 + pause_ms(failures, rand::random())))
}

/// `chance` is from 0 to 1.
fn pause_ms(failures: i64, chance: f64) -> i64 {
    let whole = pause_seconds(failures, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS) * 1_000;
    whole / 2 + (whole as f64 / 2.0 * chance) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_differ() {
        assert_eq!((pause_ms(1, 0.0), pause_ms(1, 1.0)), (500, 1_000));
        assert_eq!((pause_ms(4, 0.0), pause_ms(4, 1.0)), (4_000, 8_000));
        assert_eq!((pause_ms(40, 0.0), pause_ms(i64::MAX, 1.0)), (1_800_000, 3_600_000));
    }
}
