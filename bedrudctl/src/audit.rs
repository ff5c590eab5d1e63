//! `bedrudctl audit`: who did what to whom, from where.

use bedrud_control::{Audit, AuditLine, AuditQuery};
use clap::Args;

use crate::{
    client::Client,
    failure::{Exit, Outcome},
    logs::seconds,
    path::asking,
    printer::{Printer, table},
};

/// Which lines.
#[derive(Args)]
pub struct Wanted {
    /// By whom: a user's mail address, name or id, or a label such as operator:0 or system
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
    /// To whom or what: a user's mail address, name or id
    #[arg(long, value_name = "WHOM")]
    target: Option<String>,
    /// Only verbs that begin so: room, room.kick, account, session
    #[arg(long)]
    verb: Option<String>,
    /// In this room: slug, id or unique prefix
    #[arg(long, add = crate::names::rooms())]
    room: Option<String>,
    /// Only of this last while, such as 90s, 10m, 2h, 1d
    #[arg(long, value_parser = seconds)]
    since: Option<u64>,
    /// Only older than the line of this id: the next page
    #[arg(long, value_name = "ID")]
    before: Option<String>,
    /// The most that are shown, up to 1000 [default: 50]
    #[arg(long, short = 'n')]
    limit: Option<u32>,
}

/// Prints them, newest first.
pub async fn show(wanted: Wanted, client: &Client, printer: Printer) -> Outcome {
    let query = AuditQuery {
        by: wanted.by,
        target: wanted.target,
        verb: wanted.verb,
        room: wanted.room,
        since_seconds: wanted.since,
        before: wanted.before,
        limit: wanted.limit,
    };
    let audit: Audit = client.get(&asking(["audit"], &query)?).await?;
    printer.result(&audit, |audit| {
        let rows = audit.lines.iter().map(row);
        table(["TIME", "WHO", "FROM", "WHAT", "WHOM", "ROOM", "MORE"], rows)
    })?;
    Ok(Exit::Done)
}

fn row(line: &AuditLine) -> [String; 7] {
    let named = |name: &str, otherwise: &str| if name.is_empty() { otherwise } else { name }.to_owned();
    let room = line.room.as_ref().or(line.room_id.as_ref()).cloned().unwrap_or_default();
    let is_room = line.room_id.as_ref() == Some(&line.target);
    [
        line.time.get(..19).unwrap_or(&line.time).replace('T', " "),
        named(&line.actor_name, &line.actor),
        line.address.clone(),
        line.verb.clone(),
        if is_room { String::new() } else { named(&line.target_name, &line.target) },
        room,
        line.detail.clone(),
    ]
}
