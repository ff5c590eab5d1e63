//! `bedrudctl top`: meetings and people, and what the two programs use, as a table that is printed again and again.

use std::{io::IsTerminal, time::Duration};

use bedrud_control::{PageQuery, Participants, Room, Rooms, Status, Usage};
use clap::Args;
use serde::Serialize;

use crate::{
    client::Client,
    failure::{Exit, Outcome},
    path::{asking, path},
    printer::{Printer, duration, printable, since, table},
};

/// The most rooms that come in one answer.
const MOST: u32 = 1000;

/// How it is printed.
#[derive(Args)]
pub struct Top {
    /// Print it once
    #[arg(long)]
    once: bool,
    /// Seconds between two looks
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
}

/// One look.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Look {
    uptime_seconds: u64,
    sfu: String,
    meetings: i64,
    people: i64,
    programs: Vec<Program>,
    rooms: Vec<Participants>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Program {
    name: String,
    memory_bytes: i64,
    /// Of one core, since the look before; since its start in the first one.
    cpu_percent: f64,
    open_files: i64,
}

/// Looks again and again until somebody ends it.
pub async fn show(wanted: Top, client: &Client, printer: Printer) -> Outcome {
    let mut before: Option<Usage> = None;
    loop {
        let usage: Usage = client.get(&path(["usage"])).await?;
        let look = look(client, before.as_ref(), &usage).await?;
        if !wanted.once && !printer.is_for_programs() && std::io::stdout().is_terminal() {
            // home, and clear what is below (ECMA-48)
            printer.raw(b"\x1b[H\x1b[J")?;
        }
        printer.document(&look, human)?;
        if wanted.once {
            return Ok(Exit::Done);
        }
        before = Some(usage);
        tokio::time::sleep(Duration::from_secs(wanted.every)).await;
    }
}

async fn look(client: &Client, before: Option<&Usage>, usage: &Usage) -> Outcome<Look> {
    let status: Status = client.get(&path(["status"])).await?;
    let mut rooms = Vec::new();
    for room in meetings(client).await? {
        rooms.push(client.get::<Participants>(&path(["rooms", &room.id, "participants"])).await?);
    }
    rooms.sort_by_key(|one| std::cmp::Reverse(one.participants.len()));
    let programs = usage.programs.iter().map(|now| {
        let then = before.and_then(|usage| usage.programs.iter().find(|one| one.pid == now.pid));
        let (used, passed) = match (then, before) {
            (Some(then), Some(before)) => {
                (now.cpu_seconds - then.cpu_seconds, usage.at_seconds - before.at_seconds)
            }
            _ => (now.cpu_seconds, now.up_seconds),
        };
        Program {
            name: now.name.clone(),
            memory_bytes: now.memory_bytes,
            cpu_percent: if passed > 0.0 { used / passed * 100.0 } else { 0.0 },
            open_files: now.open_files,
        }
    });
    Ok(Look {
        uptime_seconds: status.uptime_seconds,
        sfu: status.livekit.state.clone(),
        meetings: status.rooms,
        people: status.participants,
        programs: programs.collect(),
        rooms,
    })
}

/// All of them, whatever fits into one answer.
async fn meetings(client: &Client) -> Outcome<Vec<Room>> {
    let mut all = Vec::new();
    for page in 1.. {
        let query = PageQuery { page: Some(page), limit: Some(MOST), ..PageQuery::default() };
        let mut found: Rooms = client.get(&asking(["meetings"], &query)?).await?;
        let is_last = found.rooms.len() < MOST as usize;
        all.append(&mut found.rooms);
        if is_last {
            break;
        }
    }
    Ok(all)
}

fn human(look: &Look) -> String {
    let head = format!(
        "up {}, SFU {}, {} in {} meetings",
        duration(look.uptime_seconds),
        look.sfu,
        look.people,
        look.meetings
    );
    let programs = table(
        ["PROGRAM", "CPU", "MEMORY", "FILES"],
        look.programs.iter().map(|one| {
            let cpu = format!("{:.1} %", one.cpu_percent);
            [one.name.clone(), cpu, format!("{} MB", one.memory_bytes >> 20), one.open_files.to_string()]
        }),
    );
    let people = look.rooms.iter().flat_map(|room| {
        room.participants.iter().map(|person| {
            let role = if person.is_moderator { "moderator" } else { "" };
            let since = since(person.joined_at);
            [
                room.room.name.clone(),
                printable(&person.name).into_owned(),
                since,
                role.to_owned(),
                person.held.join(" "),
            ]
        })
    });
    let people = table(["ROOM", "PERSON", "SINCE", "ROLE", "HELD"], people);
    format!("{head}\n\n{programs}\n\n{people}")
}
