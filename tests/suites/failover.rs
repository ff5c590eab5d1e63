//! The database server goes away and comes back: restarted, cut off in the middle, replaced by its copy. What was acknowledged is
//! there once, and nobody waits long after it is back.
use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bedrud_tests::{
    Below, Client, Server, json,
    postgres::{Cluster, Database, USER},
    until, until_within,
};
use futures_util::future::join_all;

/// How long people may wait after it is back.
const BACK: Duration = Duration::from_secs(5);
/// How long so many writes may take that something is done only then.
const LIMIT: Duration = Duration::from_secs(120);
const WRITERS: usize = 16;
/// Rounds, and acknowledged writes between two of them, unless the environment wants more.
const ROUNDS: usize = 3;
const WRITES: usize = 200;

async fn server_on(url: &str) -> Server {
    let config = json!({"database": {"url": url}, "server": {"maxRoomsPerUser": 1_000_000}});
    Server::builder().config(config).start().await
}

async fn problem(server: &Server) -> Option<String> {
    let health = server.stranger().get("/api/health").await.ok().json();
    health["problem"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_server_that_was_away_is_used_again_within_seconds_and_health_says_so() {
    let cluster = Cluster::new(&[]);
    cluster.start();
    cluster.sql("postgres", "CREATE DATABASE meet");
    let server = server_on(&cluster.url("meet")).await;
    let alice = server.user("alice").await;
    alice.room("before").await;
    cluster.kill();
    let told = alice.post("/api/room/create").json(json!({"name": "during"})).await;
    let told = told.refused(503, "database_away");
    assert!(told.sentence().contains("Try again"), "{told}");
    assert_eq!(problem(&server).await.as_deref(), Some("database_away"));
    server.stranger().get("/api/ready").await.refused(503, "database_away");
    cluster.start();
    until_within(BACK, "the database to be used again", async || {
        let answer = alice.post("/api/room/create").json(json!({"name": "after"})).await;
        (answer.status != 503).then(|| answer.ok())
    })
    .await;
    until("health", async || problem(&server).await.is_none().then_some(())).await;
    // a restart between two requests is nobody's affair
    alice.get("/api/room/list").await.ok();
    cluster.stop();
    cluster.start();
    alice.get("/api/room/list").await.ok();
    alice.room("afterwards").await;
}

#[tokio::test]
async fn a_connection_cut_in_a_transaction_costs_nothing_and_does_nothing_twice() {
    let database = Database::new();
    let server = server_on(&database.url()).await;
    let alice = server.user("alice").await;
    let held = Below::server(&database.url());
    held.run("BEGIN");
    held.run("LOCK TABLE rooms IN EXCLUSIVE MODE");
    let create = tokio::spawn({
        let alice = alice.clone();
        async move { alice.post("/api/room/create").json(json!({"name": "once"})).await }
    });
    let waits =
        "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    let pid = until("the request to wait", async || {
        let pid = database.sql(waits);
        (!pid.is_empty()).then_some(pid)
    })
    .await;
    database.sql(&format!("SELECT pg_terminate_backend({pid})"));
    held.run("COMMIT");
    create.await.expect("a task").ok();
    assert_eq!(database.sql("SELECT count(*) FROM rooms WHERE name = 'once'"), "1");
    assert_eq!(database.sql("SELECT count(*) FROM audit WHERE verb = 'room.create'"), "1");
}

/// What the writers have been told.
#[derive(Default)]
struct Told {
    acknowledged: Mutex<BTreeSet<String>>,
    count: AtomicUsize,
    is_over: AtomicBool,
}

impl Told {
    /// Makes one room after the other; a name is tried until somebody says that it is there.
    async fn write(&self, writer: usize, person: Client) {
        for number in 0.. {
            if self.is_over.load(Ordering::Relaxed) {
                return;
            }
            let name = format!("writer-{writer}-{number}");
            loop {
                let answer = person.post("/api/room/create").json(json!({"name": name})).await;
                match answer.status {
                    200 | 201 => break,
                    // made by a try that nobody answered
                    409 => break,
                    503 => tokio::time::sleep(Duration::from_millis(20)).await,
                    _ => drop(answer.ok()),
                }
            }
            self.acknowledged.lock().expect("nobody panicked").insert(name);
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until so many more are written.
    async fn more(&self, writes: usize, limit: Duration) {
        let wanted = self.count.load(Ordering::Relaxed) + writes;
        until_within(limit, "more writes", async || {
            (self.count.load(Ordering::Relaxed) >= wanted).then_some(())
        })
        .await;
    }
}

/// The one that writes, and its copy that gets every write before it is acknowledged.
struct Pair(Cluster, Cluster);

impl Pair {
    fn new() -> Self {
        let pair = Self(Cluster::new(&["max_connections=50"]), Cluster::empty(&["max_connections=50"]));
        pair.0.start();
        pair.0.sql("postgres", "CREATE DATABASE meet");
        pair.follow();
        pair
    }

    fn follow(&self) {
        self.1.follow(&self.0);
        self.0.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
        self.0.sql("postgres", "SELECT pg_reload_conf()");
        let follows = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        while self.0.sql("postgres", follows) != "1" {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn fail_over(&mut self) {
        self.0.kill();
        self.1.sql("postgres", "SELECT pg_promote(true, 60)");
        std::mem::swap(&mut self.0, &mut self.1);
        // the copy took this over with everything else, and has nobody who follows
        self.0.sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
        self.0.sql("postgres", "SELECT pg_reload_conf()");
        self.follow();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_once_however_often_the_server_ends() {
    let given = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<usize>().ok());
    let rounds = given("BEDRUD_TEST_FAILOVERS");
    let writes = if rounds.is_some() { 700 } else { WRITES };
    let mut pair = Pair::new();
    let url = format!(
        "postgres://{USER}@{}:{},{}:{}/meet?connect_timeout=2",
        pair.0.place(),
        pair.0.port(),
        pair.1.place(),
        pair.1.port()
    );
    let config = json!({
        "database": {"url": url, "maxOpenConns": WRITERS}, "server": {"maxRoomsPerUser": 1_000_000},
        "log": {"level": "warn"},
    });
    let server = Server::builder().config(config).start().await;
    server.admin().await;
    // each their own: the rooms of one owner are counted before the next
    let people = join_all((0..WRITERS).map(async |n| server.user(&format!("writer{n}")).await)).await;
    let told = Told::default();
    let writers = join_all(people.into_iter().enumerate().map(|(n, person)| told.write(n, person)));
    let ends = async {
        let mut longest = Duration::ZERO;
        for round in 0..rounds.unwrap_or(ROUNDS) {
            told.more(writes, LIMIT).await;
            pair = tokio::task::spawn_blocking(move || {
                match round % 3 {
                    0 => {
                        pair.0.kill();
                        pair.0.start();
                    }
                    1 => pair.fail_over(),
                    _ => {
                        pair.0.stop();
                        pair.0.start();
                    }
                }
                pair
            })
            .await
            .expect("a round");
            let began = Instant::now();
            told.more(1, BACK).await;
            longest = longest.max(began.elapsed());
        }
        told.more(writes, LIMIT).await;
        told.is_over.store(true, Ordering::Relaxed);
        (pair, longest)
    };
    let (_, (pair, longest)) = tokio::join!(writers, ends);
    let there = pair.0.sql("meet", "SELECT name FROM rooms ORDER BY name");
    let there: Vec<&str> = there.lines().collect();
    let acknowledged = told.acknowledged.lock().expect("nobody panicked");
    let found: BTreeSet<String> = there.iter().map(|&name| name.to_owned()).collect();
    let lost: Vec<_> = acknowledged.difference(&found).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    assert_eq!(there.len(), found.len(), "twice");
    let twice = "SELECT count(*) - count(DISTINCT room_id) FROM audit WHERE verb = 'room.create'";
    assert_eq!(pair.0.sql("meet", twice), "0", "done twice");
    println!(
        "{} acknowledged writes, {} rounds, the first write at most {longest:?} after it was back",
        acknowledged.len(),
        rounds.unwrap_or(ROUNDS)
    );
}
