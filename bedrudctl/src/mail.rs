//! `bedrudctl mail`: what this server writes to people, and whether it arrives.

use bedrud_control::{MailQueue, MailTest, MailTried};
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
    /// Say who carries mail, what waits, and why
    Status,
    /// Try everything again at once, also what was given up
    Retry {
        #[command(flatten)]
        change: Change,
    },
    /// Send one mail now, and say what became of it
    Test {
        /// Where to
        to: String,
        #[command(flatten)]
        change: Change,
    },
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Status => {
            let queue: MailQueue = client.get(&path(["mail"])).await?;
            printer.result(&queue, text)?;
        }
        Verb::Retry { change } if change.dry_run => {
            return printer.would("Would try every mail that waits, or was given up, at once.");
        }
        Verb::Retry { .. } => {
            let at = path(["mail", "retry"]);
            let tried: MailTried = client.change(Method::POST, &at, &Value::Null).await?;
            printer.result(&tried, |tried| format!("{} mails are tried now.", tried.tried))?;
        }
        Verb::Test { to, change } if change.dry_run => {
            return printer.would(&format!("Would send a mail to {to}."));
        }
        Verb::Test { to, .. } => {
            let at = path(["mail", "test"]);
            let sent: MailTest = client.change(Method::POST, &at, &MailTest { to }).await?;
            printer.result(&sent, |sent| {
                format!(
                    "A mail to {} has left. If it does not arrive, look into the mail server's log.",
                    sent.to
                )
            })?;
        }
    }
    Ok(Exit::Done)
}

fn text(queue: &MailQueue) -> String {
    let by = match queue.carrier.as_str() {
        "" => "This server sends no mail: mail.host and mail.sendmail are not set.".to_owned(),
        carrier => format!("Carried by {carrier}."),
    };
    let oldest = queue.oldest.as_deref().map(|at| format!(", the oldest since {}", moment(at)));
    let counts = format!(
        "{} on their way{}, {} of them failing; {} given up.",
        queue.waiting,
        oldest.unwrap_or_default(),
        queue.failing,
        queue.given_up
    );
    if queue.mails.is_empty() {
        return format!("{by}\n{counts}");
    }
    let rows = queue.mails.iter().map(|one| {
        let next = one.next_at.as_deref().map(moment).unwrap_or_default();
        let why = one.last_error.clone().unwrap_or_default();
        [one.kind.clone(), one.to.clone(), one.state.clone(), one.attempts.to_string(), next, why]
    });
    format!("{by}\n{counts}\n\n{}", table(["KIND", "TO", "STATE", "TRIES", "NEXT", "WHY"], rows))
}
