//! What an administrator of the older server changed there, and what of it has no place here.

use super::Taken;
use crate::{
    error::Result,
    settings,
    store::{
        Connection, audit,
        older::{Older, Row},
        settings as table,
    },
};

/// Switches, by our names and by those of its columns.
const SWITCHES: [(&str, &str); 4] = [
    ("registrationEnabled", "registrationenabled"),
    ("tokenRegistrationOnly", "tokenregistrationonly"),
    ("guestLoginEnabled", "guestloginenabled"),
    ("passkeysEnabled", "passkeysenabled"),
];
/// Numbers, for which 0 was no limit.
const NUMBERS: [(&str, &str); 2] =
    [("chatMaxMessageCount", "chatmaxmessagecount"), ("chatMessageTTLHours", "chatmessagettlhours")];
const NAME: (&str, &str) = ("serverName", "servername");
/// Of the row, not of the server.
const OF_THE_ROW: [&str; 3] = ["id", "createdat", "updatedat"];

/// Tables that nobody misses: what the server did, not what people have.
const SILENT: [&str; 6] =
    ["blocked_refresh_tokens", "jobs", "queue_stats", "room_permissions", "stats", "verification_events"];
/// Why there is no place for what is in a table.
const TABLES: [(&str, &str); 5] = [
    ("chat_uploads", "files that were shared in chats stay where they are"),
    ("invite_tokens", "links are made again: `bedrudctl invite create`"),
    ("recordings", "recordings stay where they are"),
    ("verification_tokens", "who has not proven an address asks for another letter"),
    ("webhooks", "they are set up again"),
];

/// Takes over what is not set here already.
pub(super) fn settings(
    connection: &mut Connection,
    older: &Older,
    actor: &str,
    taken: &mut Taken,
) -> Result<()> {
    let Some(row) = older.settings.first() else { return Ok(()) };
    let set = table::all(connection)?;
    for (name, value) in wanted(row, taken) {
        // unchanged from the start, or as it was left here
        let Some(json) = settings::differing(name, &value) else { continue };
        let json = match json {
            Ok(json) => json,
            Err(e) => {
                taken.leave(format!("setting {name}"), e.sentence);
                continue;
            }
        };
        match set.iter().find(|(known, _)| known == name) {
            Some((_, here)) if *here == json => {}
            Some(_) => taken.leave(format!("setting {name}"), "it is set here already, and stays as it is"),
            None => {
                table::set(connection, name, &json)?;
                let line = audit::Line {
                    actor: actor.to_owned(),
                    verb: "settings.change",
                    target: name.to_owned(),
                    detail: json,
                    ..audit::Line::default()
                };
                audit::write(connection, &line)?;
                taken.settings += 1;
                taken.enter("setting", name, value);
            }
        }
    }
    let known: Vec<&str> =
        SWITCHES.iter().chain(&NUMBERS).chain([&NAME]).map(|(_, theirs)| *theirs).collect();
    let others: Vec<&str> =
        row.said().into_iter().filter(|name| !known.contains(name) && !OF_THE_ROW.contains(name)).collect();
    if !others.is_empty() {
        let s = format!("what of them is known here is in the configuration: {}", others.join(", "));
        taken.leave(format!("{} other settings", others.len()), s);
    }
    Ok(())
}

/// By our names, as a person writes them.
fn wanted(row: &Row, taken: &mut Taken) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (ours, theirs) in SWITCHES {
        if let Some(value) = row.number(theirs) {
            all.push((ours, (value != 0).to_string()));
        }
    }
    for (ours, theirs) in NUMBERS {
        match row.number(theirs) {
            Some(0) => taken.leave(format!("setting {ours}"), "0 was no limit there; here there is one"),
            Some(value) => all.push((ours, value.to_string())),
            None => {}
        }
    }
    let (ours, theirs) = NAME;
    if !row.text(theirs).trim().is_empty() {
        all.push((ours, row.text(theirs).trim().to_owned()));
    }
    all
}

/// Says what else was in it.
pub(super) fn tables(older: &Older, taken: &mut Taken) {
    for (name, rows) in older.others.iter().filter(|(name, _)| !SILENT.contains(&name.as_str())) {
        let why = TABLES.iter().find(|(known, _)| known == name);
        taken.leave(
            format!("{rows} of {name}"),
            why.map_or("there is no place for them here", |(_, why)| *why),
        );
    }
}
