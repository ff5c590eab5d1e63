//! A thousand races: a kick against the gate, an archiving against a join. Nobody keeps a seat that was taken from them.

use bedrud_tests::{Below, Client, Server, Value, json, lk::Participant, until, webhook_token};
use futures_util::future::join_all;

use crate::rooms::{count_is, text};

/// At once; each is asked about many times.
const LANES: usize = 10;
const ROUNDS: usize = 100;

/// LiveKit's word that somebody has come in.
async fn tell_joined(
    server: &Server,
    keys: &(String, String, String),
    room: &str,
    identity: &str,
    sid: &str,
) {
    let body = json!({
        "event": "participant_joined", "id": "EV_x", "createdAt": "1795263565",
        "room": {"sid": format!("RM_{room}"), "name": room},
        "participant": {"sid": sid, "identity": identity, "state": "ACTIVE", "name": "x",
            "joinedAtMs": (bedrud_tests::now_seconds() * 1000).to_string()},
    })
    .to_string();
    let token = webhook_token(&keys.1, &keys.2, body.as_bytes());
    let request = server.stranger().post("/api/livekit/webhook").raw("application/webhook+json", body);
    request.header("authorization", &token).await.ok();
}

/// How many seats somebody holds in a room, as the database has it: no door tells of a seat before it is full.
fn seats(database: &Below, room: &str) -> i64 {
    let now = i64::try_from(bedrud_tests::now_seconds()).expect("a time") * 1000;
    let sql = format!("SELECT count(*) FROM admissions WHERE room_id = '{room}' AND held_until > {now}");
    database.number(&sql)
}

#[tokio::test]
async fn a_kick_is_never_undone_by_the_gate() {
    let server = Server::with_sfu().await;
    let (alice, keys) = (server.user("alice").await, server.sfu().await);
    let database = server.database();
    let lane = async |lane: usize| {
        let person = server.guest(&format!("Gast {lane}")).await;
        let (name, id) = (format!("lane-{lane}"), person.id().await);
        let room = text(&alice.room(&name).await, "id");
        for round in 0..ROUNDS {
            let token = person.join(&name).await.ok().text("token");
            tell_joined(&server, &keys, &room, &id, &format!("PA_{lane}_{round}")).await;
            let stranger = server.stranger();
            let gate = stranger.get(format!("/livekit/rtc/validate?access_token={token}"));
            let kick = alice.post(format!("/api/room/{room}/kick/{id}"));
            let (gate, kick) = tokio::join!(gate, kick);
            kick.ok();
            assert!(matches!(gate.status, 200 | 403), "{}", gate.status);
            assert_eq!(
                seats(&database, &room),
                0,
                "lane {lane}, round {round}: the gate said {}",
                gate.status
            );
            let late = server.stranger().get(format!("/livekit/rtc/validate?access_token={token}")).await;
            late.is(403);
        }
    };
    join_all((0..LANES).map(lane)).await;
}

#[tokio::test]
async fn an_archived_room_gives_no_seat_and_no_way_in() {
    let server = Server::builder().config(json!({"server": {"maxRoomsPerUser": 500}})).sfu().start().await;
    let alice = server.user("alice").await;
    let people: Vec<Client> =
        join_all((0..LANES).map(async |n| server.guest(&format!("Gast {n}")).await)).await;
    let database = server.database();
    let race = async |lane: usize| {
        for round in (0..ROUNDS).filter(|round| round % LANES == lane) {
            let name = format!("round-{round}");
            let room = text(&alice.room(&name).await, "id");
            let joins = join_all(people.iter().map(|person| async { person.join(&name).await }));
            let archive = async { alice.delete(format!("/api/room/{room}")).await };
            let (joins, archived) = tokio::join!(joins, archive);
            archived.is(202);
            assert_eq!(seats(&database, &room), 0, "round {round}");
            for answer in joins {
                match answer.status {
                    200 => {
                        let path = format!("/livekit/rtc/validate?access_token={}", answer.text("token"));
                        server.stranger().get(path).await.is(403);
                    }
                    _ => drop(answer.refused(410, "room_closed")),
                }
            }
        }
    };
    join_all((0..LANES).map(race)).await;
}

#[tokio::test]
async fn who_connects_while_they_are_kicked_is_outside_in_the_end() {
    let server = Server::with_sfu().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    let room = text(&alice.room("standup").await, "id");
    let bob_id = bob.id().await;
    for round in 0..10 {
        let answer = bob.join("standup").await.ok();
        let (host, token) = (answer.text("livekitHost"), answer.text("token"));
        let first = Participant::join(&host, &token).await.expect("connected");
        count_is(&alice, &room, 1).await;
        let (second, kick) = tokio::join!(
            Participant::join(&host, &token),
            alice.post(format!("/api/room/{room}/kick/{bob_id}"))
        );
        kick.ok();
        first.until("the first connection gone", |seen| seen.left.is_some() || seen.signal_lost).await;
        if let Ok(second) = second {
            second.until("the second one, too", |seen| seen.left.is_some() || seen.signal_lost).await;
        }
        until(&format!("nobody inside after round {round}"), async || {
            let told = server.ctl(["room", "participants", "standup", "--json"]).await.ok().json();
            (told["participants"] == Value::Array(Vec::new())).then_some(())
        })
        .await;
    }
}
