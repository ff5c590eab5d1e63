//! `bedrudctl database move`: everything goes into another database while people go on working, and back; broken off at any
//! moment, nothing is lost and only one of the two serves.
use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bedrud_tests::{Client, Server, Told, Value, json, postgres::Database, until, until_within};
use futures_util::future::join_all;
use http::Method;

use crate::start::{refuses, run};

const LIMIT: Duration = Duration::from_secs(90);
/// The most that a move may take of time and memory, however much there is to move.
const LONGEST: Duration = Duration::from_secs(60);
const MOST_MEMORY_KB: u64 = 100 * 1024;

/// People, rooms and lines of the audit log; `BEDRUD_TEST_MOVE=large` wants many.
fn sizes(usual: [u32; 3]) -> [u32; 3] {
    let is_large = std::env::var("BEDRUD_TEST_MOVE").is_ok_and(|size| size == "large");
    if is_large { [100_000, 10_000, 1_000_000] } else { usual }
}

/// The most memory that the daemon has had since its start (proc_pid_status(5), `VmHWM`).
fn peak_kb(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// What a move came to, printed, and held against what it may.
fn within_bounds(server: &Server, told: &Value) {
    let took = Duration::from_millis(told["milliseconds"].as_u64().expect("a number"));
    let peak = peak_kb(server);
    println!("{told}, at most {} MB of memory", peak / 1024);
    assert!(took <= LONGEST, "{told}");
    assert!(peak <= MOST_MEMORY_KB, "{peak} kB");
}

/// Serves from another database now.
async fn serve_from(server: &mut Server, to: &str) {
    let is_server = to.starts_with("postgres");
    let (url, path) = if is_server { (Some(to), None) } else { (None, Some(to)) };
    server.reconfigure(json!({"database": {"url": url, "path": path}}));
    server.spawn();
    server.ready().await;
}

/// Fills the audit log, the largest of tables, and adds people and rooms; the same words for both databases.
fn fill(server: &Server, [users, rooms, lines]: [u32; 3]) {
    let database = server.database();
    let upto = |most: u32| {
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})")
    };
    database.run(&format!(
        "{} INSERT INTO users (id, email, name, provider, role, created_at, updated_at, name_folded)
            SELECT 'filler-' || i, 'filler' || i || '@example.org', 'Füller\t\\' || i, 'local', 'user', i, i, 'x' FROM n",
        upto(users)
    ));
    database.run(&format!(
        "{} INSERT INTO rooms (id, name, created_by, admin_id, max_participants, created_at, updated_at, last_activity_at)
            SELECT 'room-' || i, 'filler-' || i, 'filler-1', 'filler-1', 20, i, i, i FROM n",
        upto(rooms)
    ));
    database.run(&format!(
        "{} INSERT INTO audit (id, at, actor, verb, detail)
            SELECT 'line-' || i, 4000000000000 + i, 'user:filler-1', 'old', 'a\nb\\N' FROM n",
        upto(lines)
    ));
}

/// A number for each table, and some rows in an order of ours.
fn summary(server: &Server) -> Vec<String> {
    let database = server.database();
    ["users", "sessions", "credentials", "rooms", "audit", "settings", "moderators", "bans"]
        .into_iter()
        .map(|table| format!("{table}: {}", database.number(&format!("SELECT count(*) FROM {table}"))))
        .chain(
            ["SELECT min(name) || max(name) FROM users", "SELECT detail FROM audit WHERE id = 'line-7'"]
                .map(|sql| database.text(sql)),
        )
        .collect()
}

async fn moved(server: &Server, to: &str) -> Told {
    server.ctl(["database", "move", "--to", to, "--yes", "--json"]).await
}

/// Makes rooms until it is told to end; every one that is acknowledged is remembered.
async fn write(
    person: &Client,
    writer: usize,
    is_over: &AtomicBool,
    made: &Mutex<BTreeSet<String>>,
) -> Duration {
    let mut longest = Duration::ZERO;
    for number in 0.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("during-{writer}-{number}");
        let began = Instant::now();
        person.post("/api/room/create").json(json!({"name": name})).await.ok();
        longest = longest.max(began.elapsed());
        if number % 3 == 0 {
            let id = person.get("/api/room/list").await.ok().json();
            let rooms = id.as_array().or(id["rooms"].as_array()).cloned().unwrap_or_default();
            if let Some(old) =
                rooms.iter().find(|room| room["name"] == format!("during-{writer}-{}", number - 1))
            {
                let id = old["id"].as_str().unwrap_or_default().to_owned();
                person
                    .put(format!("/api/room/{id}/settings"))
                    .json(json!({"settings": {"allowChat": false}}))
                    .await;
            }
        }
        made.lock().expect("nobody panicked").insert(name);
    }
    longest
}

/// The name of the room that is there for each acknowledged one.
fn missing(server: &Server, made: &BTreeSet<String>) -> Vec<String> {
    let rows = server.database().rows("SELECT name FROM rooms WHERE name LIKE 'during-%'");
    let there: BTreeSet<String> = rows.into_iter().flatten().flatten().collect();
    made.difference(&there).cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_moves_while_people_go_on_and_moves_back() {
    let (database, place) = (Database::new(), bedrud_tests::TempDir::new().expect("a directory"));
    let server = Server::builder()
        .on_file("moved out of a file")
        .config(json!({"server": {"maxRoomsPerUser": 100_000}}));
    let mut server = server.start().await;
    let many = sizes([2_000, 500, 20_000]);
    fill(&server, many);
    let back = place.path().join("back.db").display().to_string();
    for to in [database.url(), back] {
        let key = server.database_key();
        let alice = if server.database_key() == "database.path" {
            server.user("alice").await
        } else {
            server.stranger().bearer(server.login("alice").await.ok().text("tokens/accessToken"))
        };
        let (is_over, made) = (AtomicBool::new(false), Mutex::new(BTreeSet::new()));
        let prefix = if key == "database.path" { 0 } else { 100 };
        let writing = join_all((0..4).map(|writer| write(&alice, prefix + writer, &is_over, &made)));
        let moving = async {
            let enough = || made.lock().expect("nobody panicked").len() >= 20;
            until("writers at work", async || enough().then_some(())).await;
            let told = moved(&server, &to).await.ok().json();
            let before = made.lock().expect("nobody panicked").len();
            until("writers at work in the new one", async || {
                (made.lock().expect("nobody panicked").len() > before + 20).then_some(())
            })
            .await;
            is_over.store(true, Ordering::Relaxed);
            told
        };
        let (longest, told) = tokio::join!(writing, moving);
        assert_eq!(told["stage"], "done");
        assert!(told["rows"].as_u64().expect("a number") > u64::from(many[2]));
        within_bounds(&server, &told);
        let longest = longest.into_iter().max().unwrap_or_default();
        assert!(longest < Duration::from_secs(5), "somebody waited {longest:?}");
        let old = summary(&server);
        // the old one is left as it was, and never serves again
        let status = server.ctl(["database", "status", "--json"]).await.ok().json();
        assert_ne!(status["kind"] == "sqlite", key == "database.path", "{status}");
        server.stop().await;
        for verb in ["check-config", "run"] {
            refuses(&run(&server, verb).await, &[(key, "database_moved")]);
        }
        serve_from(&mut server, &to).await;
        server.login("alice").await.ok();
        let made = made.into_inner().expect("nobody panicked");
        assert_eq!(missing(&server, &made), Vec::<String>::new(), "lost");
        let new = summary(&server);
        assert_eq!((&new[0], &new[8], &new[9]), (&old[0], &old[8], &old[9]));
        assert!(server.ctl(["database", "check"]).await.ok().stdout.contains("whole"));
    }
}

#[tokio::test]
async fn broken_off_at_any_moment_the_old_one_serves() {
    let (database, place) = (Database::new(), bedrud_tests::TempDir::new().expect("a directory"));
    let mut server = Server::builder().on_file("moved out of a file").start().await;
    server.user("alice").await;
    let many = sizes([1000, 100, 60_000]);
    fill(&server, many);
    let before = summary(&server);
    let back = place.path().join("back.db").display().to_string();
    for (to, kind) in [(database.url(), "sqlite"), (back, "postgres")] {
        for round in 0..5 {
            // from the first rows to the last ones
            kill_in_the_middle(&mut server, &to, 1 + round * u64::from(many[2] / 5)).await;
            let status = server.ctl(["database", "status", "--json"]).await.ok().json();
            assert_eq!(status["kind"], kind, "round {round}");
            server.login("alice").await.ok();
            let now = summary(&server);
            assert_eq!((&now[0], &now[3], &now[9]), (&before[0], &before[3], &before[9]));
        }
        // what was broken off is no database to serve from, and may be written over
        let half = Server::builder();
        let (half, key) = if kind == "sqlite" {
            (half.config(json!({"database": {"url": to}})).prepare(), "database.url")
        } else {
            let half = half.on_file("a copy in a file").config(json!({"database": {"path": to}}));
            (half.prepare(), "database.path")
        };
        refuses(&run(&half, "run").await, &[(key, "database_incomplete")]);
        let told = moved(&server, &to).await.ok().json();
        within_bounds(&server, &told);
        server.stop().await;
        serve_from(&mut server, &to).await;
        let now = summary(&server);
        assert_eq!((&now[0], &now[3], &now[9]), (&before[0], &before[3], &before[9]));
    }
    assert_eq!(database.sql("SELECT count(*) FROM pg_trigger WHERE tgname = 'moving'"), "0");
}

/// Begins a move, kills the daemon as soon as so many rows are copied, and starts it again.
async fn kill_in_the_middle(server: &mut Server, to: &str, rows: u64) {
    server.control(Method::POST, "/v1/database/move", Some(json!({"to": to}))).await.ok();
    let told = until_within(LIMIT, "it to be in the middle", async || {
        let told = server.control(Method::GET, "/v1/database", None).await.ok().json()["moving"].clone();
        (told["rows"].as_u64() >= Some(rows) || told["stage"] != "copying").then_some(told)
    })
    .await;
    server.kill();
    assert_eq!(told["stage"], "copying", "too fast for this test: {told}");
    server.spawn();
    server.ready().await;
}

#[tokio::test]
async fn what_cannot_be_moved_to_is_refused_and_a_move_may_be_given_up() {
    let server = Server::builder().on_file("moved out of a file").start().await;
    server.user("alice").await;
    let other = Database::new();
    let theirs = Server::builder().config(json!({"database": {"url": other.url()}})).start().await;
    theirs.user("bob").await;
    let own = server.path("state/bedrud.db").display().to_string();
    for (to, word) in [
        (other.url(), "already"),
        (own, "already"),
        ("bedrud.db".to_owned(), "absolute"),
        ("postgres://nobody".to_owned(), "names no database"),
        ("/nowhere/at/all.db".to_owned(), "cannot be opened"),
    ] {
        let told = moved(&server, &to).await;
        assert!(told.code != 0 && told.stderr.contains(word), "{to}: {told:?}");
    }
    theirs.login("bob").await.ok();
    server.ctl(["database", "give-up"]).await.failed(4);
    server.ctl(["database", "move", "--to", &other.url(), "--dry-run"]).await.exited(7);
    fill(&server, [10, 10, 100_000]);
    let free = Database::new();
    server.control(Method::POST, "/v1/database/move", Some(json!({"to": free.url()}))).await.ok();
    server
        .control(Method::POST, "/v1/database/move", Some(json!({"to": free.url()})))
        .await
        .refused(409, "move_running");
    server.ctl(["database", "give-up"]).await.ok();
    let told = until_within(LIMIT, "the end", async || {
        let told = server.control(Method::GET, "/v1/database", None).await.ok().json()["moving"].clone();
        (told["stage"] == "failed").then_some(told)
    })
    .await;
    assert!(told["failure"].as_str().is_some_and(|told| told.contains("given up")), "{told}");
    server.login("alice").await.ok();
    assert!(!server.log().contains("moving_changes"), "nothing is left that somebody stumbles over");
}
