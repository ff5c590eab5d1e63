//! Fifty at once on one rule: what SQLite's single writer would hold by itself is held by a lock or a constraint, so that it
//! holds in both databases. Each test names its own.
use std::collections::BTreeSet;

use bedrud_tests::{Client, Server, Value, json};
use futures_util::future::join_all;

use crate::rooms::text;

const MANY: usize = 50;

async fn guests(server: &Server) -> Vec<Client> {
    server.admin().await;
    join_all((0..MANY).map(async |n| server.guest(&format!("Gast {n}")).await)).await
}

/// Held by the room's row, which a join writes first (`rooms::lock`).
#[tokio::test]
async fn a_room_gives_no_more_seats_than_it_has() {
    let server = Server::with_sfu().await;
    let (alice, people) = (server.user("alice").await, guests(&server).await);
    for round in 0..3 {
        let name = format!("small-{round}");
        let body = json!({"name": name, "maxParticipants": 7});
        alice.post("/api/room/create").json(body).await.ok();
        let answers = join_all(people.iter().map(|person| person.join(&name))).await;
        let seated = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(seated, 7, "round {round}");
        for answer in answers.into_iter().filter(|answer| answer.status != 200) {
            answer.refused(403, "room_full");
        }
    }
}

/// Held by the unique index `rooms_live_name`.
#[tokio::test]
async fn a_link_leads_to_one_room() {
    let server = Server::start().await;
    server.admin().await;
    let people = join_all((0..MANY).map(async |n| server.user(&format!("user{n}")).await)).await;
    let answers = join_all(
        people
            .iter()
            .map(|person| async { person.post("/api/room/create").json(json!({"name": "standup"})).await }),
    );
    let answers = answers.await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)));
    // names of the server's own choice are all given, and all different
    let made = join_all(
        people
            .iter()
            .map(|person| async { person.post("/api/room/create").json(json!({})).await.ok().text("name") }),
    );
    assert_eq!(made.await.into_iter().collect::<BTreeSet<_>>().len(), MANY);
}

/// Held by the owner's row, which a creation writes first (`users::lock`).
#[tokio::test]
async fn nobody_has_more_rooms_than_they_may() {
    let server = Server::builder().config(json!({"server": {"maxRoomsPerUser": 5}})).start().await;
    let alice = server.user("alice").await;
    let answers = join_all((0..MANY).map(|_| async { alice.post("/api/room/create").json(json!({})).await }));
    let made = answers.await.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(made, 5);
}

/// Held by the session's row: it moves from the generation that was read to the next (`sessions::rotate`), or not at all.
#[tokio::test]
async fn a_refresh_token_has_one_successor() {
    let server = Server::start().await;
    server.user("alice").await;
    let mut token = server.login("alice").await.ok().text("tokens/refreshToken");
    let stranger = server.stranger();
    for round in 0..3 {
        let body = json!({"refresh_token": token});
        let answers =
            (0..MANY).map(|_| async { stranger.post("/api/auth/refresh").json(body.clone()).await });
        let answers = join_all(answers).await;
        let told: BTreeSet<String> =
            answers.into_iter().map(|answer| answer.ok().text("refresh_token")).collect();
        assert_eq!(told.len(), 1, "round {round}: {told:?}");
        token = told.into_iter().next().expect("one");
    }
    let person = server.stranger();
    person.post("/api/auth/refresh").json(json!({"refresh_token": token})).await.ok();
}

/// Held by the room's row, which a ban and a join both write first (`rooms::lock`).
#[tokio::test]
async fn a_ban_leaves_no_token_that_opens() {
    let server = Server::with_sfu().await;
    let (alice, people) = (server.user("alice").await, guests(&server).await);
    let room = text(&alice.room("standup").await, "id");
    let person = &people[0];
    person.join("standup").await.ok();
    let id = person.id().await;
    let joins = join_all((0..MANY).map(|_| async { person.join("standup").await }));
    let ban = async { alice.post(format!("/api/room/{room}/ban/{id}")).await };
    let (joins, ban) = tokio::join!(joins, ban);
    ban.ok();
    let tokens = joins.iter().filter(|answer| answer.status == 200).map(|answer| answer.text("token"));
    for token in tokens {
        let path = format!("/livekit/rtc/validate?access_token={token}");
        assert_ne!(server.stranger().get(path).await.status, 200);
    }
    let seats = format!("SELECT count(*) FROM admissions WHERE room_id = '{room}' AND identity = '{id}'");
    assert_eq!(server.database().number(&seats), 0, "no seat is kept for who is banned");
    person.join("standup").await.refused(403, "banned");
}

/// Held by a lock of its own (`locks::Administrators`).
#[tokio::test]
async fn somebody_always_administers() {
    let server = Server::start().await;
    server.admin().await;
    let names: Vec<String> = (0..8).map(|n| format!("user{n}")).collect();
    for name in &names {
        server.user(name).await;
        server.ctl(["user", "role", name, "admin"]).await.ok();
    }
    let all = names.iter().map(String::as_str).chain(["admin"]);
    let paths: Vec<String> = all.map(|name| format!("/v1/users/{name}@example.org/role")).collect();
    let verbs =
        paths.iter().map(|path| server.control(http::Method::PUT, path, Some(json!({"role": "user"}))));
    join_all(verbs).await;
    let told = server.control(http::Method::GET, "/v1/users?limit=100", None).await.ok().json();
    let admins = told["users"].as_array().expect("a list").iter().filter(|user| is_admin(user)).count();
    assert_eq!(admins, 1, "{told}");
}

fn is_admin(user: &Value) -> bool {
    user["accesses"].as_array().is_some_and(|accesses| accesses.contains(&json!("superadmin")))
}
