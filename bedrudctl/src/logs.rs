//! `bedrudctl logs`: the newest lines of daemon and SFU, and with `-f` those to come.

use std::fmt::Write;

use bedrud_control::{LogLine, LogsQuery};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    failure::Outcome,
    path::asking,
    printer::{Printer, printable},
    stream,
};

/// Which lines.
#[derive(Args)]
pub struct Logs {
    /// Go on with new lines as they come, also over a restart of the daemon
    #[arg(long, short)]
    follow: bool,
    /// Only lines about this room: slug, id or unique prefix
    #[arg(long, add = crate::names::rooms())]
    room: Option<String>,
    /// Only lines about this person, or of what they did: mail address, name or id
    #[arg(long, add = crate::names::users())]
    user: Option<String>,
    /// Only the SFU's own lines
    #[arg(long)]
    livekit: bool,
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
    let path = |cursor: Option<i64>| {
        let query = LogsQuery {
            level: wanted.level.map(|level| format!("{level:?}").to_lowercase()),
            room: wanted.room.clone(),
            user: wanted.user.clone(),
            livekit: wanted.livekit,
            after: cursor,
            // whoever goes on wants all that came meanwhile
            since_seconds: wanted.since.filter(|_| cursor.is_none()),
            follow: wanted.follow,
        };
        asking(["logs"], &query)
    };
    stream::print(client, printer, wanted.follow, path, human).await
}

fn human(line: &[u8]) -> String {
    let Ok(line) = serde_json::from_slice::<LogLine<Map<String, Value>>>(line) else {
        return printable(&String::from_utf8_lossy(line)).into_owned();
    };
    let mut text = format!("{} {:5} {}: {}", line.time, line.level, line.target, line.message);
    // where a line came from is for programs
    for (name, value) in line.fields.iter().filter(|(name, _)| *name != "supervisorCursor") {
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
