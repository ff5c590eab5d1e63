//! What an operator changes while the server runs: it acts at once, is written down, and another version's rows break nothing.
use bedrud_tests::{PASSWORD, Server, json, quoted, until};

#[tokio::test]
async fn registration_and_guests_are_closed_and_opened_on_a_word() {
    let mut server = Server::start().await;
    let told = server.ctl(["setup"]).await.ok();
    assert!(told.stderr.contains("Anybody") && told.stderr.contains("settings set"), "{told:?}");
    server.admin().await;
    let register = async |server: &Server, name: &str| {
        let account = json!({"email": format!("{name}@example.org"), "password": PASSWORD, "name": name});
        server.stranger().post("/api/auth/register").json(account).await
    };
    let guest = async |server: &Server| {
        server.stranger().post("/api/auth/guest-login").json(json!({"name": "Zoe"})).await
    };
    register(&server, "alice").await.ok();
    guest(&server).await.ok();
    server.ctl(["settings", "set", "registrationEnabled", "false", "--dry-run"]).await.exited(7);
    register(&server, "bob").await.ok();
    let told = server.ctl(["settings", "set", "registrationEnabled", "false"]).await.ok();
    assert!(told.stdout.contains("registrationEnabled is false now"), "{told:?}");
    register(&server, "carol").await.refused(403, "registration_closed");
    server.ctl(["settings", "set", "guestLoginEnabled", "false"]).await.ok();
    guest(&server).await.refused(403, "guests_off");
    // what a look ahead gets opens the relay
    server.stranger().post("/api/room/path-check").await.refused(403, "guests_off");
    server.ctl(["settings", "set", "serverName", "-1- Unser Haus"]).await.ok();
    let public = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(
        (&public["serverName"], &public["registrationEnabled"]),
        (&json!("-1- Unser Haus"), &json!(false))
    );
    server.stop().await;
    server.spawn();
    server.ready().await;
    register(&server, "carol").await.refused(403, "registration_closed");
    let listed = server.ctl(["settings", "--json"]).await.ok().json();
    let all = listed["settings"].as_array().expect("a list");
    let one = all.iter().find(|s| s["name"] == "guestLoginEnabled").expect("listed");
    assert_eq!((&one["value"], &one["default"]), (&json!("false"), &json!("true")));
    for wrong in [["noSuchThing", "true"], ["registrationEnabled", "perhaps"], ["chatMaxMessageCount", "0"]] {
        server.ctl(["settings", "set", wrong[0], wrong[1]]).await.failed(2);
    }
    let sql = "SELECT count(*) FROM audit WHERE verb = 'settings.change' AND actor LIKE 'operator:%'";
    assert_eq!(server.database().number(sql), 3, "every change is in the audit log, and nothing else");
    server.ctl(["settings", "set", "registrationEnabled", "true"]).await.ok();
    register(&server, "carol").await.ok();
}

#[tokio::test]
async fn settings_of_another_version_break_nothing() {
    let mut server = Server::start().await;
    server.admin().await;
    server.stop().await;
    let rows = [
        ("ofANewerVersion", "{\"a\":1}"),
        ("registrationEnabled", "\"by invitation\""),
        ("serverName", "not JSON"),
    ];
    for (name, value) in rows {
        let (name, value) = (quoted(name), quoted(value));
        server.database().run(&format!("INSERT INTO settings (name, value) VALUES ({name}, {value})"));
    }
    server.spawn();
    server.ready().await;
    let public = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!((&public["serverName"], &public["registrationEnabled"]), (&json!("Bedrud"), &json!(true)));
    server.user("alice").await;
}

#[tokio::test]
async fn old_lines_of_the_audit_log_are_forgotten() {
    let mut server = Server::start().await;
    server.admin().await;
    server.stop().await;
    let day = 86_400_000_i64;
    let now = i64::try_from(bedrud_tests::now_seconds()).expect("a time") * 1000;
    let database = server.database();
    let insert = "INSERT INTO audit (id, at, actor, verb) VALUES";
    let old = now - 366 * day;
    // ids are in the order of time (RFC 9562, version 7)
    let line = |at: i64, number: i64, verb: &str| {
        format!("('{:08x}-{:04x}-7000-8000-{number:012}', {at}, 'system', '{verb}')", at >> 16, at & 0xffff)
    };
    let lines: Vec<_> = (0..2500).map(|number| line(old, number, "old")).collect();
    database.run(&format!("{insert} {}", lines.join(", ")));
    database.run(&format!("{insert} {}", line(now - 364 * day, 0, "recent")));
    server.spawn();
    server.ready().await;
    let count = |verb: &str| database.number(&format!("SELECT count(*) FROM audit WHERE verb = '{verb}'"));
    until("the old lines to be gone", async || (count("old") == 0).then_some(())).await;
    assert_eq!((count("recent"), count("account.setup")), (1, 1));
}
