//! What an idle signalling WebSocket costs the daemon: people in meetings, through its proxy to the real SFU.
use std::time::Duration;

use anyhow::{Result, anyhow};
use bedrud_tests::{json, lk::Participant};

use crate::{
    cases,
    figure::{Bar, Figures},
    process::resident_bytes,
};

const ROOMS: usize = 20;
const PEOPLE_IN_EACH: usize = 10;
/// Time after which everybody has said hello to everybody, and what joining needed is given back.
const SETTLED: Duration = Duration::from_secs(10);

/// The daemon's resident memory with 200 people connected and silent, and how much of it each of them is.
pub async fn measure() -> Result<Figures> {
    let mut figures = Figures::default();
    let mut server = cases::usual().sfu().start().await;
    let owner = server.user("owner").await;
    let mut tokens = Vec::new();
    for room in 0..ROOMS {
        let room = format!("room-{room}");
        owner.room(&room).await;
        for person in 0..PEOPLE_IN_EACH {
            let body = json!({"roomName": room, "guestName": format!("Guest {person}")});
            let answer = server.stranger().post("/api/room/guest-join").json(body).await.ok();
            tokens.push(answer.text("token"));
        }
    }
    // a fresh process: what signing in took (9 MiB a password) is given back only bit by bit
    server.stop().await;
    server.spawn();
    server.ready().await;
    let host = format!("ws://{}/livekit", server.address());
    tokio::time::sleep(SETTLED).await;
    let before = resident_bytes(server.pid())?;
    let mut inside = Vec::new();
    for token in &tokens {
        inside.push(Participant::join(&host, token).await.map_err(|error| anyhow!("a seat: {error}"))?);
    }
    tokio::time::sleep(SETTLED).await;
    let after = resident_bytes(server.pid())?;
    let left = inside.iter().filter(|person| person.seen().left.is_some()).count();
    if left > 0 {
        return Err(anyhow!("{left} people of {} did not stay", inside.len()));
    }
    let count = inside.len();
    figures.add(format!("resident, {count} idle WebSockets"), after / 1e6, "MB", None, None);
    let each = (after - before) / 1e3 / count as f64;
    figures.add("resident, for each of them", each, "kB", Some(Bar::AtMost(20.0)), Some(41.0));
    Ok(figures)
}
