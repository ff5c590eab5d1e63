//! What moderators do, and that it holds: over every way back in, and against everything a client may try.

use bedrud_tests::{
    Client, Server, json,
    lk::{JoinError, Participant},
    until,
};
use livekit_protocol::DisconnectReason;
use serde_json::Value;

use crate::rooms::{claims, count_is, enter, text, tracks_are};

/// A meeting of alice, who owns it, and bob, both inside.
pub(crate) struct Meeting {
    pub(crate) server: Server,
    pub(crate) alice: Client,
    pub(crate) bob: Client,
    pub(crate) room: String,
    pub(crate) bob_id: String,
    pub(crate) host: String,
    pub(crate) bob_token: String,
    pub(crate) owner: Participant,
    pub(crate) other: Participant,
}

impl Meeting {
    pub(crate) async fn of_two() -> Self {
        let server = Server::with_sfu().await;
        let (alice, bob) = (server.user("alice").await, server.user("bob").await);
        let room = text(&alice.room("standup").await, "id");
        let owner = enter(&alice, "standup").await;
        let answer = bob.join("standup").await.ok();
        let (host, bob_token) = (answer.text("livekitHost"), answer.text("token"));
        let other = Participant::join(&host, &bob_token).await.expect("connected");
        count_is(&alice, &room, 2).await;
        let bob_id = bob.id().await;
        Self { server, alice, bob, room, bob_id, host, bob_token, owner, other }
    }

    pub(crate) fn path(&self, verb: &str) -> String {
        format!("/api/room/{}/{verb}/{}", self.room, self.bob_id)
    }

    pub(crate) async fn act(&self, verb: &str) {
        assert_eq!(self.alice.post(self.path(verb)).await.ok().json(), json!({"status": "success"}));
    }

    /// The join token that LiveKit signed for bob while he was inside.
    pub(crate) fn resigned(&self) -> String {
        self.other.seen().token
    }
}

pub(crate) fn refused(outcome: Result<Participant, JoinError>) -> JoinError {
    outcome.err().expect("to be refused")
}

#[tokio::test]
async fn a_kick_removes_and_old_tokens_stay_outside() {
    let meeting = Meeting::of_two().await;
    meeting.owner.until("notices can come", |seen| seen.subscriber_up && seen.data_open).await;
    meeting.act("kick").await;
    let seen = meeting.other.until("put out", |seen| seen.left.is_some()).await;
    assert_eq!(seen.left, Some(DisconnectReason::ParticipantRemoved));
    let seen = meeting.owner.until("the notice", |seen| seen.topic("system").next().is_some()).await;
    let notice = seen.topic("system").next().expect("a packet");
    assert_eq!(notice.from, "", "system messages have no sender");
    assert_eq!(
        notice.json(),
        json!({"type": "system", "event": "kick", "actor": meeting.alice.id().await, "target": meeting.bob_id})
    );
    count_is(&meeting.alice, &meeting.room, 1).await;
    for token in [&meeting.bob_token, &meeting.resigned()] {
        assert_eq!(refused(Participant::join(&meeting.host, token).await), JoinError::Refused(403));
    }
    // a kicked person may ask for a new token
    let answer = meeting.bob.join("standup").await.ok();
    let back = Participant::join(&meeting.host, &answer.text("token")).await.expect("back with a new token");
    count_is(&meeting.alice, &meeting.room, 2).await;
    back.leave().await;
}

#[tokio::test]
async fn a_ban_keeps_out_until_it_is_lifted() {
    let meeting = Meeting::of_two().await;
    meeting.act("ban").await;
    meeting.other.until("put out", |seen| seen.left == Some(DisconnectReason::ParticipantRemoved)).await;
    for token in [&meeting.bob_token, &meeting.resigned()] {
        assert_eq!(refused(Participant::join(&meeting.host, token).await), JoinError::Refused(403));
    }
    meeting.bob.join("standup").await.refused(403, "banned");
    meeting
        .bob
        .post("/api/room/refresh-token")
        .json(json!({"roomName": "standup"}))
        .await
        .refused(403, "banned");
    // another device of the same account
    let device =
        meeting.server.stranger().bearer(meeting.server.login("bob").await.ok().text("tokens/accessToken"));
    device.join("standup").await.refused(403, "banned");
    meeting.act("unban").await;
    meeting.alice.post(meeting.path("unban")).await.refused(404, "not_found");
    enter(&meeting.bob, "standup").await;
}

#[tokio::test]
async fn a_banned_guest_is_known_by_cookie_and_address() {
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let room = text(&alice.room("standup").await, "id");
    let owner = enter(&alice, "standup").await;
    let guest_join = async |browser: &Client| {
        browser.post("/api/room/guest-join").json(json!({"roomName": "standup", "guestName": "Gast"})).await
    };
    let browser = server.stranger().with_cookies();
    let answer = guest_join(&browser).await.ok();
    let inside =
        Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("connected");
    count_is(&alice, &room, 2).await;
    let identity = text(&claims(&answer.text("token")), "sub");
    alice.post(format!("/api/room/{room}/ban/{identity}")).await.ok();
    inside.until("put out", |seen| seen.left.is_some()).await;
    guest_join(&browser).await.refused(403, "banned");
    // without the cookie it is the address, for as long as the meeting lasts
    guest_join(&server.stranger().with_cookies()).await.refused(403, "banned");
    let old = Participant::join(&answer.text("livekitHost"), &answer.text("token")).await;
    assert_eq!(refused(old), JoinError::Refused(403));
    // people with an account behind the same address are somebody else
    enter(&server.user("carol").await, "standup").await;
    drop(owner);
}

#[tokio::test]
async fn moderators_are_made_by_the_owner_and_show_at_once() {
    let meeting = Meeting::of_two().await;
    let role = |seen: &bedrud_tests::lk::Seen| -> Option<Value> {
        let person = seen.others.get(&meeting.bob_id)?;
        serde_json::from_str::<Value>(&person.metadata).ok().map(|metadata| metadata["role"].clone())
    };
    let carol = meeting.server.user("carol").await;
    let third = enter(&carol, "standup").await;
    let carol_id = carol.id().await;
    count_is(&meeting.alice, &meeting.room, 3).await;
    let kick_carol = format!("/api/room/{}/kick/{carol_id}", meeting.room);
    meeting.bob.post(&kick_carol).await.refused(403, "not_moderator");
    meeting.act("promote").await;
    assert_eq!(meeting.alice.post(meeting.path("promote")).await.ok().text("status"), "already_moderator");
    meeting.owner.until("bob is a moderator", |seen| role(seen) == Some(json!("moderator"))).await;
    meeting.bob.post(&kick_carol).await.ok();
    third.until("put out by bob", |seen| seen.left.is_some()).await;
    // moderators make no moderators, and cannot reach the owner
    let alice_id = meeting.alice.id().await;
    meeting
        .bob
        .post(format!("/api/room/{}/promote/{carol_id}", meeting.room))
        .await
        .refused(403, "not_owner");
    meeting
        .bob
        .post(format!("/api/room/{}/kick/{alice_id}", meeting.room))
        .await
        .refused(403, "target_owner");
    meeting.act("demote").await;
    meeting.owner.until("bob is none any more", |seen| role(seen) == Some(json!("participant"))).await;
    meeting.bob.post(&kick_carol).await.refused(403, "not_moderator");
}

#[tokio::test]
async fn every_verb_refuses_oneself_the_owner_strangers_and_the_absent() {
    let meeting = Meeting::of_two().await;
    let admin = meeting.server.admin().await;
    let (alice_id, room) = (meeting.alice.id().await, &meeting.room);
    let verbs = [
        "kick",
        "ban",
        "mute",
        "video/{}/off",
        "screenshare/{}/stop",
        "ask/{}/unmute",
        "ask/{}/camera",
        "hold/{}/microphone",
        "release/{}/camera",
        "unban",
        "promote",
        "demote",
    ];
    let path = |room: &str, verb: &str, identity: &str| match verb.contains("{}") {
        true => format!("/api/room/{room}/{}", verb.replace("{}", identity)),
        false => format!("/api/room/{room}/{verb}/{identity}"),
    };
    for verb in verbs {
        meeting.alice.post(path(room, verb, &alice_id)).await.refused(400, "target_self");
        admin.post(path(room, verb, &alice_id)).await.refused(403, "target_owner");
        meeting.alice.post(path(room, verb, "guest-nobody12")).await.refused(404, "not_found");
        meeting.alice.post(path("nowhere", verb, &meeting.bob_id)).await.refused(404, "not_found");
        assert_eq!(meeting.bob.post(path(room, verb, &alice_id)).await.status, 403, "{verb}");
        meeting.server.stranger().post(path(room, verb, &meeting.bob_id)).await.is(401);
    }
    assert!(meeting.other.seen().left.is_none() && meeting.owner.seen().left.is_none());
    // an administrator moderates without being inside
    admin.post(path(room, "mute", &meeting.bob_id)).await.ok();
}

#[tokio::test]
async fn what_people_may_know_of_each_other() {
    let meeting = Meeting::of_two().await;
    meeting.other.publish_both().await;
    let info = |person: &Client, identity: &str| {
        person.get(format!("/api/room/{}/participant/{identity}/info", meeting.room))
    };
    for asker in [&meeting.alice, &meeting.bob] {
        let told = tracks_are(asker, &meeting.room, &meeting.bob_id, 2).await;
        assert_eq!(
            (&told["identity"], &told["name"], &told["state"]),
            (&json!(meeting.bob_id), &json!("bob"), &json!("ACTIVE"))
        );
        assert!(told["joinedAt"].as_i64().is_some_and(|at| at > 1_700_000_000 && at < 10_000_000_000));
        let mut tracks: Vec<_> = told["tracks"]
            .as_array()
            .expect("tracks")
            .iter()
            .map(|t| (t["type"].clone(), t["source"].clone()))
            .collect();
        tracks.sort_by_key(|(kind, _)| kind.to_string());
        assert_eq!(tracks, [(json!("AUDIO"), json!("MICROPHONE")), (json!("VIDEO"), json!("CAMERA"))]);
    }
    let alice_id = meeting.alice.id().await;
    info(&meeting.bob, &alice_id).await.refused(403, "not_moderator");
    let carol = meeting.server.user("carol").await;
    info(&carol, &carol.id().await).await.refused(404, "not_found");
    let profile =
        |person: &Client| person.get(format!("/api/room/{}/participant/{alice_id}/profile", meeting.room));
    assert_eq!(
        profile(&meeting.bob).await.ok().json(),
        json!({"id": alice_id, "name": "alice", "avatarUrl": ""})
    );
    profile(&carol).await.refused(403, "not_inside");
}

#[tokio::test]
async fn a_disabled_account_is_out_of_its_meetings_at_once() {
    let meeting = Meeting::of_two().await;
    meeting.server.ctl(["user", "disable", "bob@example.org"]).await.ok();
    meeting.other.until("put out", |seen| seen.left.is_some()).await;
    assert_eq!(refused(Participant::join(&meeting.host, &meeting.bob_token).await), JoinError::Refused(403));
    until("a free seat", async || (!meeting.owner.seen().others.contains_key(&meeting.bob_id)).then_some(()))
        .await;
}
