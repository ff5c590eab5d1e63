//! The chat that lasts: told by its author, read by who comes later, in order, once; taken back; kept as the settings say.

use bedrud_tests::{Client, Server, json};
use serde_json::Value;

use crate::{
    moderation::Meeting,
    rooms::{enter, text},
};

async fn say(person: &Client, room: &str, id: &str, message: &str) -> bedrud_tests::Answer {
    person.post(format!("/api/room/{room}/chat")).json(json!({"id": id, "message": message})).await
}

async fn said(person: &Client, room: &str) -> Vec<Value> {
    let list = person.get(format!("/api/room/{room}/chat")).await.ok().json();
    list.as_array().expect("a list").clone()
}

fn words(list: &[Value]) -> Vec<String> {
    list.iter().map(|one| text(one, "message")).collect()
}

#[tokio::test]
async fn who_comes_later_reads_what_was_said_in_order_and_once() {
    let meeting = Meeting::of_two().await;
    let carol = meeting.server.user("carol").await;
    carol.get(format!("/api/room/{}/chat", meeting.room)).await.refused(403, "not_inside");
    say(&carol, &meeting.room, "0", "from outside").await.refused(403, "not_inside");
    say(&meeting.alice, &meeting.room, "a", "one").await.ok();
    say(&meeting.bob, &meeting.room, "b", "two").await.ok();
    // told again, as after an answer that was lost; and the same id by somebody else is another message
    say(&meeting.alice, &meeting.room, "a", "another one").await.ok();
    say(&meeting.bob, &meeting.room, "a", "three").await.ok();
    let inside = enter(&carol, "standup").await;
    let list = said(&carol, &meeting.room).await;
    assert_eq!(words(&list), ["one", "two", "three"]);
    assert_eq!((&list[1]["senderIdentity"], &list[1]["senderName"]), (&json!(meeting.bob_id), &json!("bob")));
    let claimed = json!({"id": "c", "message": "four", "senderIdentity": meeting.bob_id, "senderName": "bob",
        "timestamp": 1, "replyTo": {"id": "a", "name": "alice", "text": "one"}});
    carol.post(format!("/api/room/{}/chat", meeting.room)).json(claimed).await.ok();
    let last = said(&carol, &meeting.room).await.pop().expect("one");
    assert_eq!(last["senderIdentity"], json!(carol.id().await), "who said it is who was signed in");
    assert_eq!(last["replyTo"]["id"], "a");
    for (body, status) in [
        (json!({"id": "", "message": "x"}), 400),
        (json!({"id": "x", "message": ""}), 400),
        (json!({"id": "x", "message": "y".repeat(60_001)}), 413),
    ] {
        carol.post(format!("/api/room/{}/chat", meeting.room)).json(body).await.is(status);
    }
    inside.leave().await;
}

#[tokio::test]
async fn a_message_is_taken_back_by_its_author_or_a_moderator() {
    let meeting = Meeting::of_two().await;
    meeting.other.until("notices can come", |seen| seen.subscriber_up && seen.data_open).await;
    let alice = meeting.alice.id().await;
    for (person, id) in [(&meeting.alice, "a"), (&meeting.bob, "b"), (&meeting.bob, "c")] {
        say(person, &meeting.room, id, id).await.ok();
    }
    let path = |identity: &str, id: &str| format!("/api/room/{}/chat/{identity}/{id}", meeting.room);
    meeting.bob.delete(path(&alice, "a")).await.refused(403, "not_moderator");
    meeting.bob.delete(path(&meeting.bob_id, "b")).await.ok();
    meeting.bob.delete(path(&meeting.bob_id, "b")).await.refused(404, "not_found");
    meeting.alice.delete(path(&meeting.bob_id, "c")).await.ok();
    assert_eq!(words(&said(&meeting.bob, &meeting.room).await), ["a"]);
    let gone = |packet: &bedrud_tests::lk::Packet| {
        let packet = packet.json();
        packet["event"] == "chat_deleted"
            && packet["message"] == "c"
            && packet["target"] == json!(meeting.bob_id)
    };
    meeting.other.until("told", |seen| seen.topic("system").any(gone)).await;
}

#[tokio::test]
async fn a_chat_keeps_as_much_as_the_server_says_and_goes_with_its_room() {
    let meeting = Meeting::of_two().await;
    meeting.server.ctl(["settings", "set", "chatMaxMessageCount", "3"]).await.ok();
    let mut count = 0;
    // what another daemon sets may stay unknown for two seconds
    bedrud_tests::until("three are kept", async || {
        for number in 0..5 {
            say(&meeting.alice, &meeting.room, &format!("{count} {number}"), "x").await.ok();
        }
        count += 1;
        (said(&meeting.bob, &meeting.room).await.len() == 3).then_some(())
    })
    .await;
    meeting.alice.delete(format!("/api/room/{}", meeting.room)).await.is(202);
    meeting.bob.get(format!("/api/room/{}/chat", meeting.room)).await.refused(404, "not_found");
}

#[tokio::test]
async fn sixty_people_who_write_five_a_second_lose_nothing() {
    const PEOPLE: usize = 60;
    const EACH: usize = 5;
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let room = text(&alice.room("standup").await, "id");
    let mut writers = Vec::new();
    for number in 0..PEOPLE {
        let body = json!({"roomName": "standup", "guestName": format!("Guest {number}")});
        let joined = server.stranger().post("/api/room/guest-join").json(body).await.is(200);
        writers.push(server.stranger().bearer(joined.text("tokens/accessToken")));
    }
    let began = std::time::Instant::now();
    let mut tasks = Vec::new();
    for (number, writer) in writers.into_iter().enumerate() {
        let room = room.clone();
        tasks.push(tokio::spawn(async move {
            for message in 0..EACH {
                say(&writer, &room, &format!("{number}-{message}"), &format!("{message}")).await.ok();
            }
        }));
    }
    for task in tasks {
        task.await.expect("no panic");
    }
    println!("{} messages kept in {:?}", PEOPLE * EACH, began.elapsed());
    assert_eq!(said(&alice, &room).await.len(), PEOPLE * EACH);
}

#[tokio::test]
async fn somebody_who_floods_a_chat_is_told_to_wait_and_nobody_else_is() {
    let meeting = Meeting::of_two().await;
    let mut kept = 0;
    let refused = loop {
        let answer = say(&meeting.bob, &meeting.room, &format!("{kept}"), "flood").await;
        if answer.status != 200 {
            break answer;
        }
        kept += 1;
        assert!(kept < 5_000, "nobody said stop");
    };
    let refused = refused.refused(429, "too_many_requests");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds to wait");
    assert!(kept >= 30 && (1..=2).contains(&wait), "{kept} messages, then {wait} s");
    say(&meeting.alice, &meeting.room, "a", "calm").await.ok();
    // one more is earned, and the message that was refused is kept then
    let id = format!("{kept}");
    bedrud_tests::until("they may go on", async || {
        (say(&meeting.bob, &meeting.room, &id, "flood").await.status == 200).then_some(())
    })
    .await;
    assert_eq!(words(&said(&meeting.alice, &meeting.room).await).len(), kept + 2);
}
