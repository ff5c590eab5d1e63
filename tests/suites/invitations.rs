//! Links that lead past the lobby: for one or for many, for a time, taken back, and of their own room only.

use bedrud_tests::{Answer, Client, Server, json};
use serde_json::Value;

use crate::{
    calls::enter,
    rooms::{claims, text},
};

/// A private room of alice.
async fn private(alice: &Client, name: &str) -> String {
    let body = json!({"name": name, "isPublic": false});
    text(&alice.post("/api/room/create").json(body).await.ok().json(), "id")
}

async fn link(moderator: &Client, room: &str, wanted: Value) -> Value {
    moderator.post(format!("/api/room/{room}/invitations")).json(wanted).await.ok().json()
}

async fn comes(person: &Client, room: &str, token: &str) -> Answer {
    person.post("/api/room/join").json(json!({"roomName": room, "invitation": token})).await
}

#[tokio::test]
async fn a_link_for_one_lets_one_in_and_that_one_again() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let (bob, carol) = (server.user("bob").await, server.user("carol").await);
    let room = private(&alice, "standup").await;
    let made = link(&alice, &room, json!({"maxUses": 1, "label": "Bob"})).await;
    let token = text(&made, "token");
    assert_eq!(text(&made, "path"), format!("/m/standup#invitation={token}"));
    let inside = enter_with(&bob, &token).await;
    comes(&carol, "standup", &token).await.refused(403, "invitation_used");
    // by a reload, with the link and without it
    inside.leave().await;
    comes(&bob, "standup", &token).await.is(200);
    bob.join("standup").await.is(200);
    carol.join("standup").await.is(202);
    let list = alice.get(format!("/api/room/{room}/invitations")).await.ok().json();
    let kept = &list["invitations"][0];
    assert_eq!((&kept["uses"], &kept["maxUses"], &kept["label"]), (&json!(1), &json!(1), &json!("Bob")));
    assert!(!list.to_string().contains(&token), "the secret is told once");
    // who may come in anyway uses nothing up
    let other = link(&alice, &room, json!({"maxUses": 1})).await;
    comes(&alice, "standup", &text(&other, "token")).await.is(200);
    comes(&carol, "standup", &text(&other, "token")).await.is(200);
}

async fn enter_with(person: &Client, token: &str) -> bedrud_tests::lk::Participant {
    let joined = comes(person, "standup", token).await.is(200);
    let host = joined.text("livekitHost");
    bedrud_tests::lk::Participant::join(&host, &joined.text("token")).await.expect("inside")
}

#[tokio::test]
async fn a_link_that_opens_nothing_says_why() {
    let server = Server::start().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let (room, other) = (private(&alice, "standup").await, private(&alice, "elsewhere").await);
    let made = link(&alice, &room, json!({})).await;
    let (id, token) = (text(&made, "id"), text(&made, "token"));
    comes(&bob, "elsewhere", &token).await.refused(403, "invitation_unknown");
    comes(&bob, "standup", "no such").await.refused(403, "invitation_unknown");
    bob.delete(format!("/api/room/{room}/invitations/{id}")).await.refused(403, "not_moderator");
    alice.delete(format!("/api/room/{other}/invitations/{id}")).await.refused(404, "not_found");
    comes(&bob, "standup", &token).await.is(503); // no SFU here, and welcome
    alice.delete(format!("/api/room/{room}/invitations/{id}")).await.ok();
    alice.delete(format!("/api/room/{room}/invitations/{id}")).await.refused(404, "not_found");
    comes(&server.user("carol").await, "standup", &token).await.refused(403, "invitation_revoked");
    for (wanted, code) in [
        (json!({"role": "king"}), "role_unknown"),
        (json!({"maxUses": 0}), "uses_invalid"),
        (json!({"expiresInHours": -1}), "expiry_invalid"),
        (json!({"label": "x".repeat(81)}), "label_invalid"),
    ] {
        alice.post(format!("/api/room/{room}/invitations")).json(wanted).await.refused(400, code);
    }
}

#[tokio::test]
async fn a_link_makes_moderators_until_it_is_taken_back() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = private(&alice, "standup").await;
    let made = link(&alice, &room, json!({"role": "moderator"})).await;
    let grant = claims(&comes(&bob, "standup", &text(&made, "token")).await.is(200).text("token"));
    let metadata: Value = serde_json::from_str(&text(&grant, "metadata")).expect("JSON");
    assert_eq!(metadata["role"], "moderator");
    // a moderator lets people in, and makes no moderators
    let path = format!("/api/room/{room}/invitations");
    bob.post(&path).json(json!({"role": "participant"})).await.ok();
    bob.post(&path).json(json!({"role": "moderator"})).await.refused(403, "not_owner");
    let id = text(&made, "id");
    bob.delete(format!("{path}/{id}")).await.refused(403, "not_owner");
    alice.delete(format!("{path}/{id}")).await.ok();
    bob.get(&path).await.refused(403, "not_moderator");
}

#[tokio::test]
async fn a_locked_meeting_asks_the_invited_too_and_a_ban_ends_an_invitation() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = private(&alice, "standup").await;
    let token = text(&link(&alice, &room, json!({})).await, "token");
    let owner = enter(&alice, "standup").await;
    alice.post(format!("/api/room/{room}/lock")).await.ok();
    comes(&bob, "standup", &token).await.is(202);
    alice.post(format!("/api/room/{room}/unlock")).await.ok();
    let inside = enter_with(&bob, &token).await;
    let bob_id = bob.id().await;
    alice.post(format!("/api/room/{room}/ban/{bob_id}")).await.ok();
    inside.until("put out", |seen| seen.left.is_some()).await;
    alice.post(format!("/api/room/{room}/unban/{bob_id}")).await.ok();
    bob.join("standup").await.is(202);
    drop(owner);
}
