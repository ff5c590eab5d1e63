//! `bedrudctl doctor`: what may be wrong with the server or its machine, and the command that mends it. Silent where all is well.

use bedrud_control::{Examination, Finding};
use clap::Args;

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    printer::{Printer, printable},
};

/// A daemon that does not answer is the first thing to be found.
const UNREACHABLE: &str = "daemon.down";

/// A check whose id differs by so many letters at most may have been meant.
const MISTYPED: usize = 4;

/// What is looked for.
#[derive(Args)]
pub struct Doctor {
    /// Only this; may be given several times
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
    /// Say what is looked for
    #[arg(long, conflicts_with = "only")]
    list: bool,
}

/// Exit code 8 where something was found.
pub async fn examine(wanted: Doctor, client: &Client, printer: Printer) -> Outcome {
    let mut examination = match client.examine::<Examination>("/v1/doctor").await {
        Ok(examination) => examination,
        Err(failure) if failure.exit == Exit::Unreachable => Examination {
            findings: vec![Finding {
                id: UNREACHABLE.to_owned(),
                severity: "error".to_owned(),
                evidence: failure.message,
                remedy: "systemctl restart bedrud; journalctl -u bedrud -n 50".to_owned(),
            }],
            checked: Vec::new(),
        },
        Err(failure) => return Err(failure),
    };
    examination.checked.push(UNREACHABLE.to_owned());
    let is_down = examination.checked.len() == 1;
    if let Some(unknown) = wanted.only.iter().find(|id| !is_down && !examination.checked.contains(id)) {
        let near = examination.checked.iter().min_by_key(|id| strsim::osa_distance(id, unknown));
        let near = near.filter(|id| strsim::osa_distance(id, unknown) <= MISTYPED);
        let near = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
        let message = format!("There is no check {unknown:?}.{near}");
        return Err(Failure::usage("check_unknown", message, "bedrudctl doctor --list shows them all."));
    }
    if wanted.list {
        printer.result(&examination.checked, |all| all.join("\n"))?;
        return Ok(Exit::Done);
    }
    if !wanted.only.is_empty() && !is_down {
        examination.findings.retain(|finding| wanted.only.contains(&finding.id));
        examination.checked.retain(|id| wanted.only.contains(id));
    }
    let exit = if examination.findings.is_empty() { Exit::Done } else { Exit::Degraded };
    // people who find nothing are told nothing
    if exit == Exit::Degraded || printer.is_for_programs() {
        printer.result(&examination, |all| all.findings.iter().map(shown).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(exit)
}

fn shown(finding: &Finding) -> String {
    let Finding { id, severity, evidence, remedy } = finding;
    format!("{severity} {id}: {}\n  {}", printable(evidence), printable(remedy))
}
