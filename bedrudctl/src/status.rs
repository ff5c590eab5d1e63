//! `bedrudctl status`, `bedrudctl version`.

use bedrud_control::Status;
use serde::Serialize;

use crate::{
    client::Client,
    failure::{Exit, Outcome},
    printer::{Printer, facts},
};

/// The daemon at a glance.
pub async fn show(client: &Client, printer: Printer) -> Outcome {
    let status: Status = client.get("/v1/status").await?;
    printer.result(&status, |s| {
        let database = if s.database.answers { "answers" } else { "does not answer" };
        facts([
            ("version", s.version.clone()),
            ("process", s.pid.to_string()),
            ("up", duration(s.uptime_seconds)),
            ("listens on", s.http_address.clone()),
            ("public URL", s.public_url.clone()),
            ("state", s.state_dir.clone()),
            ("run-time files", s.runtime_dir.clone()),
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

fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}
