//! `bedrudctl events`: what happened, and with `-f` what is to come.

use bedrud_control::{Event, EventsQuery};
use clap::Args;

use crate::{
    client::Client,
    failure::Outcome,
    path::asking,
    printer::{Printer, printable},
    stream,
};

/// Which events.
#[derive(Args)]
pub struct Events {
    /// Go on with new ones as they come, also over a restart of the daemon
    #[arg(long, short)]
    follow: bool,
    /// Begin after this one: a reader that comes again with its last cursor has missed nothing
    #[arg(long, value_name = "CURSOR")]
    after: Option<i64>,
    /// Begin with so many of the newest [default: 100]
    #[arg(long, short = 'n', conflicts_with = "after")]
    limit: Option<u32>,
    /// Only kinds that begin so: room, participant.joined, sfu, tls, certificate, settings
    #[arg(long)]
    kind: Option<String>,
    /// Only events in this room: slug, id or unique prefix
    #[arg(long, add = crate::names::rooms())]
    room: Option<String>,
}

/// Prints them as they come.
pub async fn show(wanted: Events, client: &Client, printer: Printer) -> Outcome {
    let path = |cursor: Option<i64>| {
        let query = EventsQuery {
            after: cursor.or(wanted.after),
            limit: wanted.limit.filter(|_| cursor.is_none()),
            kind: wanted.kind.clone(),
            room: wanted.room.clone(),
            follow: wanted.follow,
        };
        asking(["events"], &query)
    };
    stream::print(client, printer, wanted.follow, path, human).await
}

fn human(line: &[u8]) -> String {
    let Ok(event) = serde_json::from_slice::<Event>(line) else {
        return printable(&String::from_utf8_lossy(line)).into_owned();
    };
    let room = event.room.or(event.room_id).unwrap_or_default();
    let mut text = format!("{} {} {}", event.cursor, event.time, event.kind);
    let said = [
        ("room", room),
        ("target", event.target),
        ("by", event.actor),
        ("from", event.address),
        ("detail", event.detail),
    ];
    for (name, value) in said.into_iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!(" {name}={value}"));
    }
    printable(&text).into_owned()
}
