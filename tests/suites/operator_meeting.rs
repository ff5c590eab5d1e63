//! The operator and a running meeting: who is inside, moderation by name, what a question says, the log of one room.
use std::process::Stdio;

use bedrud_tests::{
    Client, Server, Value, bedrudctl, json,
    lk::{Participant, Seen, TrackSource, TrackType},
    until,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

const USAGE: i32 = 2;
const NOT_FOUND: i32 = 4;
const CONFLICT: i32 = 6;
const WOULD_CHANGE: i32 = 7;

async fn enter(person: &Client, room: &str) -> Participant {
    let answer = person.join(room).await.is(200);
    Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("a seat")
}

/// Who is inside, once there are `count`.
async fn inside(server: &Server, room: &str, count: usize) -> Vec<Value> {
    until("everybody inside", async || {
        let told = server.ctl(["room", "participants", room, "--json"]).await.ok().json();
        let people = told["participants"].as_array().cloned().unwrap_or_default();
        (people.len() == count).then_some(people)
    })
    .await
}

#[tokio::test]
async fn people_are_moderated_by_name() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let (a, b) = tokio::join!(enter(&alice, "standup"), enter(&bob, "standup"));
    inside(&server, "standup", 2).await;
    let table = server.ctl(["room", "participants", "standup"]).await.ok().stdout;
    assert!(table.contains("alice") && table.contains("bob") && table.contains("moderator"), "{table}");

    let told = server.ctl(["room", "kick", "standup", "bob", "--dry-run"]).await.exited(WOULD_CHANGE);
    assert!(told.stdout.contains("bob"), "{told:?}");
    server.ctl(["room", "kick", "standup", "carol"]).await.failed(NOT_FOUND);
    server.ctl(["room", "unban", "standup", "bob"]).await.failed(NOT_FOUND);

    b.publish(TrackType::Audio, TrackSource::Microphone);
    b.until("the microphone", |seen| !seen.published.is_empty()).await;
    let bob_id = bob.id().await;
    let muted = |seen: &Seen| {
        seen.tracks_of(&bob_id, TrackType::Audio, TrackSource::Microphone).first().map(|track| track.muted)
    };
    a.until("bob's microphone", |seen| muted(seen) == Some(false)).await;
    for arguments in [&["bob@example.org"][..], &["--all"]] {
        let told = server.ctl([&["room", "mute", "standup"], arguments].concat()).await.ok();
        assert!(told.stdout.contains("muted"), "{told:?}");
        a.until("bob muted", |seen| muted(seen) == Some(true)).await;
        b.mute(TrackSource::Microphone, false);
        a.until("bob heard again", |seen| muted(seen) == Some(false)).await;
    }
    server.ctl(["room", "hold", "standup", "bob@example.org"]).await.ok();
    b.until("the microphone taken", |seen| !seen.unpublished.is_empty()).await;
    let held = async || {
        inside(&server, "standup", 2).await.into_iter().map(|p| p["held"].clone()).collect::<Vec<_>>()
    };
    assert!(held().await.contains(&json!(["microphone"])));
    server.ctl(["room", "release", "standup", &bob_id]).await.ok();
    assert_eq!(held().await, [json!([]), json!([])]);
    server.ctl(["room", "hold", "standup", "bob", "--device", "camera"]).await.ok();
    assert!(held().await.contains(&json!(["camera"])));
    server.ctl(["room", "release", "standup", "bob", "--device", "camera"]).await.ok();
    server.ctl(["room", "mute", "standup", "--all", "--hold"]).await.ok();
    assert!(held().await.contains(&json!(["microphone"])), "all but alice, whose room it is");
    assert!(held().await.contains(&json!([])));
    server.ctl(["room", "release", "standup", "--all"]).await.ok();
    assert_eq!(held().await, [json!([]), json!([])]);
    server.ctl(["room", "mute", "standup"]).await.failed(USAGE);
    server.ctl(["room", "mute", "standup", "bob", "--all"]).await.failed(USAGE);

    let told = server.ctl(["room", "ban", "standup", "BOB", "--json"]).await.ok().json();
    assert_eq!(told["participant"]["name"], "bob");
    b.until("the ban", |seen| seen.left.is_some()).await;
    bob.join("standup").await.is(403);
    server.ctl(["room", "unban", "standup", "bob"]).await.ok();
    bob.join("standup").await.ok();
}

#[tokio::test]
async fn two_of_one_name_are_told_apart() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let (one, two) = (server.guest("Sam").await, server.guest("Sam").await);
    let (_a, _one, two_inside) =
        tokio::join!(enter(&alice, "standup"), enter(&one, "standup"), enter(&two, "standup"));
    inside(&server, "standup", 3).await;
    let told = server.ctl(["room", "kick", "standup", "sam"]).await.failed(CONFLICT);
    let (one, two) = (one.id().await, two.id().await);
    assert!(told.stderr.contains(&one) && told.stderr.contains(&two), "the candidates: {told:?}");

    let told = server.ctl(["room", "close", "standup"]).await.failed(USAGE);
    assert!(told.stderr.contains("3 people are in this room"), "the question names the effect: {told:?}");
    let status = server.ctl(["status", "--json"]).await.ok().json();
    assert_eq!((&status["rooms"], &status["participants"]), (&json!(1), &json!(3)));

    server.ctl(["room", "kick", "standup", &two]).await.ok();
    two_inside.until("the kick", |seen| seen.left.is_some()).await;
    inside(&server, "standup", 2).await;
    server.ctl(["room", "close", "standup", "--yes"]).await.ok();
    alice.join("standup").await.is(200);
    assert_eq!(alice.join("standup").await.text("status"), "archived_owned");
}

#[tokio::test]
async fn the_log_of_a_room_can_be_followed() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let room = alice.room("standup").await;
    alice.room("retro").await;
    let mut command = Command::new(bedrudctl());
    command.arg("--socket").arg(server.socket()).args(["logs", "-f", "--room", "standup", "--json"]);
    let mut child = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("bedrudctl starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    // the line that is there already: from here on it follows
    let first = lines.next_line().await.expect("a pipe").expect("a line");
    assert!(first.contains("room.create"), "{first}");

    let _inside = tokio::join!(enter(&alice, "retro"), enter(&alice, "standup"));
    inside(&server, "standup", 1).await;
    server.ctl(["room", "kick", "standup", "alice"]).await.ok();
    let mut seen = Vec::new();
    while !seen.iter().any(|line: &Value| line["message"] == "room.kick") {
        let line = lines.next_line().await.expect("a pipe").expect("the stream goes on");
        seen.push(line.parse::<Value>().expect("JSON"));
    }
    assert!(seen.iter().all(|line| line["room"] == room["id"]), "of this room only: {seen:?}");
    assert!(seen.iter().any(|line| line["target"] == "sfu"), "the SFU's lines as well: {seen:?}");
}

#[tokio::test]
async fn the_sfu_is_restarted_on_a_word() {
    let server = Server::with_sfu().await;
    let before = server.ctl(["livekit", "status", "--json"]).await.ok().json();
    server.ctl(["livekit", "restart"]).await.failed(USAGE);
    let after = server.ctl(["livekit", "restart", "--yes", "--json"]).await.ok().json();
    assert_eq!(after["state"], "ready");
    assert_ne!(before["pid"], after["pid"]);
}
