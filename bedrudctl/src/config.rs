//! `bedrudctl config`: what of the file runs, and what the file says now.

use bedrud_control::Config;
use clap::Subcommand;
use serde_json::json;

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    older,
    path::path,
    printer::{Printer, table},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Say what is wrong with the file as it is now; what runs stays as it is (exit code 1)
    Check,
    /// List every key as it runs, with its default and who says it; secrets are hidden
    Show {
        /// Only what differs from its default
        #[arg(long)]
        changed: bool,
    },
    /// Say what the file says now that does not run yet, and what makes it run (exit code 7)
    Diff,
    /// Take over what an older server had: its configuration, people with their passwords, rooms, settings
    ///
    /// Nothing of the older server is written to. What is here already stays as it is, so this may be done again. Begin with
    /// --dry-run, which says what would become of every key and every account.
    Import(older::Import),
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Check => check(&client.get(&path(["config"])).await?, printer),
        Verb::Show { changed } => show(client.get(&path(["config"])).await?, changed, printer),
        Verb::Diff => diff(&client.get(&path(["config"])).await?, printer),
        Verb::Import(wanted) => older::run(wanted, client, printer).await,
    }
}

fn show(mut config: Config, changed: bool, printer: Printer) -> Outcome {
    config.values.retain(|one| !changed || one.value != one.default);
    printer.result(&config.values, |all| {
        let rows =
            all.iter().map(|one| [one.key.clone(), one.value.clone(), one.default.clone(), one.from.clone()]);
        table(["KEY", "VALUE", "DEFAULT", "FROM"], rows)
    })?;
    Ok(Exit::Done)
}

fn check(config: &Config, printer: Printer) -> Outcome {
    accepted(config)?;
    printer.result(&json!({"file": config.file, "accepted": true}), |_| match &config.file {
        Some(file) => format!("{file} is accepted."),
        None => "There is no file: everything is as without one.".to_owned(),
    })?;
    Ok(Exit::Done)
}

/// Fails, line by line, where the file as it is now would be refused.
fn accepted(config: &Config) -> Outcome<()> {
    if config.problems.is_empty() {
        return Ok(());
    }
    let message = format!("The file would be refused. {}", config.problems.join(" "));
    let hint = "Until it is mended, everything runs on as it is. A start finds still more, such as ports that are held: bedrud check-config --config FILE";
    Err(Failure::new(Exit::Failed, "config_refused", message).hint(hint))
}

fn diff(config: &Config, printer: Printer) -> Outcome {
    accepted(config)?;
    let exit = if config.pending.is_empty() { Exit::Done } else { Exit::WouldChange };
    printer.result(&config.pending, |all| {
        if all.is_empty() {
            return "What the file says runs.".to_owned();
        }
        let rows =
            all.iter().map(|one| [one.key.clone(), one.running.clone(), one.file.clone(), one.needs.clone()]);
        table(["KEY", "RUNS", "FILE", "NEEDS"], rows)
    })?;
    Ok(exit)
}
