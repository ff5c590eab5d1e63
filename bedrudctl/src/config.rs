//! `bedrudctl config`: what of the file runs, and what the file says now.

use bedrud_control::Config;
use clap::Subcommand;

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::path,
    printer::{Printer, table},
};

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// List every key as it runs, with its default; secrets are hidden
    Show {
        /// Only what differs from its default
        #[arg(long)]
        changed: bool,
    },
    /// Say what the file says now that does not run yet, and what makes it run (exit code 7)
    Diff,
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    let mut config: Config = client.get(&path(["config"])).await?;
    match verb {
        Verb::Show { changed } => {
            config.values.retain(|one| !changed || one.value != one.default);
            printer.result(&config.values, |all| {
                let rows = all.iter().map(|one| [one.key.clone(), one.value.clone(), one.default.clone()]);
                table(["KEY", "VALUE", "DEFAULT"], rows)
            })?;
            Ok(Exit::Done)
        }
        Verb::Diff => {
            if !config.problems.is_empty() {
                let message = format!("The file would be refused. {}", config.problems.join(" "));
                return Err(Failure::new(Exit::Failed, "config_refused", message).hint(
                    "Until it is mended, everything runs on as it is: bedrud check-config --config FILE",
                ));
            }
            let exit = if config.pending.is_empty() { Exit::Done } else { Exit::WouldChange };
            printer.result(&config.pending, |all| {
                if all.is_empty() {
                    return "What the file says runs.".to_owned();
                }
                let rows = all
                    .iter()
                    .map(|one| [one.key.clone(), one.running.clone(), one.file.clone(), one.needs.clone()]);
                table(["KEY", "RUNS", "FILE", "NEEDS"], rows)
            })?;
            Ok(exit)
        }
    }
}
