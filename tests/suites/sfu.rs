//! The SFU in its other shapes: somebody else's, one with the operator's own file, one that hangs, one that is asked to end.
use std::{fs, process::Command, time::Duration};

use bedrud_tests::{
    Client, Server, TempDir, Value, free_port, json,
    lk::{JoinError, Participant, TrackType},
    until, until_within,
};
use http::Method;

/// A hung SFU is noticed after four silences of at most ten seconds each.
const HUNG: Duration = Duration::from_secs(60);

async fn enter(person: &Client, room: &str) -> Participant {
    let answer = person.join(room).await.is(200);
    Participant::join(&answer.text("livekitHost"), &answer.text("token")).await.expect("a seat")
}

async fn status(server: &Server) -> Value {
    server.control(Method::GET, "/v1/livekit", None).await.ok().json()
}

fn signal(name: &str, pid: u64) {
    let sent = Command::new("kill").args([name, &pid.to_string()]).status().expect("kill(1)");
    assert!(sent.success(), "no such process");
}

#[tokio::test]
async fn an_sfu_of_somebody_else_is_used_without_a_proxy() {
    let theirs = Server::with_sfu().await;
    let port = status(&theirs).await["ports"]["http"].as_u64().expect("a port");
    let keys = fs::read_to_string(theirs.path("state/livekit-keys")).expect("their key pair");
    let (key, secret) = keys.trim().split_once(": ").expect("key: secret");
    let livekit = json!({
        "host": format!("ws://127.0.0.1:{port}"), "internalHost": format!("ws://127.0.0.1:{port}"),
        "apiKey": key, "apiSecret": secret,
    });
    let server = Server::builder().config(json!({"livekit": livekit})).start().await;
    until("the external SFU to take calls", async || {
        (server.stranger().get("/api/ready").await.status == 200).then_some(())
    })
    .await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    alice.room("standup").await;
    let (a, b) = tokio::join!(enter(&alice, "standup"), enter(&bob, "standup"));
    b.publish_both().await;
    a.hears(&bob.id().await, TrackType::Audio, 5).await;
    server.stranger().get("/livekit/rtc").await.is(404);
    let named = status(&server).await;
    assert_eq!((named["isOurs"].clone(), named["pid"].clone()), (json!(false), Value::Null), "{named}");
    // its webhooks go elsewhere: the sweep finds who is inside
    until("the sweep to find bob", async || {
        server.ctl(["room", "participants", "standup"]).await.ok().stdout.contains("bob").then_some(())
    })
    .await;
    server.ctl(["room", "kick", "standup", &bob.id().await]).await.ok();
    b.until("the kick", |seen| seen.left.is_some()).await;
}

#[tokio::test]
async fn a_file_of_the_operators_own_is_used_as_it_is() {
    let directory = TempDir::with_prefix("bedrud-sfu-").expect("a directory");
    let (file, port) = (directory.path().join("livekit.yaml"), free_port());
    let (key, secret) = ("APIours", "a-secret-of-the-operator-0123456789abcdef");
    let config = json!({
        "port": port, "bind_addresses": ["127.0.0.1"], "keys": {key: secret},
        "rtc": {"udp_port": free_port(), "tcp_port": free_port(), "node_ip": "127.0.0.1",
                "enable_loopback_candidate": true, "stun_servers": ["127.0.0.1:9"]},
        "room": {"auto_create": false},
    });
    fs::write(&file, config.to_string()).expect("written");
    let livekit = json!({"configPath": file, "port": port, "apiKey": key, "apiSecret": secret});
    let server = Server::builder().sfu().config(json!({"livekit": livekit})).start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let a = enter(&alice, "standup").await;
    a.publish_both().await;
    assert_eq!(status(&server).await["ports"]["http"], json!(port));
}

#[tokio::test]
async fn an_sfu_that_hangs_is_started_again() {
    let server = Server::with_sfu().await;
    // it answers a moment before its supervisor says so
    let hung = until("the SFU's process", async || status(&server).await["pid"].as_u64()).await;
    signal("-STOP", hung);
    until_within(HUNG, "another SFU", async || {
        let now = status(&server).await;
        (now["state"] == "ready" && now["pid"].as_u64() != Some(hung)).then_some(())
    })
    .await;
    assert!(!server.processes().contains(&u32::try_from(hung).expect("a pid")), "the hung one is gone");
    let alice = server.user("alice").await;
    alice.room("standup").await;
    enter(&alice, "standup").await;
}

#[tokio::test]
async fn a_second_signal_ends_the_sfu_at_once() {
    let server = Server::builder().sfu_alone().start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let a = enter(&alice, "standup").await;
    let supervisor = server.supervisor_pid();
    signal("-TERM", supervisor.into());
    until("the supervisor to say that it stops", async || {
        server.log().contains("as soon as everybody has left").then_some(())
    })
    .await;
    assert!(a.seen().left.is_none(), "people stay while there is time");
    signal("-TERM", supervisor.into());
    until("nothing but the daemon", async || (server.processes() == [server.pid()]).then_some(())).await;
}

#[tokio::test]
async fn a_token_of_another_sfu_is_not_let_in() {
    let (one, other) = (Server::with_sfu().await, Server::with_sfu().await);
    let (alice, carol) = (one.user("alice").await, other.user("carol").await);
    alice.room("standup").await;
    carol.room("standup").await;
    let host = alice.join("standup").await.ok().text("livekitHost");
    let foreign = carol.join("standup").await.ok().text("token");
    let refused = Participant::join(&host, &foreign).await;
    assert!(matches!(refused, Err(JoinError::Refused(401 | 403))), "{:?}", refused.err());
}
