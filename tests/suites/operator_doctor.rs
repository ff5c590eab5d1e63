//! `bedrudctl doctor`: what is wrong is found under its own id with the command that mends it; what is well is silent.
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use bedrud_tests::{Builder, Server, Value, json, tls, until};

const USAGE: i32 = 2;
const DEGRADED: i32 = 8;

fn quiet() -> Builder {
    Server::builder().config(json!({"log": {"level": "info"}}))
}

/// The findings of these ids.
async fn found(server: &Server, ids: &[&str]) -> Vec<Value> {
    let only: Vec<&str> = ids.iter().flat_map(|id| ["--only", id]).collect();
    let told = server.ctl([&["doctor", "--json"][..], &only].concat()).await;
    let findings = told.json()["findings"].as_array().cloned().expect("findings");
    assert_eq!(told.code, if findings.is_empty() { 0 } else { DEGRADED }, "{told:?}");
    for finding in &findings {
        for member in ["evidence", "remedy"] {
            assert!(finding[member].as_str().is_some_and(|text| text.len() > 5), "{finding}");
        }
    }
    findings
}

#[track_caller]
fn is_one(findings: &[Value], id: &str, severity: &str) {
    assert_eq!(findings.len(), 1, "{id}: {findings:#?}");
    assert_eq!(
        (&findings[0]["id"], &findings[0]["severity"]),
        (&json!(id), &json!(severity)),
        "{findings:#?}"
    );
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
}

/// What this test's machine itself may lack; everything else is well on a healthy server.
const OF_THE_MACHINE: [&str; 6] =
    ["sysctl.rmem", "sysctl.wmem", "sfu.address", "limits.files", "disk.space", "memory.low"];

#[tokio::test]
async fn a_healthy_server_is_silent() {
    let server = quiet().sfu().start().await;
    server.admin().await;
    let listed = server.ctl(["doctor", "--list"]).await.ok().stdout;
    let ids: Vec<&str> = listed.lines().filter(|id| !OF_THE_MACHINE.contains(id)).collect();
    assert!(ids.len() > 20, "{listed}");
    let only: Vec<&str> = ids.iter().flat_map(|id| ["--only", id]).collect();
    let told = server.ctl([&["doctor"][..], &only].concat()).await.ok();
    assert_eq!((told.stdout.as_str(), told.stderr.as_str()), ("", ""), "nothing to say");
    let told = server.ctl(["doctor", "--only", "sfu.dwon", "--json"]).await.failed(USAGE);
    assert!(told.stderr.contains("check_unknown"), "{told:?}");
    // what the kernel really says
    let limit = fs::read_to_string("/proc/sys/net/core/rmem_max").expect("proc(5)");
    let is_little = limit.trim().parse::<u64>().expect("a number") < 5_000_000;
    assert_eq!(found(&server, &["sysctl.rmem"]).await.len(), usize::from(is_little));
}

#[tokio::test]
async fn files_that_are_open_to_others_are_found_and_mended() {
    let server = quiet().start().await;
    server.admin().await;
    for (id, severity, path, wrong) in [
        ("state.open", "warning", "state", 0o755),
        ("secrets.open", "error", "state/secrets", 0o644),
        ("socket.closed", "warning", "run/control.sock", 0o600),
    ] {
        assert!(found(&server, &[id]).await.is_empty(), "{id}");
        mode(&server.path(path), wrong);
        let findings = found(&server, &[id]).await;
        is_one(&findings, id, severity);
        let remedy = findings[0]["remedy"].as_str().expect("a command");
        assert!(Command::new("sh").args(["-c", remedy]).status().expect("sh(1)").success(), "{remedy}");
        assert!(found(&server, &[id]).await.is_empty(), "{id}: {remedy} mends it");
    }
    let told = Command::new("prlimit").args(["--pid", &server.pid().to_string(), "--nofile=1024:"]).status();
    assert!(told.expect("prlimit(1)").success());
    is_one(&found(&server, &["limits.files"]).await, "limits.files", "warning");
}

#[tokio::test]
async fn what_the_database_holds_is_looked_at() {
    let server = quiet().on_file("a server's own tools make its backups").start().await;
    is_one(&found(&server, &["setup.pending"]).await, "setup.pending", "warning");
    server.admin().await;
    let ids = [
        "setup.pending",
        "database.integrity",
        "effects.stuck",
        "mail.stuck",
        "webhooks.stuck",
        "backup.old",
        "log.verbose",
    ];
    assert!(found(&server, &ids).await.is_empty());
    let database = server.database();
    let left = "INSERT INTO effects (id, kind, key, payload, due_at, attempts, created_at, last_error)
                VALUES ('x', 'sfu.none', 'k', '{}', 9000000000000, 7, 1, 'it was not there')";
    database.run(left);
    let stuck = found(&server, &["effects.stuck"]).await;
    is_one(&stuck, "effects.stuck", "warning");
    assert!(stuck[0]["evidence"].as_str().is_some_and(|text| text.contains("it was not there")), "{stuck:?}");
    let left = "INSERT INTO mails (id, kind, key, recipient, payload, due_at, created_at, given_up_at, last_error)
                VALUES ('x', 'reset', 'k', 'a@example.org', '{}', 1, 1, 9000000000000, 'nobody of that name')";
    database.run(left);
    let stuck = found(&server, &["mail.stuck"]).await;
    is_one(&stuck, "mail.stuck", "warning");
    assert!(
        stuck[0]["evidence"].as_str().is_some_and(|text| text.contains("nobody of that name")),
        "{stuck:?}"
    );
    database.run(
        "INSERT INTO webhooks (id, url, secret, events, is_active, created_by, created_at, updated_at)
         VALUES ('w', 'https://a.example/', 's', ',room.created,', TRUE, 'x', 1, 1)",
    );
    let dead = "INSERT INTO webhook_deliveries (id, webhook_id, event, body, state, attempts, created_at, give_up_at, ended_at)
                VALUES ('d', 'w', 'room.created', '{}', 'dead', 1, 1, 1, 9000000000000)";
    database.run(dead);
    database.run(
        "INSERT INTO webhook_attempts (id, delivery_id, at, milliseconds, error) VALUES ('a', 'd', 1, 1, 'it slept')",
    );
    let stuck = found(&server, &["webhooks.stuck"]).await;
    is_one(&stuck, "webhooks.stuck", "warning");
    assert!(stuck[0]["evidence"].as_str().is_some_and(|text| text.contains("it slept")), "{stuck:?}");
    let old = "INSERT INTO audit (id, at, actor, verb) VALUES ('0', 1, 'system', 'old')";
    database.run(old);
    is_one(&found(&server, &["backup.old"]).await, "backup.old", "warning");
    let file = server.path("backup");
    server.ctl(["backup", "create", file.to_str().expect("a path")]).await.ok();
    assert!(found(&server, &["backup.old"]).await.is_empty(), "and mended");
    let orphan = "PRAGMA foreign_keys = OFF; INSERT INTO moderators (room_id, identity, granted_by, granted_at) VALUES ('gone', 'gone', 'x', 1);";
    database.run(orphan);
    is_one(&found(&server, &["database.integrity"]).await, "database.integrity", "error");

    let verbose = Server::start().await;
    is_one(&found(&verbose, &["log.verbose"]).await, "log.verbose", "warning");
}

#[tokio::test]
async fn an_sfu_that_is_away_or_stands_still_is_found() {
    let away = quiet().start().await;
    until("the first try", async || {
        let down = found(&away, &["sfu.down"]).await;
        (down.len() == 1 && down[0]["severity"] == "error").then_some(())
    })
    .await;
    let server = quiet().variable("INVOCATION_ID", "as-under-systemd").sfu().start().await;
    is_one(&found(&server, &["sfu.supervisor"]).await, "sfu.supervisor", "warning");
    let ids = ["sfu.down", "sfu.silent", "sfu.flapping", "turn.silent"];
    assert!(found(&server, &ids).await.is_empty());
    let pid = async || server.ctl(["livekit", "status", "--json"]).await.ok().json()["pid"].to_string();
    let signal = |name: &str, pid: &str| {
        let sent = Command::new("kill").args([name, pid]).status().expect("kill(1)");
        assert!(sent.success());
    };
    let standing = pid().await;
    signal("-STOP", &standing);
    is_one(&found(&server, &["sfu.silent"]).await, "sfu.silent", "error");
    is_one(&found(&server, &["turn.silent"]).await, "turn.silent", "error");
    signal("-CONT", &standing);
    until("it goes on", async || {
        found(&server, &["sfu.silent", "turn.silent"]).await.is_empty().then_some(())
    })
    .await;
    for count in 1..=3 {
        signal("-KILL", &pid().await);
        until("it is back", async || {
            let told = server.ctl(["livekit", "status", "--json"]).await.ok().json();
            (told["restarts"].as_u64() >= Some(count) && told["state"] == "ready").then_some(())
        })
        .await;
    }
    is_one(&found(&server, &["sfu.flapping"]).await, "sfu.flapping", "warning");
}

#[tokio::test]
async fn the_public_name_and_its_certificate_are_looked_at() {
    let section = json!({"mode": "self-signed"});
    let server =
        quiet().tls(section).config(json!({"server": {"domain": "no-such-host.invalid"}})).start().await;
    is_one(&found(&server, &["dns.missing"]).await, "dns.missing", "error");
    is_one(&found(&server, &["certificate.untrusted"]).await, "certificate.untrusted", "warning");
    assert!(found(&server, &["certificate.ending", "certificate.renewal"]).await.is_empty());
}

#[tokio::test]
async fn a_daemon_that_is_down_is_the_finding() {
    let mut server = quiet().start().await;
    server.stop().await;
    let told = server.ctl(["doctor", "--json"]).await.exited(DEGRADED).json();
    is_one(told["findings"].as_array().expect("findings"), "daemon.down", "error");
    assert!(server.ctl(["doctor"]).await.exited(DEGRADED).stdout.contains("systemctl"));
}

#[tokio::test]
async fn a_certificate_that_ends_or_cannot_be_renewed_is_found() {
    let write = |server: &Server, (chain, key): &(String, String)| {
        fs::write(server.path("cert.pem"), chain).expect("written");
        fs::write(server.path("key.pem"), key).expect("written");
    };
    let mut server = quiet().tls(json!({"mode": "files"})).prepare();
    write(&server, &tls::pair("meet.example.org", 3));
    let section = json!({"certFile": server.path("cert.pem"), "keyFile": server.path("key.pem")});
    server.reconfigure(json!({"tls": section}));
    server.spawn();
    server.ready().await;
    let ids = ["certificate.ending", "certificate.renewal"];
    is_one(&found(&server, &ids).await, "certificate.ending", "error");
    write(&server, &("no certificate".to_owned(), "no key".to_owned()));
    server.ctl(["cert", "renew"]).await.failed(1);
    is_one(&found(&server, &["certificate.renewal"]).await, "certificate.renewal", "warning");
    write(&server, &tls::pair("meet.example.org", 60));
    server.ctl(["cert", "renew"]).await.ok();
    assert!(found(&server, &ids).await.is_empty(), "and mended");
}
