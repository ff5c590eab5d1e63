//! The look ahead of the pre-join screen: a real connection to the SFU that is nobody's presence, and opens nothing else.
use bedrud_tests::{
    Server,
    lk::{Participant, TrackSource, TrackType},
};

use crate::rooms::text;

#[tokio::test]
async fn a_path_check_connects_alone_and_is_counted_nowhere() {
    let server = Server::with_sfu().await;
    let (alice, stranger) = (server.user("alice").await, server.stranger());
    let room = text(&alice.room("standup").await, "id");

    let check = stranger.post("/api/room/path-check").await.is(200);
    let (host, token) = (check.text("livekitHost"), check.text("token"));
    let looking = Participant::join(&host, &token).await.expect("let in");
    looking.publish(TrackType::Audio, TrackSource::Microphone);
    looking.until("a refusal", |seen| !seen.refused.is_empty()).await;
    assert!(looking.seen().others.is_empty());

    let second = Participant::join(&host, &token).await.expect("the same again, in the place of the first");
    looking.until("the end of the first", |seen| seen.left.is_some()).await;
    let status = server.control(http::Method::GET, "/v1/status", None).await.json();
    assert_eq!((&status["rooms"], &status["participants"]), (&0.into(), &0.into()), "{status}");
    let inside = alice.get(format!("/api/room/{room}/presence")).await.ok().json();
    assert_eq!(inside["participants"].as_array().map(Vec::len), Some(0), "{inside}");
    drop(second);
}
