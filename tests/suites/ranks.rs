//! Who may do what to whom, through the door: moderators and administrators among each other, those who have just left,
//! guests and accounts of one browser, and a role that the SFU did not learn.

use bedrud_tests::{
    Client, json,
    lk::{Participant, Seen},
};
use serde_json::Value;

use crate::{
    moderation::{Meeting, refused},
    rooms::{claims, count_is, enter, text},
};

/// What the metadata of somebody says of their role, as another sees it.
fn role(seen: &Seen, identity: &str) -> Option<String> {
    let metadata = &seen.others.get(identity)?.metadata;
    Some(serde_json::from_str::<Value>(metadata).ok()?["role"].as_str()?.to_owned())
}

#[tokio::test]
async fn moderators_cannot_put_out_or_hold_each_other_or_administrators() {
    let meeting = Meeting::of_two().await;
    let carol = meeting.server.user("carol").await;
    let admin = meeting.server.admin().await;
    let (third, fourth) = (enter(&carol, "standup").await, enter(&admin, "standup").await);
    count_is(&meeting.alice, &meeting.room, 4).await;
    let (carol_id, admin_id) = (carol.id().await, admin.id().await);
    let path =
        |verb: &str, identity: &str| format!("/api/room/{}/{verb}", meeting.room).replace("{}", identity);
    for identity in [&meeting.bob_id, &carol_id] {
        meeting.alice.post(path("promote/{}", identity)).await.ok();
    }
    for target in [&carol_id, &admin_id] {
        for verb in ["kick/{}", "ban/{}", "unban/{}", "hold/{}/microphone", "release/{}/microphone"] {
            meeting.bob.post(path(verb, target)).await.refused(403, "target_moderator");
        }
        // what they may undo themselves is asked of everybody
        for verb in ["mute/{}", "video/{}/off", "ask/{}/unmute"] {
            meeting.bob.post(path(verb, target)).await.ok();
        }
    }
    assert!(third.seen().left.is_none() && fourth.seen().left.is_none());
    // what an owner holds from a moderator, another moderator does not give back by a question
    meeting.alice.post(path("hold/{}/microphone", &carol_id)).await.ok();
    meeting.bob.post(path("ask/{}/unmute", &carol_id)).await.refused(403, "target_moderator");
    // owners reach everybody, administrators all but the owner
    admin.post(path("kick/{}", &carol_id)).await.ok();
    third.until("put out", |seen| seen.left.is_some()).await;
    admin.post(path("kick/{}", &meeting.alice.id().await)).await.refused(403, "target_owner");
    meeting.alice.post(path("ban/{}", &admin_id)).await.ok();
    fourth.until("put out", |seen| seen.left.is_some()).await;
    admin.join("standup").await.refused(403, "banned");
}

#[tokio::test]
async fn who_has_just_left_can_be_banned() {
    let meeting = Meeting::of_two().await;
    let Meeting { alice, bob, room, bob_id, host, bob_token, other, owner, server, .. } = meeting;
    other.leave().await;
    count_is(&alice, &room, 1).await;
    alice.post(format!("/api/room/{room}/kick/{bob_id}")).await.refused(404, "not_found");
    alice.post(format!("/api/room/{room}/ban/{bob_id}")).await.ok();
    bob.join("standup").await.refused(403, "banned");
    refused(Participant::join(&host, &bob_token).await);
    // a guest too, who has a token and never came
    let guest = server.stranger().with_cookies();
    let body = json!({"roomName": "standup", "guestName": "Gast"});
    let answer = guest.post("/api/room/guest-join").json(body).await.ok();
    let identity = text(&claims(&answer.text("token")), "sub");
    alice.post(format!("/api/room/{room}/ban/{identity}")).await.ok();
    refused(Participant::join(&host, &answer.text("token")).await);
    // nobody is banned who never was here, and the operator finds who left by name
    let carol = server.user("carol").await;
    alice.post(format!("/api/room/{room}/ban/{}", carol.id().await)).await.refused(404, "not_found");
    alice.post(format!("/api/room/{room}/unban/{bob_id}")).await.ok();
    server.ctl(["room", "ban", "standup", "bob"]).await.ok();
    bob.join("standup").await.refused(403, "banned");
    drop(owner);
}

#[tokio::test]
async fn a_guests_ban_leaves_the_account_of_the_same_browser_alone() {
    let meeting = Meeting::of_two().await;
    // a child as a guest, a parent with an account, one browser
    let browser = meeting.server.stranger().with_cookies();
    let body = json!({"roomName": "standup", "guestName": "Kind"});
    let answer = browser.post("/api/room/guest-join").json(body).await.ok();
    let child =
        Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("connected");
    count_is(&meeting.alice, &meeting.room, 3).await;
    let identity = text(&claims(&answer.text("token")), "sub");
    let key = browser.cookie("bedrud_guest_id").expect("the guest's cookie");
    meeting.alice.post(format!("/api/room/{}/ban/{identity}", meeting.room)).await.ok();
    child.until("put out", |seen| seen.left.is_some()).await;

    let carol = meeting.server.user("carol").await;
    let (with_cookie, cookie) = (carol.with_cookies(), format!("bedrud_guest_id={key}"));
    with_cookie.set_cookie("bedrud_guest_id", &key);
    for parent in [&with_cookie, &meeting.alice] {
        let token = parent.join("standup").await.ok().text("token");
        // the gate, with the cookie that a browser sends there too
        let path = format!("/livekit/rtc/validate?access_token={token}");
        meeting.server.stranger().get(path).header("cookie", &cookie).await.is(200);
    }
    // the child is kept out at both doors, by the session of then as by the cookie, whoever it says to be
    let old = meeting.server.stranger().bearer(answer.text("accessToken"));
    old.join("standup").await.refused(403, "banned");
    let again = meeting.server.guest("Jemand").await.with_cookies();
    again.set_cookie("bedrud_guest_id", &key);
    let join = |who: &Client| who.post("/api/room/join").json(json!({"roomName": "standup"}));
    join(&again).await.refused(403, "banned");
}

#[tokio::test]
async fn a_role_that_the_sfu_never_learnt_is_healed() {
    let meeting = Meeting::of_two().await;
    let promote = meeting.path("promote");
    // the SFU does not hear of it: as after a failure in the middle of a promotion, only the row is there
    let database = meeting.server.database();
    let (room, bob) = (&meeting.room, &meeting.bob_id);
    database.run(&format!(
        "INSERT INTO moderators (room_id, identity, granted_by, granted_at) VALUES ('{room}', '{bob}', 'test', 0)"
    ));
    meeting
        .owner
        .until("the sweep tells", |seen| role(seen, &meeting.bob_id).as_deref() == Some("moderator"))
        .await;
    database.run("DELETE FROM moderators");
    meeting
        .owner
        .until("and takes back", |seen| role(seen, &meeting.bob_id).as_deref() == Some("participant"))
        .await;
    assert_eq!(meeting.alice.post(&promote).await.ok().text("status"), "success");
    assert_eq!(meeting.alice.post(&promote).await.ok().text("status"), "already_moderator");
}
