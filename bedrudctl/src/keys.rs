//! `bedrudctl keys`: what signs what, and exchanging it.

use bedrud_control::{Key, Keys};
use clap::Subcommand;
use http::Method;
use serde_json::Value;

use crate::{
    ask::Change,
    client::Client,
    failure::{Exit, Outcome},
    path::path,
    printer::{Printer, moment, table},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// List keys by id and age, and what they sign; never a secret
    List,
    /// Have a fresh key sign from now on
    Rotate {
        /// The one of access and refresh tokens: nobody is signed out, since what the one before signed is believed until it is over
        #[arg(long, required = true)]
        sessions: bool,
        #[command(flatten)]
        change: Change,
    },
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::List => {
            let keys: Keys = client.get(&path(["keys"])).await?;
            printer.result(&keys, |all| {
                table(["KIND", "ID", "MADE", "BELIEVED UNTIL", "SIGNS"], all.keys.iter().map(row))
            })?;
            Ok(Exit::Done)
        }
        Verb::Rotate { change, .. } if change.dry_run => {
            printer.would("Would have a fresh key sign tokens from now on; nobody would be signed out.")
        }
        Verb::Rotate { .. } => {
            let at = path(["keys", "sessions", "rotate"]);
            let key: Key = client.change(Method::POST, &at, &Value::Null).await?;
            printer.result(&key, |key| {
                format!("The key {} signs tokens from now on. Nobody was signed out.", key.id)
            })?;
            Ok(Exit::Done)
        }
    }
}

fn row(key: &Key) -> [String; 5] {
    let time = |text: &Option<String>| text.as_deref().map(moment).unwrap_or_default();
    [key.kind.clone(), key.id.clone(), time(&key.made_at), time(&key.believed_until), key.signs.clone()]
}
