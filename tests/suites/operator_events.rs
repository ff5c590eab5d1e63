//! What happened, for whoever follows along or comes later: events with their cursor, and the audit log.
use bedrud_tests::{Client, Server, Value, json, lk::Participant, until};
use http::Method;

const NOT_FOUND: i32 = 4;
const CONFLICT: i32 = 6;

async fn enter(person: &Client, room: &str) -> Participant {
    let answer = person.join(room).await.is(200);
    Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("a seat")
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| line.parse().expect("JSON lines")).collect()
}

fn cursors(events: &[Value]) -> Vec<i64> {
    events.iter().map(|event| event["cursor"].as_i64().expect("a cursor")).collect()
}

async fn made(server: &Server, names: &[&str]) {
    for name in names {
        let room = json!({"name": name, "owner": "alice"});
        server.control(Method::POST, "/v1/rooms", Some(room)).await.ok();
    }
}

#[tokio::test]
async fn whoever_follows_the_events_misses_none_over_a_restart_and_a_crash() {
    let mut server = Server::start().await;
    server.user("alice").await;
    let mut following = server.follow(["events", "-f"]);
    made(&server, &["one", "two"]).await;
    let is = |name: &'static str| move |event: &Value| event["detail"] == name;
    let mut seen = following.until(is("two")).await;
    server.stop().await;
    server.spawn();
    server.ready().await;
    made(&server, &["three"]).await;
    seen.extend(following.until(is("three")).await);
    made(&server, &["four", "five"]).await;
    server.kill();
    server.spawn();
    server.ready().await;
    made(&server, &["six"]).await;
    seen.extend(following.until(is("six")).await);

    let made: Vec<_> =
        seen.iter().filter(|event| event["kind"] == "room.create").map(|e| &e["detail"]).collect();
    assert_eq!(made, ["one", "two", "three", "four", "five", "six"], "each once, in order");
    let told = cursors(&seen);
    let all: Vec<i64> = (told[0]..).take(told.len()).collect();
    assert_eq!(told, all, "no number is missing and none comes twice");
    let starts = seen.iter().filter(|event| event["kind"] == "daemon.started").count();
    assert_eq!(starts, 3, "{seen:#?}");

    // who comes later with a cursor gets the rest
    let after = told[told.len() - 3].to_string();
    let rest = lines(&server.ctl(["events", "--after", &after, "--json"]).await.ok().stdout);
    assert_eq!(cursors(&rest)[..2], told[told.len() - 2..]);
}

#[tokio::test]
async fn joins_leaves_and_moderation_are_told_as_they_come() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = alice.room("standup").await;
    let mut following = server.follow(["events", "-f", "--room", "standup"]);
    let (_a, b) = tokio::join!(enter(&alice, "standup"), enter(&bob, "standup"));
    let bob_id = bob.id().await;
    let joined = |event: &Value| event["kind"] == "participant.joined" && event["target"] == bob_id.as_str();
    following.until(joined).await;
    server.ctl(["room", "kick", "standup", "bob"]).await.ok();
    b.until("the kick", |seen| seen.left.is_some()).await;
    let kicked = following.until(|event| event["kind"] == "room.kick").await.pop().expect("the kick");
    assert_eq!(kicked["room"], "standup");
    assert_eq!(kicked["roomId"], room["id"]);
    assert_eq!(kicked["target"], bob_id.as_str());
    assert!(kicked["actor"].as_str().is_some_and(|actor| actor.starts_with("operator:")), "{kicked}");
    let left = following.until(|event| event["kind"] == "participant.left").await.pop().expect("the leave");
    assert_eq!((&left["target"], &left["detail"]), (&json!(bob_id), &json!("bob")));

    let mut of_sfu = server.follow(["events", "-f", "--kind", "sfu"]);
    of_sfu.until(|event| event["kind"] == "sfu.ready").await;
    server.ctl(["livekit", "restart", "--yes"]).await.ok();
    let told = of_sfu.until(|event| event["kind"] == "sfu.ready").await;
    assert!(told.iter().all(|e| e["kind"].as_str().is_some_and(|kind| kind.starts_with("sfu."))), "{told:?}");
}

#[tokio::test]
async fn a_cursor_from_which_something_would_be_missed_is_refused() {
    let server = Server::start().await;
    server.user("alice").await;
    made(&server, &["one", "two"]).await;
    let newest = async || {
        let events = lines(&server.ctl(["events", "--json"]).await.ok().stdout);
        cursors(&events).pop().expect("an event")
    };
    let last = newest().await;
    let ahead = (last + 100).to_string();
    let told = server.ctl(["events", "--after", &ahead, "--json"]).await.failed(CONFLICT);
    assert!(told.stderr.contains("cursor_unknown"), "{told:?}");

    // as in a week
    server.database().run(&format!("DELETE FROM events WHERE number <= {}", last - 1));
    let told = server.ctl(["events", "--after", "0"]).await.failed(NOT_FOUND);
    assert!(told.stderr.contains(&format!("--after {}", last - 1)), "says where to go on: {told:?}");
    let rest = server.ctl(["events", "--after", &(last - 1).to_string(), "--json"]).await.ok();
    assert_eq!(cursors(&lines(&rest.stdout))[0], last);
    assert!(server.ctl(["events"]).await.ok().stdout.contains("room.create room=two"), "for people as well");
}

#[tokio::test]
async fn the_audit_log_says_who_did_what_to_whom() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    alice.room("standup").await;
    made(&server, &["retro"]).await;
    server.ctl(["user", "disable", "bob"]).await.ok();
    let bob_id = server.ctl(["user", "show", "bob", "--json"]).await.ok().json()["id"].clone();
    bob.get("/api/auth/me").await.is(401);

    let read = async |filter: &[&str]| {
        let told = server.ctl([&["audit", "--json"], filter].concat()).await.ok().json();
        told["lines"].as_array().cloned().expect("lines")
    };
    let verbs = |lines: &[Value]| lines.iter().map(|line| line["verb"].clone()).collect::<Vec<_>>();
    let about = read(&["--target", "bob@example.org"]).await;
    assert_eq!(about[0]["verb"], "account.disable", "newest first: {about:#?}");
    assert_eq!((&about[0]["target"], &about[0]["targetName"]), (&bob_id, &json!("bob@example.org")));
    let by_alice = read(&["--by", "alice"]).await;
    assert!(
        verbs(&by_alice).contains(&json!("room.create"))
            && by_alice.iter().all(|l| l["actorName"] == "alice@example.org")
    );
    assert!(by_alice.iter().all(|line| line["address"] == "127.0.0.1"), "from where: {by_alice:#?}");
    let made = read(&["--verb", "room.create"]).await;
    assert_eq!(made.len(), 2, "{made:#?}");
    let in_room = read(&["--room", "retro"]).await;
    assert!(in_room.len() == 1 && in_room[0]["actor"].as_str().is_some_and(|a| a.starts_with("operator:")));
    let first = read(&["-n", "1"]).await;
    let second = read(&["-n", "1", "--before", first[0]["id"].as_str().expect("an id")]).await;
    assert_ne!(first, second, "page by page");
    assert!(read(&["--since", "1h"]).await.len() >= 4);
    assert!(read(&["--by", "system", "--verb", "room.create"]).await.is_empty());
    let table = server.ctl(["audit"]).await.ok().stdout;
    assert!(
        table.starts_with("TIME") && table.contains("bob@example.org") && !table.contains('{'),
        "{table}"
    );

    // what is audited by any door is told to whoever follows
    until("the event", async || {
        let events = lines(&server.ctl(["events", "--kind", "account.disable", "--json"]).await.ok().stdout);
        (events.len() == 1).then_some(())
    })
    .await;
}
