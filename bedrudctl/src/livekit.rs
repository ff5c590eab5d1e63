//! `bedrudctl livekit`: the SFU.

use std::time::{Duration, Instant};

use bedrud_control::{Livekit, Status};
use clap::Subcommand;
use http::Method;
use serde_json::Value;

use crate::{
    ask::Destroy,
    client::Client,
    failure::{Exit, Failure, Outcome},
    path::path,
    printer::{Printer, facts, moment, people},
};

/// How long a restart may take, and how often it is looked at meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Say how the SFU fares
    Status,
    /// Restart the SFU; people in a call come back by themselves within seconds
    Restart {
        #[command(flatten)]
        destroy: Destroy,
    },
}

/// Runs one verb.
pub async fn run(verb: Verb, client: &Client, printer: Printer) -> Outcome {
    match verb {
        Verb::Status => show(client.get(&path(["livekit"])).await?, printer),
        Verb::Restart { destroy } => restart(&destroy, client, printer).await,
    }
}

fn show(livekit: Livekit, printer: Printer) -> Outcome {
    printer.result(&livekit, |l| {
        let ports = l.ports.as_ref().map(|p| {
            let turn = p.turn_udp.map(|port| format!(", {port} TURN/UDP")).unwrap_or_default();
            format!("{} HTTP on loopback, {} TCP, {} UDP{turn}", p.http, p.tcp, p.udp)
        });
        let text = facts([
            ("state", l.state.clone()),
            ("run by", (if l.is_ours { "us" } else { "somebody else" }).to_owned()),
            ("process", l.pid.map(|pid| pid.to_string()).unwrap_or_default()),
            ("ready since", l.ready_since.as_deref().map(moment).unwrap_or_default()),
            ("restarts", l.restarts.to_string()),
            ("ports", ports.unwrap_or_default()),
            ("address", l.node_ip.clone()),
            ("found by", l.node_ip_source.clone()),
            ("to do", l.node_ip_advice.clone()),
            ("failure", l.failure.clone()),
        ]);
        l.last_lines.iter().fold(text, |text, line| text + "\n  " + &crate::printer::printable(line))
    })?;
    Ok(Exit::Done)
}

async fn restart(destroy: &Destroy, client: &Client, printer: Printer) -> Outcome {
    let status: Status = client.get(&path(["status"])).await?;
    let inside = people(status.participants);
    if destroy.dry_run {
        return printer.would(&format!("Would restart the SFU; {inside} in a call."));
    }
    destroy.confirm(&format!("This interrupts media for some seconds; {inside} in a call."))?;
    let before: Livekit = client.get(&path(["livekit"])).await?;
    let asked = Instant::now();
    let _: Livekit = client.change(Method::POST, &path(["livekit", "restart"]), &Value::Null).await?;
    loop {
        let now: Livekit = client.get(&path(["livekit"])).await?;
        if now.state == "ready" && now.pid != before.pid {
            printer
                .result(&now, |_| format!("The SFU is back after {:.1} s.", asked.elapsed().as_secs_f32()))?;
            return Ok(Exit::Done);
        }
        if asked.elapsed() > PATIENCE {
            let message =
                format!("The SFU was asked to restart; after {} s it is {}.", PATIENCE.as_secs(), now.state);
            return Err(Failure::new(Exit::TimedOut, "timed_out", message).hint("bedrudctl livekit status"));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
