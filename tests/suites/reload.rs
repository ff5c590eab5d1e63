//! SIGHUP: read again, nobody is put out, and what is wrong or cannot change while it runs is said. And a life after kill -9.
use std::{fs, process::Command};

use bedrud_tests::{Server, TempDir, free_port, json, lk::Participant, tls, until};
use tokio::net::UnixDatagram;

use crate::calls::enter;

fn hang_up(pid: u32) {
    let sent = Command::new("kill").args(["-HUP", &pid.to_string()]).status().expect("kill(1)");
    assert!(sent.success(), "no such process");
}

/// As often as this was logged.
fn said(server: &Server, what: &str) -> usize {
    server.log().matches(what).count()
}

async fn read_again(server: &Server) {
    let before = said(server, "the configuration was read again");
    hang_up(server.pid());
    until("the configuration to be read again", async || {
        (said(server, "the configuration was read again") > before).then_some(())
    })
    .await;
}

async fn still_there(person: &Participant, server: &Server, pid: u32) {
    assert_eq!(server.pid(), pid);
    server.stranger().get("/api/health").await.ok();
    assert!(person.seen().left.is_none(), "nobody is put out");
}

#[tokio::test]
async fn a_hangup_takes_over_what_can_change_and_nobody_is_put_out() {
    let server = Server::builder().sfu().config(json!({"log": {"level": "info"}})).start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let inside = enter(&alice, "standup").await;
    let pid = server.pid();

    assert_eq!(said(&server, "\"answered\""), 0);
    server.reconfigure(json!({
        "log": {"level": "debug"}, "rateLimit": {"guest": {"max": 1, "windowSeconds": 600}},
        "server": {"maxRoomsPerUser": 7},
    }));
    read_again(&server).await;
    server.stranger().get("/api/health").await.ok();
    until("a debug line", async || (said(&server, "\"answered\"") > 0).then_some(())).await;
    let lost = json!({"roomName": "nowhere", "guestName": "Greta"});
    let guest = async || server.stranger().post("/api/room/guest-join").json(lost.clone()).await;
    guest().await.is(404);
    guest().await.is(429);
    assert!(server.log().contains("server.maxRoomsPerUser has another value in the configuration: restart"));
    still_there(&inside, &server, pid).await;

    // back again, and what needs a restart is still said
    server.reconfigure(json!({"log": {"level": "info"}, "rateLimit": {"guest": {"max": 0}}}));
    read_again(&server).await;
    guest().await.is(404);
    assert_eq!(said(&server, "server.maxRoomsPerUser has another value"), 2);
    still_there(&inside, &server, pid).await;
}

#[tokio::test]
async fn a_broken_file_is_refused_with_what_is_wrong_and_the_old_one_stays() {
    let server = Server::builder().config(json!({"log": {"level": "info"}})).start().await;
    let good = fs::read_to_string(server.path("config.yaml")).expect("the configuration");
    for (broken, told) in [
        ("server: {port: [}\n", "at line 1 column"),
        ("log:\n  levle: debug\n", "log.levle: There is no such key."),
        ("log: {level: loud}\nserver: {port: many}\n", "server.port: "),
    ] {
        fs::write(server.path("config.yaml"), broken).expect("written");
        let before = said(&server, "the configuration stays as it was");
        hang_up(server.pid());
        until("a word about the file", async || {
            (said(&server, "the configuration stays as it was") > before).then_some(())
        })
        .await;
        until(told, async || server.log().contains(told).then_some(())).await;
        server.stranger().get("/api/health").await.ok();
    }
    assert_eq!(said(&server, "\"answered\""), 0, "the old level stays");
    fs::write(server.path("config.yaml"), good).expect("written");
    read_again(&server).await;
}

#[tokio::test]
async fn a_hangup_serves_the_new_certificate_before_it_says_ready() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("notify");
    let heard = UnixDatagram::bind(&path).expect("a socket");
    let next = async |wanted: &str| {
        let mut message = [0; 4096];
        until(wanted, async || {
            let length = heard.recv(&mut message).await.expect("a message");
            let text = String::from_utf8_lossy(&message[..length]).into_owned();
            text.lines().any(|line| line == wanted).then_some(text)
        })
        .await
    };
    let mut server = Server::builder()
        .tls(json!({"mode": "files"}))
        .variable("NOTIFY_SOCKET", path.to_str().expect("a path"))
        .prepare();
    let write = |(chain, key): (String, String)| {
        fs::write(server.path("cert.pem"), chain).expect("written");
        fs::write(server.path("key.pem"), key).expect("written");
    };
    write(tls::pair("meet.example.org", 30));
    server.reconfigure(
        json!({"tls": {"certFile": server.path("cert.pem"), "keyFile": server.path("key.pem")}}),
    );
    server.spawn();
    server.ready().await;
    next("READY=1").await;
    let shown = async || tls::shown(&tls::anyone(server.address()).await);
    let first = shown().await;
    let write = |(chain, key): (String, String)| {
        fs::write(server.path("cert.pem"), chain).expect("written");
        fs::write(server.path("key.pem"), key).expect("written");
    };
    write(tls::pair("meet.example.org", 60));
    hang_up(server.pid());
    let told = next("RELOADING=1").await;
    assert!(told.lines().any(|line| line.starts_with("MONOTONIC_USEC=")), "{told}");
    next("READY=1").await;
    assert_ne!(shown().await, first);
}

#[tokio::test]
async fn a_hangup_leaves_the_sfu_of_a_supervisor_alone() {
    let server = Server::builder().sfu_alone().start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let inside = enter(&alice, "standup").await;
    let sfu = async || server.ctl(["livekit", "status", "--json"]).await.ok().json()["pid"].clone();
    let before = sfu().await;
    server.reconfigure(json!({"livekit": {"turn": {"enabled": false}}}));
    hang_up(server.supervisor_pid());
    until("a word about what it cannot change", async || {
        server.log().contains("livekit.turn.enabled has another value").then_some(())
    })
    .await;
    assert_eq!(sfu().await, before);
    still_there(&inside, &server, server.pid()).await;
}

#[tokio::test]
async fn the_operator_restarts_the_sfu_of_a_supervisor() {
    let server = Server::builder().sfu_alone().start().await;
    let status = async || server.ctl(["livekit", "status", "--json"]).await.ok().json();
    let before = status().await["pid"].clone();
    server.ctl(["livekit", "restart", "--yes"]).await.ok();
    until("another SFU", async || {
        let now = status().await;
        (now["state"] == "ready" && now["pid"] != before).then_some(())
    })
    .await;
    assert!(server.processes().contains(&server.supervisor_pid()), "its supervisor lives");
}

/// The SFU's ports are given, as in a real installation: with free ones nobody would notice who still holds them.
#[tokio::test]
async fn killed_and_started_again_at_once_it_serves_every_time() {
    let livekit = json!({
        "port": free_port(), "tcpPort": free_port(), "udpPort": free_port(), "turn": {"udpPort": free_port()},
    });
    let mut server = Server::builder().sfu().config(json!({"livekit": livekit})).start().await;
    for round in 0..8 {
        server.kill();
        server.spawn();
        server.ready().await;
        assert!(!server.log().contains("port_taken"), "round {round}: {}", server.log());
    }
    let alice = server.user("alice").await;
    alice.room("standup").await;
    enter(&alice, "standup").await;
}
