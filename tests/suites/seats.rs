//! Who may do what as soon as they may: the seat of somebody who leaves or comes again, and what older clients look for.

use std::time::{Duration, Instant};

use bedrud_tests::{Client, Server, json, lk::Participant, until_within};
use serde_json::Value;

use crate::rooms::{claims, count_is, enter, text};

/// Long before the 45 seconds for which a seat is promised.
const SOON: Duration = Duration::from_secs(8);

async fn single(owner: &Client) -> String {
    let body = json!({"name": "single", "maxParticipants": 1});
    text(&owner.post("/api/room/create").json(body).await.ok().json(), "id")
}

#[tokio::test]
async fn a_room_that_nobody_entered_is_deleted_at_once() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    for joined in [false, true] {
        let id = text(&alice.room("standup").await, "id");
        if joined {
            alice.join("standup").await.ok();
        }
        let began = Instant::now();
        alice.delete(format!("/api/room/{id}")).await.is(202);
        let took = began.elapsed();
        assert!(took < Duration::from_millis(1500), "{took:?}");
    }
    alice.room("by-hand").await;
    let began = Instant::now();
    server.ctl(["room", "close", "by-hand", "--yes"]).await.ok();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn who_reloaded_and_leaves_gives_the_seat_back_at_once() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let id = single(&alice).await;
    let free = async |what: &str| {
        until_within(SOON, what, async || (alice.join("single").await.status == 200).then_some(())).await;
        // a goodbye gives alice's promised seat back as well
        enter(&alice, "single").await.leave().await;
        until_within(SOON, "a free seat", async || (bob.join("single").await.status == 200).then_some(()))
            .await;
    };

    let before = enter(&bob, "single").await;
    count_is(&alice, &id, 1).await;
    let after = enter(&bob, "single").await;
    before.until("the older connection ended", |seen| seen.left.is_some() || seen.signal_lost).await;
    after.leave().await;
    free("the seat of who reloaded").await;

    let inside = enter(&bob, "single").await;
    count_is(&alice, &id, 1).await;
    inside.resume().await.expect("signalling is up again");
    inside.leave().await;
    free("the seat of whose network changed").await;

    let inside = enter(&bob, "single").await;
    count_is(&alice, &id, 1).await;
    bob.post("/api/room/refresh-token").json(json!({"roomName": "single"})).await.ok();
    inside.leave().await;
    free("the seat of who asked for a new token").await;
}

#[tokio::test]
async fn a_guest_who_comes_again_is_who_they_were_also_in_a_full_room() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let id = single(&alice).await;
    let browser = server.stranger().with_cookies();
    let join = async |browser: &Client, name: &str| {
        browser.post("/api/room/guest-join").json(json!({"roomName": "single", "guestName": name})).await
    };
    let first = join(&browser, "Greta").await.ok();
    let who = text(&claims(&first.text("token")), "sub");
    let inside =
        Participant::join(&first.text("livekitHost"), &first.text("token")).await.expect("connected");
    count_is(&alice, &id, 1).await;
    join(&server.stranger().with_cookies(), "Fred").await.refused(403, "room_full");
    browser.get("/api/room/check/single").await.ok();

    let again = join(&browser, "Greta G.").await.ok();
    let token = claims(&again.text("token"));
    assert_eq!((text(&token, "sub"), text(&token, "name")), (who.clone(), "Greta G.".to_owned()));
    let second = Participant::join(&again.text("livekitHost"), &again.text("token")).await.expect("reloaded");
    inside.until("the older connection ended", |seen| seen.left.is_some() || seen.signal_lost).await;
    // by join with the tokens of either visit it is the same person, and a refresh goes on
    for answer in [&first, &again] {
        let mine = server.stranger().bearer(answer.text("accessToken"));
        assert_eq!(text(&claims(&mine.join("single").await.ok().text("token")), "sub"), who);
    }
    browser.post("/api/auth/refresh").await.ok();

    // a ban of the device holds on this way too
    alice.post(format!("/api/room/{id}/ban/{who}")).await.ok();
    join(&browser, "Somebody else").await.refused(403, "banned");
    drop(second);
}

#[tokio::test]
async fn a_promoted_moderator_says_so_where_older_clients_look() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let id = text(&alice.room("standup").await, "id");
    let (watching, inside) = (enter(&alice, "standup").await, enter(&bob, "standup").await);
    let whom = bob.id().await;
    count_is(&alice, &id, 2).await;
    let accesses = async |what: &str, wanted: Value| {
        let told = |seen: &bedrud_tests::lk::Seen| -> Option<Value> {
            let metadata: Value = serde_json::from_str(&seen.others.get(&whom)?.metadata).ok()?;
            Some(metadata["accesses"].clone())
        };
        watching.until(what, |seen| told(seen).as_ref() == Some(&wanted)).await;
    };
    accesses("bob as he came", json!(["user"])).await;
    alice.post(format!("/api/room/{id}/promote/{whom}")).await.ok();
    accesses("bob moderates", json!(["user", "moderator"])).await;
    let token = claims(&bob.join("standup").await.ok().text("token"));
    assert!(text(&token, "metadata").contains(r#""accesses":["user","moderator"]"#), "{token}");
    alice.post(format!("/api/room/{id}/demote/{whom}")).await.ok();
    accesses("bob no longer moderates", json!(["user"])).await;
    inside.leave().await;
    watching.leave().await;
}

#[tokio::test]
async fn ones_own_profile_is_there_as_soon_as_one_is_connected() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let (id, whom) = (text(&alice.room("standup").await, "id"), alice.id().await);
    for _ in 0..5 {
        let inside = enter(&alice, "standup").await;
        let own = alice.get(format!("/api/room/{id}/participant/{whom}/profile")).await.ok();
        assert_eq!(own.text("name"), "alice");
        inside.leave().await;
        count_is(&alice, &id, 0).await;
    }
    let other = server.user("other").await;
    other.get(format!("/api/room/{id}/participant/{whom}/profile")).await.refused(403, "not_inside");
}

#[tokio::test]
async fn what_a_room_promises_is_kept_or_refused() {
    let server = Server::start().await;
    let (alice, admin) = (server.user("alice").await, server.admin().await);
    let create = async |who: &Client, settings: Value| {
        who.post("/api/room/create").json(json!({"settings": settings})).await
    };
    // the older page sends all of them with every room
    let all = json!({"allowChat": true, "allowVideo": true, "allowAudio": true, "requireApproval": false, "e2ee": false,
        "isPersistent": false, "recordingsAllowed": true, "moderatorFirst": false});
    let made = create(&alice, all.clone()).await.ok().json();
    assert_eq!(made["settings"], all);
    let sentence = create(&alice, json!({"e2ee": true})).await.refused(400, "not_supported").sentence();
    assert!(sentence.contains("encrypt"), "{sentence}");
    create(&admin, json!({"e2ee": true})).await.refused(400, "not_supported");
    create(&alice, json!({"isPersistent": true})).await.refused(403, "not_permitted");

    let path = format!("/api/room/{}/settings", text(&made, "id"));
    let year = made["expiresAt"].as_str().expect("a time")[..4].to_owned();
    alice.put(&path).json(json!({"settings": {"isPersistent": true}})).await.refused(403, "not_permitted");
    let kept = admin.put(&path).json(json!({"settings": {"isPersistent": true}})).await.ok().json();
    assert_eq!(kept["settings"]["isPersistent"], true);
    assert!(kept["expiresAt"].as_str().expect("a time")[..4] > *year, "it does not expire: {kept}");
    // the owner's client sends back what it read
    alice.put(&path).json(json!({"settings": kept["settings"]})).await.ok();
    alice.put(&path).json(json!({"settings": {"recordingsAllowed": false}})).await.ok();
    let list = alice.get("/api/room/list").await.ok().json();
    assert_eq!(
        (&list[0]["settings"]["isPersistent"], &list[0]["settings"]["recordingsAllowed"]),
        (&json!(true), &json!(false))
    );
}
