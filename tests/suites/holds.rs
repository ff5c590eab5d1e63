//! Mute as people know it: muted, they may go on; held, they may not, until a moderator gives it back. For one and for all.

use bedrud_tests::{
    Client, json,
    lk::{JoinError, Participant, TrackSource, TrackType},
    until,
};
use livekit_protocol::DisconnectReason;
use serde_json::Value;

use crate::{
    moderation::{Meeting, refused},
    rooms::{claims, count_is, enter, tracks_are},
};

/// The grant in a join token that `person` gets now.
async fn grant(person: &Client) -> Value {
    claims(&person.join("standup").await.ok().text("token"))["video"]["canPublishSources"].clone()
}

/// What `who` sees of the other's microphone: whether it is muted; `None` when there is none.
fn microphone(who: &bedrud_tests::lk::Seen, identity: &str) -> Option<bool> {
    who.tracks_of(identity, TrackType::Audio, TrackSource::Microphone).first().map(|track| track.muted)
}

async fn notices(person: &Participant) {
    person.until("notices can come", |seen| seen.subscriber_up && seen.data_open).await;
}

#[tokio::test]
async fn who_is_muted_is_seen_muted_and_may_unmute() {
    let meeting = Meeting::of_two().await;
    meeting.other.publish_both().await;
    notices(&meeting.other).await;
    meeting.owner.hears(&meeting.bob_id, TrackType::Audio, 5).await;
    meeting.act("mute").await;
    // older clients read it from the track, which is still there
    meeting.owner.until("bob muted", |seen| microphone(seen, &meeting.bob_id) == Some(true)).await;
    let told =
        |seen: &bedrud_tests::lk::Seen, event: &str| seen.topic("system").any(|p| p.json()["event"] == event);
    meeting.other.until("told of it", |seen| told(seen, "mute")).await;
    assert!(meeting.other.seen().unpublished.is_empty(), "no track was taken");
    assert_eq!(
        grant(&meeting.bob).await.as_array().map(Vec::len),
        Some(4),
        "nothing was taken from the grant"
    );
    meeting.other.mute(TrackSource::Microphone, false);
    meeting.owner.until("bob unmuted", |seen| microphone(seen, &meeting.bob_id) == Some(false)).await;

    let off = format!("/api/room/{}/video/{}/off", meeting.room, meeting.bob_id);
    meeting.alice.post(off).await.ok();
    let camera = |seen: &bedrud_tests::lk::Seen| {
        seen.tracks_of(&meeting.bob_id, TrackType::Video, TrackSource::Camera).first().map(|t| t.muted)
    };
    meeting.owner.until("the camera off", |seen| camera(seen) == Some(true)).await;
    meeting.other.until("told of it", |seen| told(seen, "video_off")).await;
    meeting.other.mute(TrackSource::Camera, false);
    meeting.owner.until("the camera on", |seen| camera(seen) == Some(false)).await;
    // it ends with the visit
    meeting.act("mute").await;
    let again = enter(&meeting.bob, "standup").await;
    again.publish_both().await;
    meeting.owner.until("heard again", |seen| microphone(seen, &meeting.bob_id) == Some(false)).await;
}

#[tokio::test]
async fn a_hold_holds_against_the_person() {
    let meeting = Meeting::of_two().await;
    meeting.other.publish_both().await;
    meeting.owner.hears(&meeting.bob_id, TrackType::Audio, 5).await;
    let hold = format!("/api/room/{}/hold/{}/microphone", meeting.room, meeting.bob_id);
    meeting.alice.post(hold).await.ok();
    meeting.other.until("the microphone was taken down", |seen| seen.unpublished.len() == 1).await;
    meeting.other.publish(TrackType::Audio, TrackSource::Microphone);
    meeting.other.until("no second microphone", |seen| !seen.refused.is_empty() || seen.left.is_some()).await;
    assert_eq!(meeting.other.seen().left, None, "an honest client is not put out");
    let grant = claims(&meeting.bob.join("standup").await.ok().text("token"))["video"].clone();
    assert_eq!(grant["canPublishSources"], json!(["camera", "screen_share"]));
    // held, and back: still held
    let again = enter(&meeting.bob, "standup").await;
    again
        .until("muted", |seen| seen.permission.as_ref().is_some_and(|p| p.can_publish_sources.len() == 2))
        .await;
    again.until("notices can come", |seen| seen.subscriber_up && seen.data_open).await;
    count_is(&meeting.alice, &meeting.room, 2).await;

    meeting.alice.post(format!("/api/room/{}/ask/{}/unmute", meeting.room, meeting.bob_id)).await.ok();
    again
        .until("asked, and allowed", |seen| {
            let asked = seen.topic("system").any(|p| p.json()["event"] == "ask_unmute");
            asked && seen.permission.as_ref().is_some_and(|p| p.can_publish_sources.len() == 4)
        })
        .await;
    again.publish_both().await;
}

#[tokio::test]
async fn sound_in_disguise_puts_a_person_out() {
    let meeting = Meeting::of_two().await;
    let hold = format!("/api/room/{}/hold/{}/microphone", meeting.room, meeting.bob_id);
    meeting.alice.post(hold).await.ok();
    meeting.other.publish(TrackType::Audio, TrackSource::Camera);
    meeting.other.until("put out", |seen| seen.left == Some(DisconnectReason::ParticipantRemoved)).await;
    assert_eq!(refused(Participant::join(&meeting.host, &meeting.resigned()).await), JoinError::Refused(403));
}

#[tokio::test]
async fn camera_and_screen_are_taken_and_given_back() {
    let meeting = Meeting::of_two().await;
    meeting.other.publish_both().await;
    meeting.other.publish(TrackType::Video, TrackSource::ScreenShare);
    meeting.other.until("a screen", |seen| seen.published.len() == 3).await;
    tracks_are(&meeting.alice, &meeting.room, &meeting.bob_id, 3).await;
    let stop = format!("/api/room/{}/screenshare/{}/stop", meeting.room, meeting.bob_id);
    meeting.alice.post(stop).await.ok();
    meeting.other.until("the screen was taken down", |seen| seen.unpublished.len() == 1).await;
    meeting.other.publish(TrackType::Video, TrackSource::ScreenShare);
    meeting.other.until("another screen", |seen| seen.published.len() == 4).await;
    tracks_are(&meeting.alice, &meeting.room, &meeting.bob_id, 3).await;

    meeting.alice.post(format!("/api/room/{}/hold/{}/camera", meeting.room, meeting.bob_id)).await.ok();
    meeting.other.until("the camera was taken down", |seen| seen.unpublished.len() == 2).await;
    let sources =
        claims(&meeting.bob.join("standup").await.ok().text("token"))["video"]["canPublishSources"].clone();
    assert_eq!(sources, json!(["microphone", "screen_share", "screen_share_audio"]));
    meeting.alice.post(format!("/api/room/{}/ask/{}/camera", meeting.room, meeting.bob_id)).await.ok();
    meeting
        .other
        .until("asked", |seen| seen.topic("system").any(|p| p.json()["event"] == "ask_camera"))
        .await;
    meeting.other.publish(TrackType::Video, TrackSource::Camera);
    meeting.other.until("another camera", |seen| seen.published.len() == 5).await;
}

#[tokio::test]
async fn a_held_screen_stays_down_until_it_is_released() {
    let meeting = Meeting::of_two().await;
    meeting.other.publish(TrackType::Video, TrackSource::ScreenShare);
    meeting.other.until("a screen", |seen| seen.published.len() == 1).await;
    let path = |verb: &str| format!("/api/room/{}/{verb}/{}/screenshare", meeting.room, meeting.bob_id);
    meeting.alice.post(path("hold")).await.ok();
    meeting.other.until("the screen was taken down", |seen| seen.unpublished.len() == 1).await;
    assert_eq!(grant(&meeting.bob).await, json!(["camera", "microphone"]));
    meeting.alice.post(path("release")).await.ok();
    meeting
        .other
        .until("allowed", |seen| seen.permission.as_ref().is_some_and(|p| p.can_publish_sources.len() == 4))
        .await;
    meeting.alice.post(path("hold").replace("screenshare", "piano")).await.refused(404, "not_found");
}

#[tokio::test]
async fn everybody_is_muted_or_held_at_once_but_for_moderators() {
    let meeting = Meeting::of_two().await;
    let (carol, dave) = (meeting.server.user("carol").await, meeting.server.user("dave").await);
    let third = enter(&carol, "standup").await;
    let carol_id = carol.id().await;
    count_is(&meeting.alice, &meeting.room, 3).await;
    meeting.alice.post(format!("/api/room/{}/promote/{carol_id}", meeting.room)).await.ok();
    for person in [&meeting.other, &third] {
        person.publish_both().await;
    }
    for identity in [&meeting.bob_id, &carol_id] {
        meeting.owner.hears(identity, TrackType::Audio, 5).await;
    }
    let all = |verb: &str| format!("/api/room/{}/{verb}", meeting.room);
    meeting.bob.post(all("mute-all")).await.refused(403, "not_moderator");
    meeting.alice.post(all("mute-all")).await.ok();
    let seen = meeting.owner.until("bob muted", |seen| microphone(seen, &meeting.bob_id) == Some(true)).await;
    assert_eq!(microphone(&seen, &carol_id), Some(false), "who moderates goes on");
    meeting.other.mute(TrackSource::Microphone, false);
    meeting.owner.until("bob unmuted", |seen| microphone(seen, &meeting.bob_id) == Some(false)).await;

    carol.post(all("mute-all")).json(json!({"hold": true})).await.ok();
    meeting.other.until("the microphone was taken", |seen| seen.unpublished.len() == 1).await;
    assert_eq!(grant(&meeting.bob).await, json!(["camera", "screen_share"]));
    assert_eq!(grant(&dave).await, json!(["camera", "screen_share"]), "who comes later, too");
    assert_eq!(grant(&carol).await.as_array().map(Vec::len), Some(4));
    assert!(third.seen().unpublished.is_empty());
    // one of them may speak
    let release = format!("/api/room/{}/release/{}/microphone", meeting.room, meeting.bob_id);
    meeting.alice.post(release).await.ok();
    assert_eq!(grant(&meeting.bob).await.as_array().map(Vec::len), Some(4));
    assert_eq!(grant(&dave).await.as_array().map(Vec::len), Some(2));
    meeting.alice.post(all("release-all")).await.ok();
    assert_eq!(grant(&dave).await.as_array().map(Vec::len), Some(4));
    // and what is held from all ends with the meeting
    meeting.alice.post(all("mute-all")).json(json!({"hold": true})).await.ok();
    meeting.alice.post(all("end")).await.ok();
    until("the next meeting", async || {
        (grant(&dave).await.as_array().map(Vec::len) == Some(4)).then_some(())
    })
    .await;
}
