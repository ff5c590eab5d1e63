//! Presence is what the SFU says: its webhooks as they were recorded, in any order, any number of times, and only when it signed them.

use std::fs;

use bedrud_tests::{Answer, Client, Server, json, repository, until, webhook_token};

use crate::rooms::text;

/// The key pair that the harness configures for a server without an SFU.
const KEY: &str = "APItest";
const SECRET: &str = "a-secret-of-the-suites-0123456789abcdef";

/// A recorded body, told of this room instead.
fn recorded(name: &str, room_id: &str) -> Vec<u8> {
    let path = repository().join(format!("tests/fixtures/livekit-webhooks/{name}.json"));
    fs::read_to_string(path).expect("a recorded body").replace("meeting-1", room_id).into_bytes()
}

async fn post(server: &Server, token: &str, body: Vec<u8>) -> Answer {
    let request = server.stranger().post("/api/livekit/webhook");
    request.raw("application/webhook+json", body).header("authorization", token).await
}

async fn send(server: &Server, name: &str, room_id: &str) {
    let body = recorded(name, room_id);
    let answer = post(server, &webhook_token(KEY, SECRET, &body), body).await.is(200);
    assert_eq!(answer.json(), json!({"ok": true}));
}

async fn inside(person: &Client, room_id: &str) -> Vec<String> {
    let told = person.get(format!("/api/room/{room_id}/presence")).await.ok().json();
    let people = told["participants"].as_array().expect("participants");
    people.iter().map(|person| text(person, "identity")).collect()
}

#[tokio::test]
async fn recorded_events_change_presence_in_any_order() {
    let server = Server::start().await;
    let owner = server.user("owner").await;
    let room = text(&owner.room("standup").await, "id");
    send(&server, "room_started", &room).await;
    // the recorder's names: `participant_joined` is alice, `.2` is bob; `participant_left` is bob, `.2` is alice
    send(&server, "participant_joined", &room).await;
    send(&server, "participant_joined", &room).await;
    send(&server, "participant_joined.2", &room).await;
    assert_eq!(inside(&owner, &room).await, ["alice", "bob"]);
    for track in ["track_published", "track_published.2", "track_unpublished"] {
        send(&server, track, &room).await;
    }
    send(&server, "participant_connection_aborted", &room).await;
    send(&server, "participant_left", &room).await;
    send(&server, "participant_left", &room).await;
    assert_eq!(inside(&owner, &room).await, ["alice"]);
    // bob's join arrives once more, late: he has left
    send(&server, "participant_joined.2", &room).await;
    assert_eq!(inside(&owner, &room).await, ["alice"]);
    send(&server, "room_finished", &room).await;
    assert_eq!(inside(&owner, &room).await, [""; 0]);

    let other = text(&owner.room("backwards").await, "id");
    let gone = text(&owner.room("unrelated").await, "id");
    send(&server, "participant_left.2", "no-such-room").await;
    assert_eq!(inside(&owner, &other).await, [""; 0]);
    assert_eq!(inside(&owner, &gone).await, [""; 0]);
}

#[tokio::test]
async fn a_webhook_that_the_sfu_did_not_sign_changes_nothing() {
    let server = Server::start().await;
    let owner = server.user("owner").await;
    let room = text(&owner.room("standup").await, "id");
    let body = recorded("participant_joined", &room);
    let good = webhook_token(KEY, SECRET, &body);
    post(&server, "", body.clone()).await.refused(401, "token_invalid");
    post(&server, &webhook_token(KEY, "another-secret", &body), body.clone())
        .await
        .refused(401, "token_invalid");
    post(&server, &webhook_token("APIother", SECRET, &body), body.clone())
        .await
        .refused(401, "token_invalid");
    let mut forged = body.clone();
    forged.push(b' ');
    post(&server, &good, forged).await.refused(401, "signature_mismatch");
    let nonsense = b"{\"event\":7}".to_vec();
    post(&server, &webhook_token(KEY, SECRET, &nonsense), nonsense).await.refused(400, "event_invalid");
    assert_eq!(inside(&owner, &room).await, [""; 0]);
    post(&server, &good, body).await.is(200);
    assert_eq!(inside(&owner, &room).await, ["alice"]);
}

#[tokio::test]
async fn the_sweep_takes_back_what_the_sfu_does_not_say() {
    let server = Server::with_sfu().await;
    let owner = server.user("owner").await;
    let room = text(&owner.room("standup").await, "id");
    let keys = fs::read_to_string(server.path("state/livekit-keys")).expect("the generated key pair");
    let (key, secret) = keys.trim().split_once(": ").expect("a pair");
    // as if the event of a leave had been lost
    let body = String::from_utf8(recorded("participant_joined", &room)).expect("text");
    let body = body.replace("\"alice\"", &format!("{:?}", owner.id().await)).into_bytes();
    post(&server, &webhook_token(key, secret, &body), body).await.is(200);
    assert_eq!(inside(&owner, &room).await, [owner.id().await]);
    until("an empty room", async || inside(&owner, &room).await.is_empty().then_some(())).await;
}
