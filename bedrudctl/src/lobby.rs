//! `bedrudctl room waiting|admit|refuse|lock|unlock`: who waits to be let into a room, and who lets them.

use bedrud_control::{Lobby, ModeratedAll};
use clap::Args;
use http::Method;
use serde_json::Value;

use crate::{
    ask::Change,
    client::Client,
    failure::{Exit, Outcome},
    moderation::{self, Target},
    path::{changing, path},
    printer::{Printer, since, table},
};

/// Whom to let in.
#[derive(Args)]
pub struct Admit {
    /// Slug, title, id or unique prefix
    #[arg(add = crate::names::rooms())]
    room: String,
    /// Display name or identity
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    person: Option<String>,
    /// Everybody who waits
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    change: Change,
}

impl Admit {
    /// Lets them in.
    pub async fn run(self, client: &Client, printer: Printer) -> Outcome {
        let Self { room, person, change, .. } = self;
        if let Some(person) = person {
            let target = Target { room, person, change };
            return moderation::run("admit", "may come into", &target, client, printer).await;
        }
        let met = whole(&room, "admit-all", &change, client).await?;
        if change.dry_run {
            return printer.would(&format!("Would let everybody in who waits before {}.", met.room));
        }
        printer.result(&met, |met| format!("{}: {} who waited may come in.", met.room, met.people))?;
        Ok(Exit::Done)
    }
}

/// Which meeting.
#[derive(Args)]
pub struct Lock {
    /// Slug, title, id or unique prefix
    #[arg(add = crate::names::rooms())]
    room: String,
    #[command(flatten)]
    change: Change,
}

impl Lock {
    /// Locks the meeting, or unlocks it.
    pub async fn run(self, on: bool, client: &Client, printer: Printer) -> Outcome {
        let verb = if on { "lock" } else { "unlock" };
        let met = whole(&self.room, verb, &self.change, client).await?;
        if self.change.dry_run {
            return printer.would(&format!("Would {verb} the meeting in {}.", met.room));
        }
        printer.result(&met, |met| match on {
            true => format!("{} is locked: whoever comes now waits, until the meeting ends.", met.room),
            false => format!("{} is unlocked.", met.room),
        })?;
        Ok(Exit::Done)
    }
}

async fn whole(room: &str, verb: &str, change: &Change, client: &Client) -> Outcome<ModeratedAll> {
    client.change(Method::POST, &changing(["rooms", room, verb], change.dry_run)?, &Value::Null).await
}

/// Lists who waits.
pub async fn waiting(room: &str, client: &Client, printer: Printer) -> Outcome {
    let lobby: Lobby = client.get(&path(["rooms", room, "lobby"])).await?;
    printer.result(&lobby, |lobby| {
        let rows = lobby.waiting.iter().map(|one| {
            let note = if one.is_guest { "guest" } else { "" };
            [one.name.clone(), one.identity.clone(), since(one.asked_at), note.to_owned()]
        });
        table(["NAME", "IDENTITY", "WAITS FOR", "NOTES"], rows)
    })?;
    Ok(Exit::Done)
}
