//! Starting and stopping: ready when it says so, every problem at once with its remedy, exit codes.
use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use bedrud_tests::{Server, TempDir, Value, json, until};
use tokio::net::UnixDatagram;

use crate::calls::enter;

/// Runs a verb of `bedrud` to its end. A start that should fail and does not is ended by the harness.
pub(crate) async fn run(server: &Server, verb: &str) -> Output {
    let mut command = tokio::process::Command::from(server.command(verb));
    let child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().expect("bedrud");
    let ended = tokio::time::timeout(bedrud_tests::PATIENCE, child.wait_with_output()).await;
    ended.expect("bedrud should have refused to start").expect("output")
}

/// Expects a failure that names every one of these: `key: sentence [code]`.
#[track_caller]
pub(crate) fn refuses(output: &Output, codes: &[(&str, &str)]) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "exit code 0 for a start that failed\n{told}");
    assert!(!told.contains("panicked"), "{told}");
    for (key, code) in codes {
        let line = told.lines().find(|line| line.starts_with(key) && line.ends_with(&format!("[{code}]")));
        let line = line.unwrap_or_else(|| panic!("no line for {key} [{code}] in\n{told}"));
        assert!(line.len() > key.len() + code.len() + 20, "no sentence: {line}");
    }
}

#[tokio::test]
async fn it_serves_and_stops_when_asked() {
    let mut server = Server::start().await;
    let health = server.stranger().get("/api/health").await.ok();
    assert_eq!(health.text("status"), "healthy");
    assert_eq!(server.stop().await, Some(0), "{}", server.log());
}

fn without_port(line: &str) -> String {
    match line.split_once("localhost:") {
        Some((before, after)) => {
            format!("{before}localhost:PORT{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => line.to_owned(),
    }
}

#[tokio::test]
async fn the_service_manager_is_told_how_it_fares() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    let lines = Arc::new(Mutex::new(Vec::<String>::new()));
    // as a service manager does: what nobody takes keeps the daemon from saying more
    tokio::spawn({
        let lines = lines.clone();
        async move {
            let mut message = [0; 4096];
            while let Ok(length) = socket.recv(&mut message).await {
                let text = String::from_utf8_lossy(&message[..length]).into_owned();
                lines.lock().expect("the lines").extend(text.lines().map(str::to_owned));
            }
        }
    });
    let told = async |what: &str| {
        until(what, async || {
            let mut lines = lines.lock().expect("the lines");
            lines.iter().position(|line| without_port(line) == what).map(|at| drop(lines.drain(..=at)))
        })
        .await;
    };
    let builder = Server::builder().sfu().variable("NOTIFY_SOCKET", path.to_str().expect("a path"));
    let mut server = builder.variable("WATCHDOG_USEC", "200000").start().await;
    told("READY=1").await;
    for _ in 0..3 {
        told("WATCHDOG=1").await;
    }
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let inside = enter(&alice, "standup").await;
    told("STATUS=Serving http://localhost:PORT: 1 meeting, 1 person").await;
    inside.leave().await;
    told("STATUS=Serving http://localhost:PORT: nobody is in a meeting").await;
    server.terminate();
    told("STOPPING=1").await;
    assert_eq!(server.ended().await, Some(0), "{}", server.log());
}

#[tokio::test]
async fn readiness_asks_the_sfu() {
    let server = Server::start().await; // its SFU is not there
    let answer = server.stranger().get("/api/ready").await.is(503);
    assert_eq!(answer.text("status"), "not_ready");
    server.stranger().get("/api/health").await.ok();
}

#[tokio::test]
async fn every_mistake_of_the_file_is_told_at_once() {
    let config =
        json!({"servr": {}, "server": {"port": "many", "hots": "x"}, "auth": {"accessTokenMinutes": 0}});
    let server = Server::builder().config(config).variable("BEDRUD_NO_SUCH_KEY", "1").prepare();
    for verb in ["run", "check-config"] {
        let output = run(&server, verb).await;
        let unknown = "unknown_key";
        refuses(
            &output,
            &[
                ("servr", unknown),
                ("server.hots", unknown),
                ("server.port", "invalid_value"),
                ("auth.accessTokenMinutes", "invalid_value"),
                ("BEDRUD_NO_SUCH_KEY", "unknown_variable"),
            ],
        );
    }
    assert!(!server.path("state/bedrud.db").exists(), "nothing is made before the configuration is right");
}

#[tokio::test]
async fn every_problem_of_the_machine_is_told_at_once() {
    let taken = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
    let [port, plain] = taken.each_ref().map(|one| one.local_addr().expect("an address").port());
    let livekit = json!({"external": false, "binary": "/nowhere/livekit-server", "port": port});
    let config = json!({"server": {"port": port, "httpPort": plain}, "livekit": livekit});
    let server = Server::builder().on_file("the file is no database").tls(json!({"mode": "self-signed"}));
    let server = server.config(config).prepare();
    fs::create_dir(server.path("state")).expect("a directory");
    fs::write(
        server.path("state/bedrud.db"),
        "this is no database, and long enough to look like one".repeat(100),
    )
    .expect("written");
    refuses(
        &run(&server, "run").await,
        &[
            ("server.port", "port_taken"),
            ("server.httpPort", "port_taken"),
            ("livekit.binary", "livekit_binary_missing"),
            ("livekit.port", "port_taken"),
            ("database.path", "database_unreadable"),
        ],
    );
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let mut server = Server::start().await;
    server.admin().await;
    server.stop().await;
    let newer = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
                 VALUES (9999, 'from_the_future', '2030-01-01T00:00:00Z', '1')";
    server.database().run(newer);
    for verb in ["run", "check-config"] {
        refuses(&run(&server, verb).await, &[(server.database_key(), "database_newer")]);
    }
    assert_eq!(server.database().number("SELECT count(*) FROM users"), 1, "nothing is lost");
    server.database().run("DELETE FROM refinery_schema_history WHERE version = 9999");
    server.spawn();
    server.ready().await;
    server.login("admin").await.ok();
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let mut server = Server::start().await;
    server.admin().await;
    server.stop().await;
    // of a program that numbers its tables as we do
    server.database().run("UPDATE refinery_schema_history SET name = 'invoices' WHERE version = 2");
    for verb in ["run", "check-config"] {
        refuses(&run(&server, verb).await, &[(server.database_key(), "database_foreign")]);
    }
    assert_eq!(server.database().number("SELECT count(*) FROM users"), 1, "nothing is lost");

    let server = Server::builder().on_file("a server has a test of its own").prepare();
    fs::create_dir(server.path("state")).expect("a directory");
    server.database().run("CREATE TABLE invoices (id BIGINT)");
    for verb in ["run", "check-config"] {
        refuses(&run(&server, verb).await, &[("database.path", "database_foreign")]);
    }
    assert_eq!(server.database().number("SELECT count(*) FROM sqlite_master"), 1, "nothing is made");
}

#[tokio::test]
async fn a_second_daemon_on_the_same_directories_is_refused() {
    let server = Server::start().await;
    refuses(&run(&server, "run").await, &[("runtime-dir", "already_running")]);
    server.stranger().get("/api/health").await.ok();
}

#[tokio::test]
async fn what_is_secret_is_readable_for_nobody_else() {
    let server = Server::with_sfu().await;
    server.user("alice").await;
    let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    assert_eq!((mode(&server.path("state")), mode(&server.path("run"))), (0o700, 0o711));
    for folder in ["state", "run"] {
        for entry in fs::read_dir(server.path(folder)).expect("a directory").flatten() {
            let (path, text) = (entry.path(), fs::read_to_string(entry.path()).unwrap_or_default());
            let keeps = folder == "state" || text.contains("secret") || text.contains("keys");
            assert!(!keeps || mode(&path) & 0o077 == 0, "{} is open to others", path.display());
        }
    }
    for pid in server.processes() {
        let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        assert!(!line.to_lowercase().contains("secret"), "a secret on a command line: {line}");
    }
}

#[tokio::test]
async fn the_log_keeps_passwords_and_tokens_to_itself() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.get("/api/auth/me").await.ok();
    let login = server.login("alice").await.ok();
    let refresh = login.text("tokens/refreshToken");
    server.stranger().post("/api/auth/refresh").json(json!({"refresh_token": refresh})).await.ok();
    let log = server.log();
    for secret in [bedrud_tests::PASSWORD, &alice.token(), &refresh, &login.text("tokens/accessToken")] {
        assert!(!log.contains(secret), "a secret in the log");
    }
    assert!(
        !log.contains("/setup#") && log.contains("bedrudctl setup"),
        "the set-up link is for a terminal:\n{log}"
    );
    let mut lines = log.lines();
    assert!(lines.all(|line| serde_json::from_str::<Value>(line).is_ok()), "every line is JSON:\n{log}");
}
