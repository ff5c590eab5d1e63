//! The daemon dies at any moment: whoever was told yes is believed, and every event of it arrives, in order.
//! `BEDRUD_TEST_KILLS` says how often; a few times where nobody says.
use std::{
    collections::HashSet,
    future::IntoFuture,
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

use bedrud_tests::{Manner, Receiver, Server, json, until_within};

use crate::outgoing::{hook, may_call_us};

const KILLS: u64 = 4;

#[tokio::test]
async fn killed_at_any_moment_every_event_arrives_in_order() {
    let kills = std::env::var("BEDRUD_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let limits = json!({"rateLimit": {"api": {"max": 0}}, "server": {"maxRoomsPerUser": 100_000}});
    let mut server = Server::builder().config(may_call_us()).config(limits).start().await;
    let (admin, receiver) = (server.admin().await, Receiver::start().await);
    hook(&admin, &receiver, json!(["room.created"])).await;
    let mut acknowledged = Vec::new();
    let mut sent = 0_u32;
    for round in 0..kills {
        // now and then the receiver is no help either
        receiver.answers(Manner::Says(if round % 3 == 1 { 500 } else { 200 }));
        let alice = server.stranger().bearer(admin.token());
        let first = sent;
        let making = tokio::spawn(async move {
            let mut made = Vec::new();
            for number in first.. {
                let slug = format!("room-{number}");
                // whoever gets no answer panics, in a task of its own
                let asking = alice.post("/api/room/create").json(json!({"name": slug})).into_future();
                match tokio::spawn(asking).await {
                    Ok(answer) if answer.status == 200 => made.push(slug),
                    _ => return (made, number + 1),
                }
            }
            (made, first)
        });
        // a random moment is the point of it
        let pause = RandomState::new().build_hasher().finish() % 300_000;
        tokio::time::sleep(Duration::from_micros(pause)).await;
        server.kill();
        let (made, next) = making.await.expect("somebody who makes rooms");
        (sent, acknowledged) = (next, [acknowledged, made].concat());
        server.spawn();
        server.ready().await;
    }
    receiver.answers(Manner::Says(200));
    server.database().run("UPDATE webhook_lines SET due_at = 0");
    let names = || -> Vec<String> {
        let mut seen = HashSet::new();
        let taken = receiver.calls().into_iter().filter(|call| call.taken);
        let named = taken.map(|call| call.json()["data"]["roomName"].as_str().expect("a slug").to_owned());
        named.filter(|name| seen.insert(name.clone())).collect()
    };
    let last = format!("{:?}", acknowledged.last().expect("a room that was made"));
    let patience = Duration::from_secs(60 + kills);
    let arrived = async || receiver.has_taken(&last).then_some(());
    until_within(patience, "the last event", arrived).await;
    let told = names();
    let known: HashSet<_> = told.iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|slug| !known.contains(slug)).collect();
    assert!(lost.is_empty(), "{kills} kills lost {lost:?}");
    let numbers: Vec<u32> = told.iter().filter_map(|slug| slug.strip_prefix("room-")?.parse().ok()).collect();
    assert!(numbers.is_sorted(), "out of order: {numbers:?}");
    let calls = receiver.calls().len();
    println!(
        "{kills} kills, {} events acknowledged, {} arrived by {calls} calls",
        acknowledged.len(),
        told.len()
    );
}
