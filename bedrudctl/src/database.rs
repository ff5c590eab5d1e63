//! `bedrudctl database`: where accounts and rooms are kept, whether that is whole, and a move to another place.

use std::time::Duration;

use bedrud_control::{DatabaseCheck, DatabaseMove, DatabaseStatus, NewDatabase};
use clap::Subcommand;
use http::Method;

use crate::{
    ask::Destroy,
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::path,
    printer::{Printer, facts},
};

/// How often a move is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Say where the database is, and how a move fares
    Status,
    /// Read all of it, and say what is wrong (exit code 1)
    Check,
    /// Move everything into another database while people go on working
    ///
    /// The daemon copies, takes over what is written meanwhile, and then uses the new one. Nobody can write in the last second.
    /// Broken off at any moment, the old one serves as before. Afterwards the configuration has to name the new one.
    Move {
        /// postgres://USER@HOST/DATABASE?passfile=FILE, or the absolute path of a file of SQLite
        #[arg(long, value_name = "URL")]
        to: String,
        #[command(flatten)]
        destroy: Destroy,
    },
    /// Give up a move that still copies; nothing has changed then
    GiveUp,
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Status => show(&client.get(&path(["database"])).await?, printer),
        Verb::Check => check(&client.examine(&path(["database", "check"])).await?, printer),
        Verb::Move { to, destroy } => carry(to, &destroy, client, printer).await,
        Verb::GiveUp => {
            let told: DatabaseMove =
                client.change(Method::DELETE, &path(["database", "move"]), &serde_json::Value::Null).await?;
            printer.result(&told, |told| format!("The move to {} is given up.", told.to))?;
            Ok(Exit::Done)
        }
    }
}

fn show(status: &DatabaseStatus, printer: Printer) -> Outcome {
    printer.result(status, |status| {
        let moving = status.moving.as_ref();
        facts([
            ("kind", status.kind.clone()),
            ("place", status.place.clone()),
            ("problem", status.problem.clone()),
            ("move to", moving.map(|m| m.to.clone()).unwrap_or_default()),
            ("which is", moving.map(|m| m.stage.clone()).unwrap_or_default()),
            ("rows", moving.map(|m| format!("{} of {}", m.rows, m.of)).unwrap_or_default()),
            ("failure", moving.map(|m| m.failure.clone()).unwrap_or_default()),
        ])
    })?;
    Ok(Exit::Done)
}

fn check(check: &DatabaseCheck, printer: Printer) -> Outcome {
    printer.result(check, |check| {
        if check.complaints.is_empty() { "It is whole.".to_owned() } else { check.complaints.join("\n") }
    })?;
    Ok(if check.complaints.is_empty() { Exit::Done } else { Exit::Failed })
}

async fn carry(to: String, destroy: &Destroy, client: &Client, printer: Printer) -> Outcome {
    let status: DatabaseStatus = client.get(&path(["database"])).await?;
    let place = &status.place;
    if destroy.dry_run {
        return printer.would(&format!("Would move everything out of {place}, which keeps what it has."));
    }
    destroy.confirm(&format!("This moves everything out of {place}; afterwards the new database serves."))?;
    let new = NewDatabase { to };
    let mut told: DatabaseMove = client.change(Method::POST, &path(["database", "move"]), &new).await?;
    while !matches!(told.stage.as_str(), "done" | "failed") {
        tokio::time::sleep(LOOK_AGAIN).await;
        let status: DatabaseStatus = client.get(&path(["database"])).await?;
        let Some(moving) = status.moving else { break };
        told = moving;
    }
    if told.stage != "done" {
        return Err(Failure::new(Exit::Failed, "move_failed", told.failure));
    }
    printer.result(&told, |told| {
        format!(
            "Moved {} rows to {} in {:.1} s; nobody could write for {} ms.\nNow write that into the configuration (database.url, or database.path): the daemon does not start with the old one any more.",
            told.rows,
            told.to,
            std::time::Duration::from_millis(told.milliseconds).as_secs_f32(),
            told.held_milliseconds
        )
    })?;
    Ok(Exit::Done)
}
