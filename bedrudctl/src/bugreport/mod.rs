//! `bedrudctl bugreport`: one file for whoever is asked for help: versions, status, findings, configuration, log. No secret is in it,
//! and no address unless it is asked for.

mod hide;

use std::{fs, io::Write, path::PathBuf};

use clap::Args;
use serde_json::{Map, Value};

use crate::{
    client::Client,
    failure::{Exit, Outcome},
    printer::Printer,
    whole,
};

/// What is asked of the daemon, by the name it has in the report.
const PARTS: [(&str, &str); 6] = [
    ("status", "/v1/status"),
    ("doctor", "/v1/doctor"),
    ("config", "/v1/config"),
    ("certificate", "/v1/certificate"),
    ("settings", "/v1/settings"),
    ("usage", "/v1/usage"),
];
/// Of the log.
const LOG: &str = "/v1/logs?level=info";

/// What is in it.
#[derive(Args)]
pub struct Report {
    /// Where it is written
    file: PathBuf,
    /// Leave addresses and host names in it
    #[arg(long)]
    addresses: bool,
}

/// Writes it. What cannot be asked is in it as the reason why not.
pub async fn write(wanted: Report, client: &Client, printer: Printer) -> Outcome {
    let mut report = Map::new();
    report.insert("bedrudctl".to_owned(), env!("CARGO_PKG_VERSION").into());
    for (name, file) in [("os", "/etc/os-release"), ("kernel", "/proc/version"), ("memory", "/proc/meminfo")]
    {
        report.insert(name.to_owned(), fs::read_to_string(file).unwrap_or_default().into());
    }
    for (name, path) in PARTS {
        let told = client.get::<Value>(path).await;
        report.insert(name.to_owned(), told.unwrap_or_else(|failure| failure.message.into()));
    }
    report.insert("log".to_owned(), log(client).await.unwrap_or_else(|failure| failure.message.into()));
    let mut report = Value::Object(report);
    if !wanted.addresses {
        let hosts = hosts(&report);
        hide::hide(&mut report, &hosts);
    }
    let text = serde_json::to_vec_pretty(&report).map_err(std::io::Error::from)?;
    let length = whole::written(&wanted.file, "report_unwritable", async |mut file| {
        file.write_all(&text)?;
        Ok(file)
    });
    if length.await?.is_none() {
        // what went into it has to stay alone in it
        printer.note("The report is written. Read it before you send it on.");
        return Ok(Exit::Done);
    }
    let what = if wanted.addresses { "addresses are in it" } else { "addresses and host names are left out" };
    let made = serde_json::json!({"file": wanted.file, "addresses": wanted.addresses});
    printer.result(&made, |_| {
        format!("{} was written; {what}. Read it before you send it on.", wanted.file.display())
    })?;
    Ok(Exit::Done)
}

/// The names by which this machine is called in the report.
fn hosts(report: &Value) -> Vec<String> {
    let url = report["status"]["publicUrl"].as_str().unwrap_or_default();
    let host =
        url.split_once("://").map_or(url, |(_, rest)| rest).split([':', '/']).next().unwrap_or_default();
    let own = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    vec![host.to_owned(), own.trim().to_owned()]
}

async fn log(client: &Client) -> Outcome<Value> {
    let (mut lines, mut log) = (client.stream(LOG).await?, Vec::new());
    while let Some(line) = lines.next().await? {
        log.push(serde_json::from_slice::<Value>(&line).unwrap_or_default());
    }
    Ok(Value::Array(log))
}
