//! `bedrudctl webhook`: whom outside the server tells what happens.

use bedrud_control::{
    DeliveriesQuery, NewWebhook, Replay, Replayed, Webhook, WebhookDeliveries, WebhookDelivery, Webhooks,
};
use clap::Subcommand;
use http::Method;
use serde_json::Value;

use crate::{
    ask::{Change, Destroy},
    client::Client,
    failure::{Exit, Outcome},
    path::{asking, path},
    printer::{Printer, moment, table, yes},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// List webhooks and how they fare
    List,
    /// Have a server told what happens, and show the secret of its calls once
    Add {
        /// Where it is called, such as https://example.org/bedrud
        url: String,
        /// What it is told of, such as room.created,room.ended [default: everything]
        #[arg(long, value_delimiter = ',', value_name = "EVENT")]
        events: Vec<String>,
        #[command(flatten)]
        change: Change,
    },
    /// Tell a server nothing any more, and forget what it was told
    Remove {
        /// Its id, as `webhook list` shows it
        id: String,
        #[command(flatten)]
        destroy: Destroy,
    },
    /// Send a ping now and say what came of it
    Test {
        /// Its id, as `webhook list` shows it
        id: String,
    },
    /// Make another secret and show it once
    Rotate {
        /// Its id, as `webhook list` shows it
        id: String,
        #[command(flatten)]
        destroy: Destroy,
    },
    /// List what one was told and is to be told, newest first; or every call that was made for one of it
    Deliveries {
        /// Its id, as `webhook list` shows it
        id: String,
        /// Show this one with every call
        delivery: Option<String>,
        /// Only what is waiting, delivered or dead
        #[arg(long)]
        state: Option<String>,
        /// Counted from 1
        #[arg(long)]
        page: Option<u32>,
        /// The most to list [default: 50]
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Send dead letters again, in their order; or one delivery that has ended
    Replay {
        /// Its id, as `webhook list` shows it
        id: String,
        /// Only this one
        delivery: Option<String>,
        #[command(flatten)]
        change: Change,
    },
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::List => {
            let found: Webhooks = client.get(&path(["webhooks"])).await?;
            printer.result(&found, |list| {
                let rows = list.webhooks.iter().map(|one| {
                    let counts = [one.waiting, one.dead, one.failures].map(|count| count.to_string());
                    let [waiting, dead, failures] = counts;
                    [one.id.clone(), one.url.clone(), yes(one.is_active), waiting, dead, failures]
                });
                table(["ID", "URL", "ACTIVE", "WAITING", "DEAD", "FAILED"], rows)
            })?;
        }
        Verb::Add { url, events, change } => {
            if change.dry_run {
                return printer.would(&format!("Would tell {url} what happens."));
            }
            let made: Webhook =
                client.change(Method::POST, &path(["webhooks"]), &NewWebhook { url, events }).await?;
            printer.result(&made, with_secret)?;
        }
        Verb::Remove { id, destroy } => {
            if destroy.dry_run {
                return printer.would(&format!("Would delete the webhook {id}."));
            }
            destroy.confirm(&format!("What the webhook {id} was not told yet it will never be told."))?;
            let gone: Value = client.change(Method::DELETE, &path(["webhooks", &id]), &Value::Null).await?;
            printer.result(&gone, |_| format!("The webhook {id} is deleted."))?;
        }
        Verb::Test { id } => {
            let at = path(["webhooks", &id, "test"]);
            let told: WebhookDelivery = client.change(Method::POST, &at, &Value::Null).await?;
            printer.result(&told, |one| {
                let call = one.tries.first();
                call.filter(|call| !call.error.is_empty()).map_or_else(
                    || format!("It arrived after {} ms.", call.map_or(0, |call| call.milliseconds)),
                    |call| format!("It did not arrive. {}", call.error),
                )
            })?;
            if told.state != "delivered" {
                return Ok(Exit::Failed);
            }
        }
        Verb::Rotate { id, destroy } => {
            if destroy.dry_run {
                return printer.would(&format!("Would give the webhook {id} another secret."));
            }
            destroy.confirm("From the next call on, who knows only the old secret can verify nothing.")?;
            let at = path(["webhooks", &id, "rotate"]);
            let rotated: Webhook = client.change(Method::POST, &at, &Value::Null).await?;
            printer.result(&rotated, with_secret)?;
        }
        Verb::Deliveries { id, delivery: Some(delivery), .. } => {
            let at = path(["webhooks", &id, "deliveries", &delivery]);
            let found: WebhookDelivery = client.get(&at).await?;
            printer.result(&found, |one| {
                let rows = one.tries.iter().map(|call| {
                    let status = call.status.map(|status| status.to_string()).unwrap_or_default();
                    [call.at.clone(), format!("{} ms", call.milliseconds), status, call.error.clone()]
                });
                format!(
                    "{}\n{}: {}\n{}",
                    one.body,
                    one.event,
                    one.state,
                    table(["AT", "TOOK", "STATUS", "ERROR"], rows)
                )
            })?;
        }
        Verb::Deliveries { id, state, page, limit, .. } => {
            let query = DeliveriesQuery { state, page, limit };
            let found: WebhookDeliveries =
                client.get(&asking(["webhooks", &id, "deliveries"], &query)?).await?;
            printer.result(&found, |list| {
                let rows = list.deliveries.iter().map(|one| {
                    let (at, calls) = (moment(&one.created_at), one.attempts.to_string());
                    [one.id.clone(), one.event.clone(), at, one.state.clone(), calls]
                });
                table(["ID", "EVENT", "AT", "STATE", "CALLS"], rows)
            })?;
            printer.rest(found.deliveries.len(), found.total);
        }
        Verb::Replay { id, delivery, change } => {
            if change.dry_run {
                return printer.would(&format!("Would send again what the webhook {id} did not get."));
            }
            let at = path(["webhooks", &id, "replay"]);
            let replayed: Replayed = client.change(Method::POST, &at, &Replay { delivery }).await?;
            printer.result(&replayed, |told| format!("Sent again: {}.", told.count))?;
        }
    }
    Ok(Exit::Done)
}

fn with_secret(webhook: &Webhook) -> String {
    format!("{}\nSecret, shown once: {}", webhook.id, webhook.secret.as_deref().unwrap_or_default())
}
