//! `bedrudctl logs`: the log of daemon and SFU as one, which goes on over restarts of either without a gap and without a line twice.
use bedrud_tests::{Client, Server, Value, json, lk::Participant, until};
use http::Method;

async fn enter(person: &Client, room: &str) -> Participant {
    let answer = person.join(room).await.is(200);
    Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("a seat")
}

async fn made(server: &Server, name: &str) {
    let room = json!({"name": name, "owner": "alice"});
    server.control(Method::POST, "/v1/rooms", Some(room)).await.ok();
}

fn numbers(lines: &[Value], name: &str) -> Vec<i64> {
    lines.iter().filter_map(|line| line[name].as_i64()).collect()
}

#[track_caller]
fn counted(numbers: &[i64]) {
    let all: Vec<i64> = (numbers[0]..).take(numbers.len()).collect();
    assert_eq!(numbers, all, "no line is missing and none comes twice");
}

async fn kept(server: &Server, filter: &[&str]) -> Vec<Value> {
    let told = server.ctl([&["logs", "--json"], filter].concat()).await.ok();
    told.stdout.lines().map(|line| line.parse().expect("JSON lines")).collect()
}

#[tokio::test]
async fn the_log_goes_on_over_restarts_of_daemon_and_sfu() {
    let mut server = Server::builder().sfu_alone().start().await;
    let alice = server.user("alice").await;
    let mut following = server.follow(["logs", "-f"]);
    let told = |line: &Value, room: &str| line["message"] == "room.create" && line["room"] == room;
    let mut seen = Vec::new();
    let mut rooms = Vec::new();
    for step in 0..4 {
        let room = alice.room(&format!("room-{step}")).await["id"].as_str().expect("an id").to_owned();
        let _inside = enter(&alice, &format!("room-{step}")).await;
        seen.extend(following.until(|line| told(line, &room)).await);
        rooms.push(room);
        match step {
            0 => drop(server.stop().await),
            1 => server.kill(),
            2 => {
                server.ctl(["livekit", "restart", "--yes"]).await.ok();
                continue;
            }
            _ => break,
        }
        server.spawn();
        server.ready().await;
    }
    made(&server, "the-last").await;
    let is_last = |line: &Value| line["message"].as_str().is_some_and(|m| m.contains("room.create"));
    seen.extend(following.until(is_last).await);

    counted(&numbers(&seen, "cursor"));
    let of_supervisor = numbers(&seen, "supervisorCursor");
    assert!(of_supervisor.len() > 10, "the SFU's lines are among them: {}", of_supervisor.len());
    counted(&of_supervisor);
    for room in &rooms {
        assert_eq!(seen.iter().filter(|line| told(line, room)).count(), 1, "{room}");
    }
    let starts = |text: &str| seen.iter().filter(|line| line["message"].as_str() == Some(text)).count();
    assert_eq!(starts("stopped"), 1, "what the daemon said last is told by the next one");
}

#[tokio::test]
async fn lines_are_chosen_by_person_and_by_program() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let (_a, _b) = tokio::join!(enter(&alice, "standup"), enter(&bob, "standup"));
    until("both inside", async || {
        let told = server.ctl(["room", "participants", "standup", "--json"]).await.ok().json();
        told["participants"].as_array().is_some_and(|people| people.len() == 2).then_some(())
    })
    .await;
    server.ctl(["room", "kick", "standup", "bob"]).await.ok();
    let bob_id = bob.id().await;
    let of_bob = kept(&server, &["--user", "bob"]).await;
    assert!(of_bob.iter().any(|line| line["message"] == "room.kick"), "{of_bob:#?}");
    assert!(of_bob.iter().any(|line| line["target"] == "sfu"), "the SFU's lines about bob as well");
    let about = |line: &Value| {
        [&line["participant"], &line["by"]]
            .iter()
            .any(|who| who.as_str().is_some_and(|who| who.ends_with(&bob_id)))
    };
    assert!(of_bob.iter().all(about), "{of_bob:#?}");
    let of_sfu = kept(&server, &["--livekit"]).await;
    assert!(!of_sfu.is_empty() && of_sfu.iter().all(|line| line["target"] == "sfu"), "{of_sfu:#?}");
    let all = kept(&server, &[]).await;
    assert!(all.len() > of_sfu.len() && of_bob.len() < all.len());
    counted(&numbers(&all, "cursor"));
}
