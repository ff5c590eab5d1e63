//! `bedrudctl status`, `bedrudctl version`.

use bedrud_control::{Livekit, Status};
use serde::Serialize;

use crate::{
    client::Client,
    failure::{Exit, Outcome},
    printer::{Printer, duration, facts},
};

/// The daemon at a glance.
pub async fn show(client: &Client, printer: Printer) -> Outcome {
    let status: Status = client.get("/v1/status").await?;
    printer.result(&status, |s| {
        let database = match (s.database.answers, s.database.problem.as_str()) {
            (true, "") => "answers".to_owned(),
            (true, problem) => problem.to_owned(),
            (false, problem) => format!("does not answer. {problem}"),
        };
        let setup = if s.setup_required { "pending: bedrudctl setup" } else { "done" };
        facts([
            ("version", s.version.clone()),
            ("process", s.pid.to_string()),
            ("up", duration(s.uptime_seconds)),
            ("listens on", s.http_address.clone()),
            ("public URL", s.public_url.clone()),
            ("state", s.state_dir.clone()),
            ("run-time files", s.runtime_dir.clone()),
            ("SFU", sfu(&s.livekit)),
            ("to do", s.livekit.node_ip_advice.clone()),
            ("in a call", format!("{} in {} rooms", s.participants, s.rooms)),
            ("set-up", setup.to_owned()),
            ("database", format!("{}, {database}", s.database.kind)),
        ])
    })?;
    Ok(Exit::Done)
}

/// Both versions; the daemon's is missing where it does not run.
#[derive(Serialize)]
struct Versions {
    bedrudctl: &'static str,
    bedrud: Option<String>,
}

/// The tool's version, and the daemon's where it can be asked.
pub async fn version(client: &Client, printer: Printer) -> Outcome {
    let daemon = client.get::<Status>("/v1/status").await.ok();
    let versions = Versions { bedrudctl: env!("CARGO_PKG_VERSION"), bedrud: daemon.map(|s| s.version) };
    printer.result(&versions, |v| {
        let daemon = v.bedrud.as_deref().unwrap_or("cannot be asked");
        facts([("bedrudctl", v.bedrudctl.to_owned()), ("bedrud", daemon.to_owned())])
    })?;
    Ok(Exit::Done)
}

fn sfu(livekit: &Livekit) -> String {
    match (livekit.node_ip.as_str(), livekit.failure.as_str()) {
        (_, failure) if !failure.is_empty() => format!("{}: {failure}", livekit.state),
        ("", _) => livekit.state.clone(),
        (address, _) => {
            format!("{}, told to clients as {address} ({})", livekit.state, livekit.node_ip_source)
        }
    }
}
