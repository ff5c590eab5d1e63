//! `bedrudctl room kick|ban|unban|mute|unmute`: one person in one room. The person is named by display name, mail address or identity.

use bedrud_control::Moderated;
use clap::Args;
use http::Method;
use serde_json::Value;

use crate::{
    ask::Change,
    client::Client,
    failure::{Exit, Outcome},
    path::changing,
    printer::Printer,
};

/// Whom, and where.
#[derive(Args)]
pub struct Target {
    /// Slug, title, id or unique prefix
    #[arg(add = crate::names::rooms())]
    room: String,
    /// Display name, mail address or identity
    person: String,
    #[command(flatten)]
    change: Change,
}

/// Does `verb` to the person; `sentence` stands between their name and the room's.
pub async fn run(verb: &str, sentence: &str, target: &Target, client: &Client, printer: Printer) -> Outcome {
    let dry_run = target.change.dry_run;
    let at = changing(["rooms", &target.room, verb, &target.person], dry_run);
    let met: Moderated = client.change(Method::POST, &at, &Value::Null).await?;
    let who = format!("{} ({})", met.participant.name, met.participant.identity);
    if dry_run {
        return printer.would(&format!("Would {verb} {who} in {}.", met.room));
    }
    printer.result(&met, |met| format!("{who} {sentence} {}.", met.room))?;
    Ok(Exit::Done)
}
