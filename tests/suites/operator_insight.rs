//! What an operator looks at: the configuration as it runs, what the programs use, and one file for whoever is asked for help.
use std::fs;

use bedrud_tests::{Server, json, lk::Participant, until};
use http::Method;

const WOULD_CHANGE: i32 = 7;
const FAILED: i32 = 1;

#[tokio::test]
async fn the_configuration_that_runs_is_shown_and_what_the_file_says_now() {
    let mut server = Server::builder().variable("BEDRUD_RATE_LIMIT_JOIN_MAX", "77").start().await;
    // the harness has written the port that was found into the file
    server.stop().await;
    server.spawn();
    server.ready().await;
    let shown = server.ctl(["config", "show", "--json"]).await.ok().json();
    let value = |key: &str| {
        let all = shown.as_array().expect("keys");
        all.iter().find(|one| one["key"] == key).unwrap_or_else(|| panic!("{key}: {shown:#}")).clone()
    };
    assert_eq!(
        (&value("tls.mode")["value"], &value("log.level")["default"]),
        (&json!("off"), &json!("info"))
    );
    assert_eq!(value("livekit.apiSecret")["value"], "(hidden)");
    let from = |key: &str| value(key)["from"].clone();
    assert_eq!(
        (from("livekit.external"), from("auth.verificationTokenHours")),
        (json!("file"), json!("default"))
    );
    assert_eq!(from("rateLimit.join.max"), "environment");
    let told = server.ctl(["config", "show", "--changed"]).await.ok().stdout;
    assert!(told.contains("livekit.external") && !told.contains("cors."), "only what differs: {told}");
    assert!(!told.contains("a-secret-of-the-suites"), "no secret: {told}");

    server.ctl(["config", "diff"]).await.ok();
    let told = server.ctl(["config", "check"]).await.ok().stdout;
    assert!(told.contains("config.yaml is accepted"), "{told}");
    server.reconfigure(json!({"log": {"level": "warn"}, "server": {"maxRoomsPerUser": 3}}));
    let told = server.ctl(["config", "diff", "--json"]).await.exited(WOULD_CHANGE).json();
    let needs = |key: &str| {
        let all = told.as_array().expect("keys").iter();
        all.clone().find(|one| one["key"] == key).map(|one| (one["file"].clone(), one["needs"].clone()))
    };
    assert_eq!(needs("log.level"), Some((json!("warn"), json!("reload"))));
    assert_eq!(needs("server.maxRoomsPerUser"), Some((json!("3"), json!("restart"))));
    let asked = std::process::Command::new("kill").args(["-HUP", &server.pid().to_string()]).status();
    assert!(asked.expect("kill(1)").success());
    until("the reload", async || {
        let told = server.ctl(["config", "diff", "--json"]).await.exited(WOULD_CHANGE).json();
        (told.as_array().map(Vec::len) == Some(1)).then_some(())
    })
    .await;
    server.reconfigure(json!({"server": {"maxRooms": 3}}));
    for verb in ["diff", "check"] {
        let told = server.ctl(["config", verb]).await.failed(FAILED);
        assert!(told.stderr.contains("maxRooms"), "says which key: {told:?}");
    }
}

#[tokio::test]
async fn top_shows_people_and_programs() {
    let many = json!({"server": {"maxRoomsPerUser": 2000}});
    let server = Server::builder().config(many).sfu().start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let join = alice.join("standup").await.is(200);
    let _inside = Participant::join(&join.text("livekitHost"), &join.text("token")).await.expect("a seat");
    let look = until("alice in it", async || {
        let look = server.ctl(["top", "--once", "--json"]).await.ok().json();
        (look["people"] == 1).then_some(look)
    })
    .await;
    let programs: Vec<_> = look["programs"].as_array().expect("two").iter().map(|one| &one["name"]).collect();
    assert_eq!(programs, ["bedrud", "livekit"]);
    assert_eq!(look["rooms"][0]["participants"][0]["name"], "alice");
    let table = server.ctl(["top", "--once"]).await.ok().stdout;
    assert!(table.contains("livekit") && table.contains("standup") && table.contains("alice"), "{table}");
    let many: Vec<_> = (0..1001).map(|index| format!("later-{index}")).collect();
    for some in many.chunks(50) {
        let made = some.iter().map(|name| {
            let room = json!({"name": name, "owner": "alice"});
            server.control(Method::POST, "/v1/rooms", Some(room))
        });
        futures_util::future::join_all(made).await.into_iter().for_each(|answer| drop(answer.ok()));
    }
    let look = server.ctl(["top", "--once", "--json"]).await.ok().json();
    assert_eq!(look["rooms"][0]["participants"][0]["name"], "alice", "however many rooms were made since");
    let mut going_on = server.follow(["top", "--every", "1"]);
    assert_eq!(going_on.next().await["people"], 1);
    assert_eq!(going_on.next().await["people"], 1, "and again");
}

#[tokio::test]
async fn a_report_has_neither_secrets_nor_addresses() {
    let server = Server::start().await;
    server.user("alice").await;
    let file = server.path("report");
    server.ctl(["bugreport", file.to_str().expect("a path")]).await.ok();
    let text = fs::read_to_string(&file).expect("the report");
    for secret in [
        fs::read_to_string(server.path("state/secrets")).expect("the secret").trim(),
        "a-secret-of-the-suites-0123456789abcdef",
        "alice@example.org",
    ] {
        assert!(!text.contains(secret), "{secret} is in it");
    }
    let report: bedrud_tests::Value = text.parse().expect("JSON");
    for part in ["status", "doctor", "config", "settings", "log", "kernel"] {
        assert!(!report[part].is_null(), "{part} is in it");
    }
    assert!(report["doctor"]["findings"].as_array().is_some_and(|all| !all.is_empty()), "no SFU, it says");
}
