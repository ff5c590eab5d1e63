//! Whose signalling breaks without a word: the others are told at once and have them gone soon; who leaves properly is not
//! taken for one of these.

use std::time::{Duration, Instant};

use bedrud_tests::{Server, lk::Seen, until};

use crate::{calls::enter, rooms::text};

fn told(seen: &Seen, event: &str, target: &str) -> bool {
    seen.topic("system").any(|packet| {
        let body = packet.json();
        packet.from.is_empty() && body["event"] == event && body["target"] == target
    })
}

#[tokio::test]
async fn who_breaks_off_is_told_within_two_seconds_and_gone_within_twelve() {
    let server = Server::with_sfu().await;
    let (alice, bob, carol) =
        (server.user("alice").await, server.user("bob").await, server.user("carol").await);
    alice.room("standup").await;
    let (anna, bo, cem) =
        (enter(&alice, "standup").await, enter(&bob, "standup").await, enter(&carol, "standup").await);
    let (gone, left) = (bo.seen().identity, cem.seen().identity);
    for one in [&anna, &bo] {
        one.publish_both().await;
    }
    anna.until("media of both", |seen| seen.subscriber_up && seen.others.len() == 2).await;

    cem.leave().await;
    let broke = Instant::now();
    drop(bo);
    anna.until("the word that bo is lost", |seen| told(seen, "connection_lost", &gone)).await;
    assert!(broke.elapsed() < Duration::from_secs(2), "told after {:?}", broke.elapsed());
    let seen = anna.until("bo to be gone", |seen| !seen.others.contains_key(&gone)).await;
    assert!(broke.elapsed() < Duration::from_secs(12), "gone after {:?}", broke.elapsed());
    assert!(broke.elapsed() > Duration::from_secs(8), "nobody could come back in {:?}", broke.elapsed());
    assert!(!told(&seen, "connection_lost", &left), "who leaves by the book is not lost");

    // and they may come back
    let again = enter(&bob, "standup").await;
    anna.until("bo again", |seen| seen.others.contains_key(&gone)).await;
    again.leave().await;
}

#[tokio::test]
async fn where_everybody_is_cut_off_at_once_nobody_is_put_out() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = text(&alice.room("standup").await, "id");
    let (anna, bo) = (enter(&alice, "standup").await, enter(&bob, "standup").await);
    for one in [&anna, &bo] {
        one.publish_both().await;
    }
    let inside = async || {
        let told = alice.get(format!("/api/room/{room}/presence")).await.ok().json();
        told["participants"].as_array().expect("participants").len()
    };
    until("both to be inside", async || (inside().await == 2).then_some(())).await;
    // as when a proxy before the daemon restarts; media may flow all the same, and the SFU decides when it does not
    drop((anna, bo));
    let broke = Instant::now();
    while broke.elapsed() < Duration::from_secs(12) {
        assert_eq!(inside().await, 2, "after {:?}", broke.elapsed());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
