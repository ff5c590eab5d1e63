//! Modes that hold: who may publish and send in a webinar and a broadcast, live and by what the SFU allows; blocks and deafening.

use bedrud_tests::{
    Client, json,
    lk::{Participant, Seen, TrackSource, TrackType},
};

use crate::{
    moderation::Meeting,
    rooms::{claims, enter},
};

/// So many sources may be published, and data or not.
async fn may(person: &Participant, sources: usize, data: bool) {
    let what = format!("{sources} sources and data {data}");
    let holds = |seen: &Seen| {
        seen.permission.as_ref().is_some_and(|p| {
            let count = if p.can_publish { p.can_publish_sources.len() } else { 0 };
            (count, p.can_publish_data) == (sources, data)
        })
    };
    person.until(&what, holds).await;
}

async fn becomes(owner: &Client, room: &str, mode: &str) {
    let changed = owner.put(format!("/api/room/{room}/settings")).json(json!({"mode": mode})).await.ok();
    assert_eq!(changed.text("mode"), mode);
}

async fn stage(meeting: &Meeting, verb: &str) -> bedrud_tests::Answer {
    meeting.alice.post(format!("/api/room/{}/stage/{}/{verb}", meeting.room, meeting.bob_id)).await
}

#[tokio::test]
async fn an_audience_is_brought_on_stage_and_taken_off_without_joining_anew() {
    let meeting = Meeting::of_two().await;
    meeting.other.publish_both().await;
    stage(&meeting, "bring").await.refused(409, "no_stage");
    becomes(&meeting.alice, &meeting.room, "webinar").await;
    meeting.other.until("both tracks taken down", |seen| seen.unpublished.len() == 2).await;
    may(&meeting.other, 0, true).await;
    // a raw client tries all the same
    meeting.other.publish(TrackType::Audio, TrackSource::Microphone);
    meeting.other.until("refused", |seen| !seen.refused.is_empty()).await;
    stage(&meeting, "bring").await.ok();
    may(&meeting.other, 4, true).await;
    let metadata =
        |seen: &Seen, id: &str| seen.others.get(id).map(|p| p.metadata.clone()).unwrap_or_default();
    let bob = meeting.bob_id.clone();
    meeting
        .owner
        .until("bob seen on stage", |seen| metadata(seen, &bob).contains(r#""place":"stage""#))
        .await;
    // over a reload, and another token
    let again = enter(&meeting.bob, "standup").await;
    may(&again, 4, true).await;
    again.publish_both().await;
    stage(&meeting, "remove").await.ok();
    may(&again, 0, true).await;
    again.until("taken down", |seen| seen.unpublished.len() == 2).await;
    let grant = claims(&meeting.bob.join("standup").await.ok().text("token"))["video"].clone();
    assert_eq!(grant["canPublish"], false);
    meeting.bob.post(format!("/api/room/{}/stage/{}/bring", meeting.room, meeting.bob_id)).await.is(403);
    becomes(&meeting.alice, &meeting.room, "standard").await;
    may(&again, 4, true).await;
}

#[tokio::test]
async fn the_public_of_a_broadcast_sends_nothing_to_anybody() {
    let meeting = Meeting::of_two().await;
    meeting.owner.until("packets can come", |seen| seen.subscriber_up && seen.data_open).await;
    meeting.other.until("packets can go", |seen| seen.data_open).await;
    becomes(&meeting.alice, &meeting.room, "broadcast").await;
    may(&meeting.other, 0, false).await;
    meeting.other.send("chat", r#"{"type":"chat","message":"from the public"}"#).await;
    meeting.owner.send("chat", r#"{"type":"chat","message":"from the stage"}"#).await;
    meeting.other.until("heard from the stage", |seen| seen.topic("chat").next().is_some()).await;
    stage(&meeting, "bring").await.ok();
    may(&meeting.other, 4, true).await;
    meeting.other.send("chat", r#"{"type":"chat","message":"now on stage"}"#).await;
    let heard = meeting.owner.until("heard", |seen| seen.topic("chat").next().is_some()).await;
    assert_eq!(heard.topic("chat").next().expect("one").json()["message"], "now on stage");
    meeting
        .alice
        .put(format!("/api/room/{}/settings", meeting.room))
        .json(json!({"mode": "circus"}))
        .await
        .is(400);
}

#[tokio::test]
async fn who_is_blocked_sends_no_packet_until_they_are_unblocked() {
    let meeting = Meeting::of_two().await;
    let chat = |verb: &str| format!("/api/room/{}/chat/{}/{verb}", meeting.room, meeting.bob_id);
    meeting.alice.post(chat("block")).await.ok();
    may(&meeting.other, 4, false).await;
    let again = enter(&meeting.bob, "standup").await;
    may(&again, 4, false).await;
    let body = json!({"id": "1", "message": "still here"});
    let path = format!("/api/room/{}/chat", meeting.room);
    meeting.bob.post(path).json(body).await.refused(403, "chat_not_allowed");
    meeting.alice.post(chat("unblock")).await.ok();
    may(&again, 4, true).await;
}

#[tokio::test]
async fn who_is_deafened_is_told_and_others_see_it() {
    let meeting = Meeting::of_two().await;
    meeting.other.until("notices can come", |seen| seen.subscriber_up && seen.data_open).await;
    let told = |seen: &Seen, event: &str| seen.topic("system").any(|p| p.json()["event"] == event);
    meeting.act("deafen").await;
    meeting.other.until("told", |seen| told(seen, "deafen")).await;
    let bob = meeting.bob_id.clone();
    let held =
        |seen: &Seen| seen.others.get(&bob).is_some_and(|p| p.metadata.contains(r#""held":["hearing"]"#));
    meeting.owner.until("seen deafened", held).await;
    meeting.act("undeafen").await;
    meeting.other.until("told", |seen| told(seen, "undeafen")).await;
    meeting.act("spotlight").await;
    meeting.other.until("shown large", |seen| told(seen, "spotlight")).await;
    meeting.owner.until("shown large", |seen| told(seen, "spotlight")).await;
}
