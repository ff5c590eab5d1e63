//! `bedrudctl logs`: the newest lines of daemon and SFU, and with `-f` those to come.

use std::fmt::Write;

use bedrud_control::LogLine;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    failure::{Exit, Failure, Outcome},
    printer::{Printer, printable},
};

/// Which lines.
#[derive(Args)]
pub struct Logs {
    /// Go on with new lines as they come
    #[arg(long, short)]
    follow: bool,
    /// Only lines about this room: slug, id or unique prefix
    #[arg(long)]
    room: Option<String>,
    /// This level and graver ones
    #[arg(long)]
    level: Option<Level>,
    /// Only lines of this last while, such as 90s, 10m, 2h, 1d
    #[arg(long, value_parser = seconds)]
    since: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// Prints them as they come.
pub async fn show(wanted: Logs, client: &Client, printer: Printer) -> Outcome {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(level) = wanted.level {
        query.append_pair("level", &format!("{level:?}").to_lowercase());
    }
    if let Some(room) = &wanted.room {
        query.append_pair("room", room);
    }
    if let Some(since) = wanted.since {
        query.append_pair("sinceSeconds", &since.to_string());
    }
    if wanted.follow {
        query.append_pair("follow", "true");
    }
    let path = format!("/v1/logs?{}", query.finish());
    let mut lines = client.stream(&path).await?;
    while let Some(line) = lines.next().await? {
        printer.line(&line, human)?;
    }
    if wanted.follow {
        let message = "The daemon stopped, and its log with it.";
        return Err(Failure::new(Exit::Unreachable, "daemon_stopped", message));
    }
    Ok(Exit::Done)
}

fn human(line: &[u8]) -> String {
    let Ok(line) = serde_json::from_slice::<LogLine<Map<String, Value>>>(line) else {
        return printable(&String::from_utf8_lossy(line)).into_owned();
    };
    let mut text = format!("{} {:5} {}: {}", line.time, line.level, line.target, line.message);
    for (name, value) in &line.fields {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        // writing to a String cannot fail
        let _ = write!(text, " {name}={value}");
    }
    printable(&text).into_owned()
}

/// How many seconds `90s`, `10m`, `2h` and `1d` are.
pub fn seconds(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.strip_prefix(digits) {
        Some("s") | Some("") => 1,
        Some("m" | "min") => 60,
        Some("h") => 3_600,
        Some("d") => 86_400,
        _ => return Err("write it like 90s, 10m, 2h or 1d".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "write it like 90s, 10m, 2h or 1d".to_owned())?;
    Ok(number.saturating_mul(unit))
}
