//! The sweep: one person whom the SFU refuses to change keeps nobody from being healed, and is restricted all the same.

use bedrud_tests::{
    Server, json, jwt,
    lk::{Participant, TrackSource, TrackType},
    now_seconds, quoted,
};

use crate::rooms::{count_is, enter, text};

/// Sixty-five emoji are 260 bytes: more than LiveKit takes as a new name, though it takes them from a join token.
fn long_name() -> String {
    "\u{1F600}".repeat(65)
}

#[tokio::test]
async fn a_long_name_can_be_held_and_keeps_nobody_from_being_healed() {
    let server = Server::with_sfu().await;
    let (alice, bob, carol) =
        (server.user("alice").await, server.user("bob").await, server.user("carol").await);
    let room = text(&alice.room("standup").await, "id");
    let owner = enter(&alice, "standup").await;
    let settings = json!({"settings": {"allowVideo": false}});
    alice.put(format!("/api/room/{room}/settings")).json(settings).await.ok();
    // a name from before names had a bound
    let (bob_id, carol_id) = (bob.id().await, carol.id().await);
    let rename =
        format!("UPDATE users SET name = {} WHERE id = '{bob_id}' RETURNING id", quoted(&long_name()));
    assert_eq!(server.database().text(&rename), bob_id);
    for person in [&bob, &carol] {
        person.join("standup").await.ok(); // a seat, so that nobody looks removed
    }
    // both come in straight at the SFU, with more rights than they have
    let (host, key, secret) = server.sfu().await;
    let token = |identity: &str, name: &str| {
        let claims = json!({
            "iss": key, "sub": identity, "name": name, "exp": now_seconds() + 600,
            "video": {"room": room, "roomJoin": true},
        });
        jwt(&secret, &claims)
    };
    let name = long_name();
    let bob_inside = Participant::join(&host, &token(&bob_id, &name)).await.expect("a long name in a token");
    let carol_inside = Participant::join(&host, &token(&carol_id, "carol")).await.expect("connected");
    count_is(&alice, &room, 3).await;
    // the sweep restricts both
    for person in [&bob_inside, &carol_inside] {
        person
            .until("restricted by the sweep", |seen| {
                seen.permission.as_ref().is_some_and(|p| p.can_publish_sources.len() == 1)
            })
            .await;
    }
    bob_inside.publish(TrackType::Audio, TrackSource::Microphone);
    bob_inside.until("a microphone", |seen| seen.published.len() == 1).await;
    alice.post(format!("/api/room/{room}/hold/{bob_id}/microphone")).await.ok();
    bob_inside.until("the microphone was taken", |seen| !seen.unpublished.is_empty()).await;
    let shown = owner.seen().others.get(&bob_id).map(|p| p.name.len());
    assert!(shown.is_some_and(|bytes| bytes <= 256), "{shown:?} bytes of a name");
}
