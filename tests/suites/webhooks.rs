//! What LiveKit tells: recorded bodies, signed anew with the server's key, change presence; forged ones change nothing.
use bedrud_tests::{Answer, Client, Server, Value, json, repository, webhook_token};

use crate::calls::enter;

const KEY: &str = "APItest";
const SECRET: &str = "a-secret-of-the-suites-0123456789abcdef";

/// A recorded body with the recorded room's name replaced by this room's id.
fn recorded(event: &str, room_id: &str) -> String {
    let file = repository().join(format!("tests/fixtures/livekit-webhooks/{event}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let body: Value = serde_json::from_str(&text).expect("JSON");
    let name = body["room"]["name"].as_str().expect("a room").to_owned();
    text.replace(&format!("\"name\":\"{name}\""), &format!("\"name\":\"{room_id}\""))
}

async fn deliver(server: &Server, body: &str, token: &str) -> Answer {
    let request = server.stranger().post("/api/livekit/webhook");
    request.raw("application/webhook+json", body.to_owned()).header("authorization", token).await
}

async fn tell(server: &Server, event: &str, room_id: &str) {
    let body = recorded(event, room_id);
    let answer = deliver(server, &body, &webhook_token(KEY, SECRET, body.as_bytes())).await.ok();
    assert_eq!(answer.json(), json!({"ok": true}));
}

async fn inside(person: &Client, room_id: &str) -> u64 {
    let answer = person.get(format!("/api/room/{room_id}/presence?countOnly=1")).await.ok();
    answer.json()["count"].as_u64().expect("a count")
}

#[tokio::test]
async fn recorded_events_change_presence_in_any_order_and_any_number() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let room = alice.room("standup").await["id"].as_str().expect("an id").to_owned();
    tell(&server, "room_started", &room).await;
    tell(&server, "participant_joined", &room).await;
    tell(&server, "participant_joined", &room).await; // LiveKit sends again what was not answered in time
    assert_eq!(inside(&alice, &room).await, 1);
    tell(&server, "participant_joined.2", &room).await;
    assert_eq!(inside(&alice, &room).await, 2);
    tell(&server, "track_published", &room).await;
    tell(&server, "participant_left", &room).await;
    tell(&server, "participant_left", &room).await;
    assert_eq!(inside(&alice, &room).await, 1);
    tell(&server, "participant_joined", &room).await; // the event of before, late: that session is over
    assert_eq!(inside(&alice, &room).await, 1);
    tell(&server, "participant_connection_aborted", &room).await;
    tell(&server, "room_finished", &room).await;
    assert_eq!(inside(&alice, &room).await, 0);
}

#[tokio::test]
async fn forged_and_broken_events_change_nothing() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let room = alice.room("standup").await["id"].as_str().expect("an id").to_owned();
    let body = recorded("participant_joined", &room);
    let good = webhook_token(KEY, SECRET, body.as_bytes());
    let wrong_key = webhook_token("APIother", SECRET, body.as_bytes());
    let wrong_secret = webhook_token(KEY, "another secret that is long enough too", body.as_bytes());
    let other_body = webhook_token(KEY, SECRET, b"{}");
    for token in ["", "x", &wrong_key, &wrong_secret, &other_body] {
        let answer = deliver(&server, &body, token).await.is(401);
        answer.sentence();
    }
    deliver(&server, "{", &webhook_token(KEY, SECRET, b"{")).await.is(400).sentence();
    let unknown = r#"{"event":"egress_frobnicated","room":{"sid":"RM_x","name":"y","futureField":{"a":1}}}"#;
    deliver(&server, unknown, &webhook_token(KEY, SECRET, unknown.as_bytes())).await.ok();
    assert_eq!(inside(&alice, &room).await, 0);
    deliver(&server, &body, &good).await.ok();
    assert_eq!(inside(&alice, &room).await, 1);
}

#[tokio::test]
async fn the_running_sfu_tells_who_is_inside() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = alice.room("standup").await["id"].as_str().expect("an id").to_owned();
    let counted = async |count: u64| {
        bedrud_tests::until(&format!("{count} inside"), async || {
            (inside(&alice, &room).await == count).then_some(())
        })
        .await;
    };
    let a = enter(&alice, "standup").await;
    let b = enter(&bob, "standup").await;
    counted(2).await;
    b.leave().await;
    counted(1).await;
    drop(a); // a crash: no goodbye
    let gone = async || (inside(&alice, &room).await == 0).then_some(());
    bedrud_tests::until_within(std::time::Duration::from_secs(60), "a crashed client to be missed", gone)
        .await;
}
