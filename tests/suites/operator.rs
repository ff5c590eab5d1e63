//! The operator at the shell: `bedrudctl` against a running daemon, its verbs, its exit codes, its refusals.
use bedrud_tests::{PASSWORD, Server, Value, json};

const DONE: i32 = 0;
const FAILED: i32 = 1;
const USAGE: i32 = 2;
const UNREACHABLE: i32 = 3;
const NOT_FOUND: i32 = 4;
const CONFLICT: i32 = 6;
const WOULD_CHANGE: i32 = 7;

#[tokio::test]
async fn what_only_looks_speaks_to_people_and_to_programs() {
    let server = Server::start().await;
    server.user("alice").await.room("standup").await;
    for (verb, word) in [
        (vec!["status"], "httpAddress"),
        (vec!["version"], "bedrudctl"),
        (vec!["user", "list"], "users"),
        (vec!["user", "show", "alice"], "email"),
        (vec!["user", "sessions", "alice@example.org"], "sessions"),
        (vec!["room", "list"], "rooms"),
        (vec!["room", "show", "standup"], "participantsCount"),
        (vec!["room", "participants", "standup"], "participants"),
        (vec!["livekit", "status"], "state"),
        (vec!["cert", "status"], "mode"),
    ] {
        let human = server.ctl(&verb).await.ok();
        assert!(!human.stdout.trim().is_empty() && human.stderr.is_empty(), "{human:?}");
        assert!(!human.stdout.contains('{'), "a table, no JSON: {human:?}");
        let document = server.ctl([&verb[..], &["--json"]].concat()).await.ok().json();
        assert!(document.get(word).is_some(), "{verb:?} has {word}: {document}");
    }
    let status = server.ctl(["status", "--json"]).await.json();
    assert_eq!(status["httpAddress"], server.address().to_string());
    assert_eq!(status["pid"], server.pid());
    for shell in ["bash", "zsh", "fish"] {
        assert!(server.ctl(["completion", shell]).await.ok().stdout.contains("COMPLETE"), "{shell}");
    }
    // what the scripts ask when somebody presses the tab key
    let asked = std::process::Command::new(bedrud_tests::bedrudctl())
        .env("COMPLETE", "fish")
        .args(["--", "bedrudctl", "room", "part"])
        .output()
        .expect("bedrudctl");
    assert!(String::from_utf8_lossy(&asked.stdout).starts_with("participants"), "{asked:?}");
}

#[tokio::test]
async fn the_set_up_link_is_shown_until_it_is_used() {
    let server = Server::start().await;
    let link = server.ctl(["setup"]).await.ok().stdout;
    let token = link.trim().split_once("/setup#").expect("a link").1;
    let first = json!({"token": token, "email": "a@example.org", "password": PASSWORD, "name": "Ada"});
    server.stranger().post("/api/auth/setup").json(first).await.ok();
    server.ctl(["setup"]).await.failed(NOT_FOUND);
}

#[tokio::test]
async fn the_first_account_may_come_from_the_shell() {
    let server = Server::start().await;
    let add = ["user", "add", "ada@example.org", "--name", "Ada", "--admin", "--password-stdin"];
    server.ctl_with_input(add, "correct horse battery\n").await.ok();
    let me = server.login("ada").await.ok().json();
    assert_eq!(me["user"]["accesses"], json!(["superadmin", "user"]));
    server.ctl(["setup"]).await.failed(NOT_FOUND);
    server.ctl_with_input(add, "correct horse battery\n").await.failed(CONFLICT);
}

#[tokio::test]
async fn a_mistyped_name_is_answered_by_those_that_may_have_been_meant() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    server.user("bob").await;
    for (typed, meant, exit) in [
        (vec!["usr", "list"], "'user'", USAGE),
        (vec!["room", "kik", "standup", "bob"], "'kick'", USAGE),
        (vec!["user", "show", "alcie"], "alice (alice@example.org)", NOT_FOUND),
        (vec!["user", "disable", "bob@exmaple.org"], "bob (bob@example.org)", NOT_FOUND),
        (vec!["room", "show", "standpu"], "standup?", NOT_FOUND),
        (vec!["room", "kick", "stadnup", "bob"], "standup?", NOT_FOUND),
        (vec!["settings", "set", "registrationEnable", "false"], "registrationEnabled?", USAGE),
        (vec!["settings", "get", "serverNmae"], "serverName?", USAGE),
        (vec!["doctor", "--only", "databse.disk"], "database.disk?", USAGE),
    ] {
        let told = server.ctl(&typed).await.failed(exit);
        assert!(told.stderr.contains(meant), "{typed:?} -> {meant}: {told:?}");
        let told = server.ctl([&typed[..], &["--json"]].concat()).await.failed(exit);
        assert!(told.stderr.contains(meant), "{typed:?} -> {meant}: {told:?}");
    }
    // nothing is near: then nothing is guessed
    let told = server.ctl(["user", "show", "zebulon"]).await.failed(NOT_FOUND);
    assert!(!told.stderr.contains("Did you mean"), "{told:?}");
    assert_eq!(server.ctl(["settings", "get", "serverName"]).await.ok().stdout, "Bedrud\n");
    assert!(server.ctl(["settings", "list"]).await.ok().stdout.contains("guestLoginEnabled"));
}

#[tokio::test]
async fn changes_to_an_account_act_at_once() {
    let server = Server::start().await;
    let alice = server.user("alice").await;

    server.ctl(["user", "role", "alice", "admin", "--dry-run"]).await.exited(WOULD_CHANGE);
    assert_eq!(alice.get("/api/auth/me").await.ok().json()["accesses"], json!(["user"]), "a dry run");
    server.ctl(["user", "role", "alice", "admin"]).await.ok();
    assert_eq!(alice.get("/api/auth/me").await.ok().json()["accesses"], json!(["superadmin", "user"]));
    server.ctl(["user", "role", "alice", "admin", "--dry-run"]).await.ok();

    server.ctl(["user", "disable", "alice@example.org"]).await.ok();
    alice.get("/api/auth/me").await.refused(401, "session_ended");
    server.login("alice").await.is(403);
    server.ctl(["user", "enable", "ALICE"]).await.ok();
    let again = server.stranger().bearer(server.login("alice").await.ok().text("tokens/accessToken"));

    let devices = server.ctl(["user", "sessions", "alice", "--json"]).await.ok().json();
    let session = devices["sessions"][0]["id"].as_str().expect("a session").to_owned();
    server.ctl(["user", "sessions", "alice", "--end", &session]).await.ok();
    again.get("/api/auth/me").await.is(401);

    server
        .ctl_with_input(["user", "passwd", "alice", "--password-stdin"], "another horse battery")
        .await
        .ok();
    server.login("alice").await.is(401);

    server.ctl(["user", "delete", "alice"]).await.failed(USAGE);
    server.ctl(["user", "show", "alice"]).await.ok();
    server.ctl(["user", "delete", "alice", "--yes"]).await.ok();
    server.ctl(["user", "show", "alice"]).await.failed(NOT_FOUND);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let server = Server::start().await;
    server.admin().await;
    for verb in [
        vec!["user", "disable", "admin@example.org"],
        vec!["user", "role", "admin@example.org", "user"],
        vec!["user", "delete", "admin@example.org", "--yes"],
    ] {
        let told = server.ctl([&verb[..], &["--json"]].concat()).await.failed(CONFLICT);
        assert_eq!(error(&told.stderr)["code"], "last_administrator");
    }
}

#[tokio::test]
async fn passwords_are_piped_or_made_up_and_never_arguments() {
    let server = Server::start().await;
    let told = server.ctl(["user", "add", "bob@example.org", "--generate-password", "--json"]).await.ok();
    let password = told.json()["password"].as_str().expect("the password").to_owned();
    let login = json!({"email": "bob@example.org", "password": password});
    server.stranger().post("/api/auth/login").json(login).await.ok();
    assert!(!server.log().contains(&password), "not in the log");
    assert!(
        !server.ctl(["logs"]).await.ok().stdout.contains(&password),
        "nor in what the daemon keeps of it"
    );
    assert!(!server.ctl(["user", "show", "bob", "--json"]).await.ok().stdout.contains(&password));

    server.ctl(["user", "add", "carol@example.org"]).await.failed(USAGE);
    server.ctl(["user", "add", "carol@example.org", "--password-stdin"]).await.failed(USAGE);
    server.ctl(["user", "add", "carol@example.org", "--password", PASSWORD]).await.failed(USAGE);
    server
        .ctl_with_input(["user", "add", "carol@example.org", "--password-stdin"], "short")
        .await
        .failed(USAGE);
    server.ctl(["user", "show", "carol"]).await.failed(NOT_FOUND);
}

#[tokio::test]
async fn rooms_are_named_by_slug_id_or_unique_prefix() {
    let server = Server::start().await;
    server.user("alice").await;
    let made = server.ctl(["room", "create", "standup-one", "--owner", "alice", "--json"]).await.ok().json();
    let id = made["id"].as_str().expect("an id").to_owned();
    server.ctl(["room", "create", "standup-one", "--owner", "alice"]).await.failed(CONFLICT);
    server.ctl(["room", "create", "Not A Slug", "--owner", "alice"]).await.failed(USAGE);
    server.ctl(["room", "create", "orphan", "--owner", "nobody-of-that-name"]).await.failed(NOT_FOUND);
    for name in ["standup-one", "stand", &id, &id[..8]] {
        let shown = server.ctl(["room", "show", name, "--json"]).await.ok().json();
        assert_eq!(shown["id"], id.as_str(), "{name}");
    }
    server.ctl(["room", "create", "standup-two", "--owner", "alice@example.org"]).await.ok();
    let told = server.ctl(["room", "show", "standup", "--json"]).await.failed(CONFLICT);
    let message = error(&told.stderr)["message"].to_string();
    assert!(message.contains("standup-one") && message.contains("standup-two"), "candidates: {message}");
    server.ctl(["room", "show", "retro"]).await.failed(NOT_FOUND);
}

#[tokio::test]
async fn people_are_named_by_display_name_mail_or_id() {
    let server = Server::start().await;
    server.user("alice").await;
    for mail in ["bob@example.org", "bob@example.net"] {
        server.ctl(["user", "add", mail, "--name", "Bob", "--generate-password"]).await.ok();
    }
    let told = server.ctl(["user", "show", "bob"]).await.failed(CONFLICT);
    assert!(told.stderr.contains("bob@example.org") && told.stderr.contains("bob@example.net"), "{told:?}");
    let bob = server.ctl(["user", "show", "bob@example.net", "--json"]).await.ok().json();
    let id = bob["id"].as_str().expect("an id");
    assert_eq!(server.ctl(["user", "show", id, "--json"]).await.ok().json(), bob);
    assert_eq!(server.ctl(["user", "show", &id[..13], "--json"]).await.ok().json(), bob);
    let found = server.ctl(["user", "list", "bob", "--limit", "1", "--json"]).await.ok().json();
    assert_eq!((found["users"].as_array().map(Vec::len), &found["total"]), (Some(1), &json!(2)));
}

#[tokio::test]
async fn a_wrong_command_line_is_told_to_programs_as_well() {
    let server = Server::start().await;
    let told = server.ctl(["room", "frobnicate", "--json"]).await.failed(USAGE);
    assert_eq!(error(&told.stderr)["code"], "usage");
    server.ctl(["logs", "--since", "yesterday"]).await.failed(USAGE);
    server.ctl(["room", "close"]).await.failed(USAGE);
    assert!(server.ctl(["--help"]).await.ok().stdout.contains("Exit codes"));
}

#[tokio::test]
async fn without_a_daemon_it_says_what_to_check() {
    let mut server = Server::start().await;
    assert_eq!(server.stop().await, Some(DONE));
    for verb in [vec!["status"], vec!["room", "list"], vec!["logs", "-f"]] {
        let told = server.ctl(&verb).await.failed(UNREACHABLE);
        assert!(
            told.stderr.contains("systemctl status bedrud") && told.stderr.contains("--socket"),
            "{told:?}"
        );
    }
    let told = server.ctl(["status", "--json"]).await.failed(UNREACHABLE);
    let error = error(&told.stderr);
    assert_eq!(error["code"], "daemon_unreachable");
    assert!(error["hint"].is_string(), "{error}");
    let versions = server.ctl(["version", "--json"]).await.ok().json();
    assert_eq!(versions["bedrud"], Value::Null);
}

#[tokio::test]
async fn a_stale_socket_is_replaced_and_a_living_one_is_not() {
    let mut server = Server::start().await;
    let second = tokio::process::Command::from(server.command("run")).output().await.expect("bedrud starts");
    assert_eq!(second.status.code(), Some(FAILED));
    assert!(String::from_utf8_lossy(&second.stderr).contains("[already_running]"), "{second:?}");
    server.ctl(["status"]).await.ok();

    server.kill();
    assert!(server.socket().exists(), "killed, it leaves its socket");
    server.ctl(["status"]).await.failed(UNREACHABLE);
    server.spawn();
    server.ready().await;
    server.ctl(["status"]).await.ok();
}

#[tokio::test]
async fn logs_are_chosen_by_level_and_age() {
    let server = Server::start().await;
    let lines = |told: bedrud_tests::Told| -> Vec<Value> { told.stdout.lines().map(parsed).collect() };
    let all = lines(server.ctl(["logs", "--json"]).await.ok());
    assert!(
        all.iter().any(|line| line["message"].as_str().is_some_and(|m| m.starts_with("ready at"))),
        "{all:?}"
    );
    assert!(all.iter().all(|line| line["time"].is_string() && line["target"].is_string()), "{all:?}");
    let errors = lines(server.ctl(["logs", "--json", "--level", "error"]).await.ok());
    assert!(errors.iter().all(|line| line["level"] == "error") && errors.len() < all.len(), "{errors:?}");
    assert!(server.ctl(["logs", "--since", "10m"]).await.ok().stdout.contains("ready at"));
    assert_eq!(server.ctl(["logs", "--room", "no-such-room"]).await.ok().stdout, "");
}

fn parsed(line: &str) -> Value {
    line.parse().unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The `error` object of a failure with `--json`.
fn error(stderr: &str) -> Value {
    parsed(stderr.trim())["error"].clone()
}

#[tokio::test]
async fn a_query_that_does_not_fit_is_told_as_every_failure_is() {
    let server = Server::start().await;
    for wanted in
        ["users?page=x", "rooms?limit=-1", "invitations?unknown=1", "audit?limit=x", "events?after=x"]
    {
        let told = server.control(http::Method::GET, &format!("/v1/{wanted}"), None).await;
        told.refused(400, "query_invalid");
    }
    let users = server.control(http::Method::GET, "/v1/users?page=0&limit=0", None).await.ok().json();
    assert_eq!((&users["page"], &users["limit"]), (&json!(1), &json!(50)));
}
