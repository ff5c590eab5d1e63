//! Rooms from making one to its end: names, quotas, settings, seats, presence. Moderation has a suite of its own.

use std::time::{Duration, Instant};

use bedrud_tests::{Client, Server, json, lk::Participant, until};
use serde_json::Value;

/// The claims of a token, unverified: the SFU verifies it.
pub(crate) fn claims(token: &str) -> Value {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let part = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

/// Joins through the door and connects to the SFU.
pub(crate) async fn enter(person: &Client, room: &str) -> Participant {
    let answer = person.join(room).await.ok();
    Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("connected")
}

/// Waits until presence counts so many people.
pub(crate) async fn count_is(person: &Client, room_id: &str, count: i64) {
    until(&format!("{count} people inside"), async || {
        let answer = person.get(format!("/api/room/{room_id}/presence?countOnly=1")).await.ok();
        (answer.json()["count"] == count).then_some(())
    })
    .await;
}

/// Waits until the SFU has so many tracks of somebody: one is there once its media has arrived. Gives their info.
pub(crate) async fn tracks_are(asker: &Client, room_id: &str, identity: &str, count: usize) -> Value {
    until(&format!("{count} tracks"), async || {
        let info = asker.get(format!("/api/room/{room_id}/participant/{identity}/info")).await.ok().json();
        (info["tracks"].as_array().map(Vec::len) == Some(count)).then_some(info)
    })
    .await
}

pub(crate) fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}")).to_owned()
}

#[tokio::test]
async fn a_room_has_the_shape_of_the_contract() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let body = json!({"name": "standup", "maxParticipants": 7, "isPublic": false, "mode": "webinar",
        "settings": {"allowChat": false, "recordingsAllowed": true}});
    let made = alice.post("/api/room/create").json(body).await.ok().json();
    assert_eq!(made["name"], "standup");
    assert_eq!(
        (&made["maxParticipants"], &made["isPublic"], &made["mode"]),
        (&json!(7), &json!(false), &json!("webinar"))
    );
    let settings = json!({"allowChat": false, "allowVideo": true, "allowAudio": true, "requireApproval": false,
        "e2ee": false, "isPersistent": false, "recordingsAllowed": true, "moderatorFirst": false});
    assert_eq!(made["settings"], settings);
    assert_eq!(made["adminId"], alice.id().await.as_str());
    assert!(text(&made, "livekitHost").starts_with("ws"));
    for time in ["createdAt", "updatedAt", "expiresAt", "lastActivityAt"] {
        assert!(text(&made, time).ends_with('Z'), "{time}");
    }
    let list = alice.get("/api/room/list").await.ok().json();
    assert_eq!(list[0]["id"], made["id"]);
    assert_eq!(list[0]["settings"], settings);

    let named = alice.post("/api/room/create").await.ok().text("name");
    let parts: Vec<usize> = named.split('-').map(str::len).collect();
    assert_eq!(parts, [3, 4, 3], "{named}");
}

#[tokio::test]
async fn bad_rooms_are_refused_with_a_reason() {
    let server =
        Server::builder().config(json!({"server": {"maxRoomsPerUser": 2, "maxParticipantsLimit": 50}}));
    let server = server.start().await;
    let alice = server.user("alice").await;
    let create = async |body: Value| alice.post("/api/room/create").json(body).await;
    for name in ["Ab", "a b c", "-abc", "abc-", "a--b", "äbc", "../etc", &"a".repeat(64)] {
        create(json!({"name": name})).await.refused(400, "room_name_invalid");
    }
    create(json!({"name": "abc", "mode": "circus"})).await.refused(400, "mode_unknown");
    for seats in [0, -1, 51] {
        create(json!({"name": "abc", "maxParticipants": seats}))
            .await
            .refused(400, "max_participants_invalid");
    }
    create(json!({"name": "abc", "maxParticipants": "many"})).await.refused(400, "field_invalid");
    create(json!({"name": "abc", "settings": {"e2ee": true}})).await.refused(400, "not_supported");
    assert_eq!(alice.get("/api/room/list").await.ok().json(), json!([]));

    alice.room("one").await;
    let two = alice.room("two").await;
    create(json!({"name": "three"})).await.refused(403, "room_quota");
    alice.delete(format!("/api/room/{}", text(&two, "id"))).await.is(202);
    alice.room("three").await;

    let guest = server.guest("Gast").await;
    guest.post("/api/room/create").json(json!({"name": "mine"})).await.refused(403, "account_needed");
    server.stranger().post("/api/room/create").await.is(401);
}

#[tokio::test]
async fn the_name_of_a_live_room_is_taken_and_the_room_goes_on() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = alice.room("standup").await;
    let id = text(&room, "id");
    let inside = enter(&alice, "standup").await;
    count_is(&bob, &id, 1).await;
    for person in [&alice, &bob] {
        person
            .post("/api/room/create")
            .json(json!({"name": "standup"}))
            .await
            .refused(409, "room_name_taken");
    }
    let other = enter(&bob, "standup").await;
    inside.until("bob came to the same meeting", |seen| seen.others.len() == 1).await;
    let now = alice.get("/api/room/list").await.ok().json();
    assert_eq!((&now[0]["id"], &now[0]["createdAt"]), (&room["id"], &room["createdAt"]));
    other.leave().await;
    inside.leave().await;
}

#[tokio::test]
async fn join_answers_by_who_asks() {
    let server = Server::with_sfu().await;
    let (alice, bob, admin) = (server.user("alice").await, server.user("bob").await, server.admin().await);
    let room = alice.room("open-door").await;
    let answer = bob.join("open-door").await.ok();
    let token = claims(&answer.text("token"));
    assert_eq!(token["sub"], bob.id().await.as_str());
    assert_eq!(token["name"], "bob");
    assert_eq!(token["video"]["room"], room["id"]);
    assert_eq!(token["exp"].as_i64().expect("exp") - token["iat"].as_i64().expect("iat"), 7200);
    let metadata: Value = serde_json::from_str(token["metadata"].as_str().expect("text")).expect("JSON");
    assert_eq!(metadata["accesses"], json!(["user"]));
    assert_eq!(
        (&metadata["displayName"], &metadata["avatarUrl"], &metadata["role"]),
        (&json!("bob"), &json!(""), &json!("participant"))
    );
    assert_eq!(token["video"]["canUpdateOwnMetadata"], false);
    assert_eq!(answer.json()["activeRecordingId"], "");

    bob.join("nowhere").await.refused(404, "not_found");
    server.stranger().join("open-door").await.is(401);
    let check = |name: &str| server.stranger().get(format!("/api/room/check/{name}"));
    assert_eq!(
        check("open-door").await.ok().json(),
        json!({"exists": true, "name": "open-door", "title": "open-door", "inside": 0})
    );
    check("nowhere").await.refused(404, "not_found");

    alice.post("/api/room/create").json(json!({"name": "closed-door", "isPublic": false})).await.ok();
    for insider in [&alice, &admin] {
        insider.join("closed-door").await.ok().text("token");
    }
    check("closed-door").await.refused(403, "room_private");
    let guest = json!({"roomName": "closed-door", "guestName": "Gast"});
    server.stranger().post("/api/room/guest-join").json(guest).await.is(202);
    bob.join("closed-door").await.is(202);

    let gone = alice.room("gone-door").await;
    alice.delete(format!("/api/room/{}", text(&gone, "id"))).await.is(202);
    let owned = alice.join("gone-door").await.ok().json();
    assert_eq!((&owned["status"], &owned["name"]), (&json!("archived_owned"), &json!("gone-door")));
    bob.join("gone-door").await.refused(410, "room_closed");
    check("gone-door").await.refused(410, "room_closed");
    alice
        .post("/api/room/refresh-token")
        .json(json!({"roomName": "gone-door"}))
        .await
        .refused(410, "room_closed");
    let archived = alice.get("/api/room/archived").await.ok().json();
    assert_eq!(
        (&archived["total"], &archived["limit"], &archived["page"]),
        (&json!(1), &json!(20), &json!(1))
    );
    assert_eq!(archived["rooms"][0]["recordingCount"], 0);
    // the slug is free again, for another room
    let again = alice.room("gone-door").await;
    assert_ne!(again["id"], gone["id"]);
    bob.join("gone-door").await.ok().text("token");
}

#[tokio::test]
async fn a_guest_comes_in_with_a_name_only() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let id = text(&alice.room("open-door").await, "id");
    let browser = server.stranger().with_cookies();
    let join = async |name: &str| {
        browser.post("/api/room/guest-join").json(json!({"roomName": "open-door", "guestName": name})).await
    };
    join("").await.is(400);
    join(&"x".repeat(51)).await.is(400);
    let answer = join(&"ö".repeat(50)).await.ok();
    let identity = text(&claims(&answer.text("token")), "sub");
    assert!(identity.strip_prefix("guest-").is_some_and(|tail| tail.len() == 8), "{identity}");
    assert_eq!(answer.text("accessToken"), answer.text("tokens/accessToken"));
    for cookie in ["access_token", "bedrud_guest_id"] {
        assert!(browser.cookie(cookie).is_some(), "{cookie}");
    }
    let inside =
        Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("connected");
    count_is(&alice, &id, 1).await;
    let people = alice.get(format!("/api/room/{id}/presence")).await.ok().json();
    assert_eq!(people["participants"][0]["identity"], identity.as_str());
    assert_eq!(
        server.stranger().get(format!("/api/room/{id}/presence")).await.ok().json(),
        json!({"count": 1})
    );
    inside.leave().await;
    count_is(&alice, &id, 0).await;
}

#[tokio::test]
async fn seats_hold_under_fifty_joins_at_once() {
    let server = Server::builder().config(json!({"rateLimit": {"guest": {"max": 0, "windowSeconds": 60}}}));
    let server = server.sfu().start().await;
    let alice = server.user("alice").await;
    alice.post("/api/room/create").json(json!({"name": "tiny", "maxParticipants": 5})).await.ok();
    let joins = (0..50).map(|n| {
        let stranger = server.stranger();
        async move {
            let body = json!({"roomName": "tiny", "guestName": format!("guest {n}")});
            stranger.post("/api/room/guest-join").json(body).await
        }
    });
    let answers = futures_util::future::join_all(joins).await;
    let (admitted, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 200);
    assert_eq!((admitted.len(), refused.len()), (5, 45));
    for answer in refused {
        answer.refused(403, "room_full");
    }
    alice.join("tiny").await.refused(403, "room_full");

    // who is inside may reload although every seat is taken; a goodbye gives the seat back at once
    let seated = &admitted[0];
    let (host, token) = (seated.text("livekitHost"), seated.text("token"));
    let first = Participant::join(&host, &token).await.expect("connected");
    let mine = server.stranger().bearer(seated.text("accessToken"));
    let again = mine.join("tiny").await.ok();
    let second = Participant::join(&host, &again.text("token")).await.expect("reloaded");
    first.until("the older connection ended", |seen| seen.left.is_some() || seen.signal_lost).await;
    alice.join("tiny").await.refused(403, "room_full");
    second.leave().await;
    until("a free seat", async || (alice.join("tiny").await.status == 200).then_some(())).await;
}

#[tokio::test]
async fn a_seat_comes_back_from_who_never_connects() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let body = json!({"name": "single", "maxParticipants": 1});
    alice.post("/api/room/create").json(body).await.ok();
    // at once, where the SFU saw a signalling socket open and close
    let cut = enter(&bob, "single").await;
    alice.join("single").await.refused(403, "room_full");
    drop(cut);
    until("the seat of who broke off", async || (alice.join("single").await.status == 200).then_some(()))
        .await;
    // after the hold of 45 seconds, where nobody came at all
    let held = Instant::now();
    bob.join("single").await.refused(403, "room_full");
    while bob.join("single").await.status != 200 {
        assert!(held.elapsed() < Duration::from_secs(60), "the seat is still held");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(held.elapsed() > Duration::from_secs(30), "the seat was not held");
}

#[tokio::test]
async fn in_a_webinar_only_the_stage_publishes() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let body = json!({"name": "talk", "mode": "webinar"});
    let room = text(&alice.post("/api/room/create").json(body).await.ok().json(), "id");
    let grant =
        async |person: &Client| claims(&person.join("talk").await.ok().text("token"))["video"].clone();
    assert_eq!(grant(&alice).await["canPublishSources"].as_array().map(Vec::len), Some(4));
    let listener = grant(&bob).await;
    assert_eq!(
        (&listener["canPublish"], &listener["canPublishData"], &listener["canSubscribe"]),
        (&json!(false), &json!(true), &json!(true))
    );
    let inside = enter(&bob, "talk").await;
    count_is(&alice, &room, 1).await;
    alice.post(format!("/api/room/{room}/promote/{}", bob.id().await)).await.ok();
    inside.until("on the stage", |seen| seen.permission.as_ref().is_some_and(|p| p.can_publish)).await;
    inside.publish_both().await;
    inside.leave().await;
}

#[tokio::test]
async fn settings_change_live_in_both_shapes() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let id = text(&alice.room("standup").await, "id");
    let inside = enter(&bob, "standup").await;
    inside.publish_both().await;
    count_is(&alice, &id, 1).await;
    tracks_are(&alice, &id, &bob.id().await, 2).await;
    let path = format!("/api/room/{id}/settings");

    bob.put(&path).json(json!({"isPublic": false})).await.refused(403, "not_owner");
    let room = alice.put(&path).json(json!({"settings": {"allowVideo": false}})).await.ok().json();
    assert_eq!(
        (&room["settings"]["allowVideo"], &room["settings"]["allowAudio"]),
        (&json!(false), &json!(true))
    );
    inside.until("the camera was taken down", |seen| seen.unpublished.len() == 1).await;
    let room = alice.put(&path).json(json!({"allowChat": false, "maxParticipants": 3})).await.ok().json();
    assert_eq!((&room["settings"]["allowChat"], &room["maxParticipants"]), (&json!(false), &json!(3)));
    assert_eq!(room["settings"]["allowVideo"], false, "absent fields stay");
    inside.until("no more chat", |seen| seen.permission.as_ref().is_some_and(|p| !p.can_publish_data)).await;
    let grant = claims(&bob.join("standup").await.ok().text("token"))["video"].clone();
    assert_eq!(
        (&grant["canPublishData"], &grant["canPublishSources"]),
        (&json!(false), &json!(["microphone"]))
    );

    alice.put(&path).json(json!({"settings": {"e2ee": true}})).await.refused(400, "not_supported");
    alice.put(&path).json(json!({"maxParticipants": 0})).await.refused(400, "max_participants_invalid");
    alice.put(&path).json(json!({"settings": {"allowVideo": true}})).await.ok();
    inside
        .until("the camera is allowed again", |seen| {
            seen.permission.as_ref().is_some_and(|p| p.can_publish_sources.len() == 4)
        })
        .await;
    alice.put("/api/room/nowhere/settings").json(json!({})).await.refused(404, "not_found");
    inside.leave().await;
}

#[tokio::test]
async fn deleting_a_room_ends_its_meeting_and_says_so() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let id = text(&alice.room("standup").await, "id");
    let answer = bob.join("standup").await.ok();
    let (host, token) = (answer.text("livekitHost"), answer.text("token"));
    let inside = Participant::join(&host, &token).await.expect("connected");
    inside.until("notices can come", |seen| seen.subscriber_up && seen.data_open).await;
    bob.delete(format!("/api/room/{id}")).await.refused(403, "not_owner");
    let answer = alice.delete(format!("/api/room/{id}")).await.is(202);
    answer.text("message");
    let seen = inside.until("sent away", |seen| seen.left.is_some()).await;
    assert_eq!(seen.left, Some(livekit_protocol::DisconnectReason::RoomDeleted));
    let notice = seen.topic("system").map(|packet| packet.json()).next().expect("a notice");
    assert_eq!((&notice["type"], &notice["event"]), (&json!("system"), &json!("room_deleted")));
    let refused = Participant::join(&host, &token).await.err();
    assert_eq!(refused, Some(bedrud_tests::lk::JoinError::Refused(403)));
    alice.delete(format!("/api/room/{id}")).await.refused(404, "not_found");
}
