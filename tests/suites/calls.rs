//! Calls through the daemon and a real LiveKit, without a browser: what a person hears, and what stops them.
use bedrud_tests::{
    Client, PATIENCE, Server, Value, json,
    lk::{DisconnectReason, JoinError, Participant, TrackSource, TrackType},
    until, until_within,
};

/// Joins through the API and then the SFU.
pub(crate) async fn enter(person: &Client, room: &str) -> Participant {
    let (host, token) = ticket(person, room).await;
    Participant::join(&host, &token).await.expect("a seat")
}

/// `livekitHost` and join token.
pub(crate) async fn ticket(person: &Client, room: &str) -> (String, String) {
    let answer = person.join(room).await.is(200);
    (answer.text("livekitHost"), answer.text("token"))
}

/// A guest's way in; `address` is where the proxy in front says they come from.
async fn guest_join(client: &Client, room: &str, name: &str, address: &str) -> bedrud_tests::Answer {
    let body = json!({"roomName": room, "guestName": name});
    client.post("/api/room/guest-join").header("x-forwarded-for", address).json(body).await
}

#[tokio::test]
async fn two_people_hear_and_see_each_other() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let (a, b) = tokio::join!(enter(&alice, "standup"), enter(&bob, "standup"));
    tokio::join!(a.publish_both(), b.publish_both());
    let (alice_id, bob_id) = (alice.id().await, bob.id().await);
    for kind in [TrackType::Audio, TrackType::Video] {
        tokio::join!(a.hears(&bob_id, kind, 10), b.hears(&alice_id, kind, 10));
    }
    a.send("chat", r#"{"type":"chat","message":"hello"}"#).await;
    let seen = b.until("the chat line", |seen| seen.topic("chat").next().is_some()).await;
    assert_eq!(seen.packets[0].from, alice_id, "the sender is the packet's own, whatever its body says");
}

#[tokio::test]
async fn a_kicked_person_is_out_and_may_come_back_with_a_new_token_only() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let a = enter(&alice, "standup").await;
    let (host, old) = ticket(&bob, "standup").await;
    let b = Participant::join(&host, &old).await.expect("a seat");
    b.publish_both().await;
    a.hears(&bob.id().await, TrackType::Audio, 10).await;

    server.ctl(["room", "kick", "standup", "bob"]).await.ok();

    let seen = b.until("the removal", |seen| seen.left.is_some()).await;
    assert_eq!(seen.left, Some(DisconnectReason::ParticipantRemoved));
    let notice = a.until("the notice to all", |seen| seen.topic("system").next().is_some()).await;
    assert_eq!(notice.packets[0].json()["event"], "kick");
    assert_eq!(notice.packets[0].from, "", "system messages come from the server");
    a.until("bob gone", |seen| seen.others.is_empty()).await;
    assert_eq!(Participant::join(&host, &old).await.err(), Some(JoinError::Refused(403)), "the old token");
    assert_eq!(
        Participant::join(&host, &seen.token).await.err(),
        Some(JoinError::Refused(403)),
        "the token that LiveKit itself signed anew"
    );
    assert_eq!(b.resume().await.err(), Some(JoinError::Refused(403)), "the reconnect");
    enter(&bob, "standup").await;
}

#[tokio::test]
async fn a_banned_account_stays_out_on_every_device() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = alice.room("standup").await;
    let (host, old) = ticket(&bob, "standup").await;
    let b = Participant::join(&host, &old).await.expect("a seat");

    let path = format!("/api/room/{}/ban/{}", room["id"].as_str().expect("an id"), bob.id().await);
    alice.post(path).await.ok();

    let seen = b.until("the removal", |seen| seen.left.is_some()).await;
    assert_eq!(seen.left, Some(DisconnectReason::ParticipantRemoved));
    for token in [&old, &seen.token] {
        assert_eq!(Participant::join(&host, token).await.err(), Some(JoinError::Refused(403)));
    }
    bob.join("standup").await.is(403).sentence();
    let device = server.stranger().bearer(server.login("bob").await.ok().text("tokens/accessToken"));
    device.join("standup").await.is(403).sentence();

    server.ctl(["room", "unban", "standup", "bob"]).await.ok();
    enter(&bob, "standup").await;
}

#[tokio::test]
async fn a_banned_guest_stays_out_by_cookie_and_by_address() {
    let config = json!({"server": {"trustedProxies": ["127.0.0.1"]}});
    let server = Server::builder().sfu().config(config).start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let a = enter(&alice, "standup").await;
    let browser = server.stranger().with_cookies();
    let joined = guest_join(&browser, "standup", "Mallory", "198.51.100.7").await.ok();
    let b = Participant::join(&joined.text("livekitHost"), &joined.text("token")).await.expect("a seat");
    a.until("mallory inside", |seen| !seen.others.is_empty()).await;

    server.ctl(["room", "ban", "standup", "Mallory"]).await.ok();

    b.until("the removal", |seen| seen.left.is_some()).await;
    guest_join(&browser, "standup", "Other", "203.0.113.9").await.is(403).sentence(); // the cookie
    let cleared = server.stranger().with_cookies();
    guest_join(&cleared, "standup", "Third", "198.51.100.7").await.is(403).sentence(); // the address
    guest_join(&cleared, "standup", "Innocent", "203.0.113.10").await.ok();
    let old = Participant::join(&joined.text("livekitHost"), &joined.text("token")).await;
    assert_eq!(old.err(), Some(JoinError::Refused(403)));
}

#[tokio::test]
async fn a_hold_stands_against_every_way_to_speak() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let (a, b) = (enter(&alice, "standup").await, enter(&bob, "standup").await);
    let bob_id = bob.id().await;
    b.publish_both().await;
    a.hears(&bob_id, TrackType::Audio, 10).await;

    server.ctl(["room", "hold", "standup", "bob"]).await.ok();

    b.until("the microphone taken down", |seen| !seen.unpublished.is_empty()).await;
    a.until("no microphone of bob", |seen| {
        seen.tracks_of(&bob_id, TrackType::Audio, TrackSource::Microphone).is_empty()
    })
    .await;
    b.publish(TrackType::Audio, TrackSource::Microphone);
    b.until("the refusal to publish again", |seen| !seen.refused.is_empty()).await;
    a.hears(&bob_id, TrackType::Video, 5).await; // the camera stays

    let again = bob.post("/api/room/refresh-token").json(json!({"roomName": "standup"})).await.ok();
    b.leave().await;
    let host = bob.join("standup").await.ok().text("livekitHost");
    let b = Participant::join(&host, &again.text("token")).await.expect("a seat");
    b.publish(TrackType::Audio, TrackSource::Microphone);
    b.until("the hold in a new token", |seen| !seen.refused.is_empty()).await;

    b.publish(TrackType::Audio, TrackSource::Camera);
    let seen = b.until("the removal of who speaks as a camera", |seen| seen.left.is_some()).await;
    assert_eq!(seen.left, Some(DisconnectReason::ParticipantRemoved));

    let b = enter(&bob, "standup").await;
    until("bob in the operator's list", async || {
        server.ctl(["room", "participants", "standup"]).await.stdout.contains("bob").then_some(())
    })
    .await;
    server.ctl(["room", "release", "standup", "bob"]).await.ok();
    b.until("the microphone allowed again", |seen| {
        let permission = seen.permission.as_ref();
        permission.is_some_and(|may| may.can_publish_sources.contains(&(TrackSource::Microphone as i32)))
    })
    .await;
    b.publish_both().await;
    a.hears(&bob_id, TrackType::Audio, 10).await;
}

#[tokio::test]
async fn room_settings_change_the_grant_live() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = alice.room("standup").await;
    let b = enter(&bob, "standup").await;
    b.publish_both().await;

    let path = format!("/api/room/{}/settings", room["id"].as_str().expect("an id"));
    alice.put(&path).json(json!({"settings": {"allowVideo": false}})).await.ok();

    let seen = b.until("the camera taken down", |seen| !seen.unpublished.is_empty()).await;
    let permission = seen.permission.expect("a permission");
    assert!(!permission.can_publish_sources.contains(&(TrackSource::Camera as i32)));
    assert!(permission.can_publish_sources.contains(&(TrackSource::Microphone as i32)));
    alice.put(&path).json(json!({"settings": {"allowVideo": true}})).await.ok();
    b.until("the camera allowed again", |seen| {
        seen.permission.as_ref().is_some_and(|now| {
            now.can_publish_sources.is_empty()
                || now.can_publish_sources.contains(&(TrackSource::Camera as i32))
        })
    })
    .await;
}

#[tokio::test]
async fn people_join_anew_after_the_sfu_was_killed() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = alice.room("standup").await;
    let (a, b) = (enter(&alice, "standup").await, enter(&bob, "standup").await);
    let before = sfu(&server).await;

    kill(before);
    tokio::join!(
        a.until("the loss", |seen| seen.signal_lost || seen.left.is_some()),
        b.until("the loss", |seen| seen.signal_lost || seen.left.is_some())
    );
    // The proxy holds both until the room is there again; with the tokens that clients have, as clients do.
    let host = bob.join("standup").await.ok().text("livekitHost");
    let (a, b) = (a.seen().token, b.seen().token);
    let (a, b) = tokio::join!(Participant::join(&host, &a), Participant::join(&host, &b));
    let (a, b) = (a.expect("alice back"), b.expect("bob back"));
    b.publish_both().await;
    a.hears(&bob.id().await, TrackType::Audio, 10).await;
    assert_ne!(sfu(&server).await, before);
    let path = format!("/api/room/{}/presence?countOnly=1", room["id"].as_str().expect("an id"));
    until("presence to be rebuilt", async || {
        (alice.get(&path).await.ok().json()["count"] == 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_restart_of_the_daemon_drops_nobody() {
    let mut server = Server::builder().sfu_alone().start().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let (a, b) = (enter(&alice, "standup").await, enter(&bob, "standup").await);
    let bob_id = bob.id().await;
    b.publish_both().await;
    a.hears(&bob_id, TrackType::Audio, 10).await;
    let before = sfu(&server).await;

    assert_eq!(server.stop().await, Some(0));
    a.until("the signalling lost", |seen| seen.signal_lost).await;
    a.hears(&bob_id, TrackType::Audio, 100).await; // two seconds of the call without a daemon
    server.spawn();
    server.ready().await;

    a.resume().await.expect("the same session again");
    b.resume().await.expect("the same session again");
    a.hears(&bob_id, TrackType::Video, 5).await;
    assert_eq!(sfu(&server).await, before, "the SFU of before");
    assert!(a.seen().left.is_none());
    let room = alice.get("/api/room/list").await.ok().json()[0]["id"].as_str().expect("an id").to_owned();
    let inside = alice.get(format!("/api/room/{room}/presence?countOnly=1")).await.ok();
    assert_eq!(inside.json()["count"], 2, "{inside}");
}

#[tokio::test]
async fn capacity_holds_under_fifty_joins_at_once() {
    let server = Server::with_sfu().await;
    let owner = server.user("owner").await;
    owner.post("/api/room/create").json(json!({"name": "small", "maxParticipants": 7})).await.ok();
    let stranger = server.stranger();
    let tries = (0..50).map(|number| {
        let stranger = stranger.clone();
        tokio::spawn(async move {
            let body = json!({"roomName": "small", "guestName": format!("guest {number}")});
            stranger.post("/api/room/guest-join").json(body).await
        })
    });
    let mut seats = Vec::new();
    for answer in tries.collect::<Vec<_>>() {
        let answer = answer.await.expect("an answer");
        match answer.status {
            200 => seats.push(answer),
            _ => drop(answer.refused(403, "room_full")),
        }
    }
    assert_eq!(seats.len(), 7);

    // Who is inside may come again, also into a full room; who never came gives the seat back.
    let inside =
        Participant::join(&seats[0].text("livekitHost"), &seats[0].text("token")).await.expect("a seat");
    let again = server.stranger().bearer(seats[0].text("accessToken"));
    again.join("small").await.is(200);
    inside.until("still inside", |seen| seen.left.is_none()).await;
    let late = async || {
        let body = json!({"roomName": "small", "guestName": "late"});
        stranger.post("/api/room/guest-join").json(body).await.status
    };
    assert_eq!(late().await, 403);
    let given_back = async || (late().await == 200).then_some(());
    until_within(4 * PATIENCE, "a seat that nobody took to be given back", given_back).await;
}

/// Process id of the SFU, from the daemon's own status.
async fn sfu(server: &Server) -> u64 {
    until("a running SFU", async || {
        let status: Value = server.control(http::Method::GET, "/v1/status", None).await.json();
        status["livekit"]["pid"].as_u64()
    })
    .await
}

fn kill(pid: u64) {
    let done = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(done.expect("kill(1)").success());
}
