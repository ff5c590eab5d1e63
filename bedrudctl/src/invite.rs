//! `bedrudctl invite`: links by which somebody makes an account.

use bedrud_control::{Invitation, Invitations, NewInvitation, PageQuery};
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
    /// Make a link by which one person makes an account
    Create {
        /// Serves for this mail address only
        #[arg(long, value_name = "MAIL")]
        email: Option<String>,
        /// How long it serves [default: 72]
        #[arg(long)]
        hours: Option<u32>,
        #[command(flatten)]
        change: Change,
    },
    /// List invitations, newest first
    List {
        /// Counted from 1
        #[arg(long)]
        page: Option<u32>,
        /// The most to list [default: 50]
        #[arg(long)]
        limit: Option<u32>,
    },
    /// Take one back; an account that was made by it stays
    Revoke {
        /// Its id, as `invite list` shows it
        id: String,
        #[command(flatten)]
        destroy: Destroy,
    },
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Create { email, hours, change } => {
            if change.dry_run {
                return printer.would("Would make an invitation.");
            }
            let new = NewInvitation { email, expires_in_hours: hours };
            let made: Invitation = client.change(Method::POST, &path(["invitations"]), &new).await?;
            printer.result(&made, |one| {
                let sent = if one.mailed { format!("\nSent to {}.", one.email) } else { String::new() };
                format!("{}\nServes once, until {}.{sent}", one.link, moment(&one.expires_at))
            })?;
            Ok(Exit::Done)
        }
        Verb::List { page: number, limit } => {
            let query = PageQuery { q: String::new(), page: number, limit };
            let found: Invitations = client.get(&asking(["invitations"], &query)?).await?;
            printer.result(&found, |list| {
                let rows = list.invitations.iter().map(|one| {
                    let used = one.used_at.as_deref().map(moment).unwrap_or_default();
                    [one.id.clone(), one.email.clone(), moment(&one.expires_at), used, yes(one.serves)]
                });
                table(["ID", "MAIL", "UNTIL", "USED", "SERVES"], rows)
            })?;
            printer.rest(found.invitations.len(), found.total);
            Ok(Exit::Done)
        }
        Verb::Revoke { id, destroy } => {
            if destroy.dry_run {
                return printer.would(&format!("Would take the invitation {id} back."));
            }
            destroy.confirm(&format!("Nobody will come by the invitation {id} any more."))?;
            let at = path(["invitations", &id]);
            let gone: Value = client.change(Method::DELETE, &at, &Value::Null).await?;
            printer.result(&gone, |_| format!("The invitation {id} serves no more."))?;
            Ok(Exit::Done)
        }
    }
}
