//! Ten thousand requests nobody sane would send, to every route of every door, by everybody: each gets an answer of the
//! contract, nothing breaks, nothing grows, and the next sane person is served.
use std::{env, fs, time::Instant};

use bedrud_tests::{Client, Server, Value, json};
use futures_util::{StreamExt, stream};
use http::Method;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use crate::rooms::{enter, text};

const REQUESTS: u64 = 10_000;
/// Of them at the operator's door.
const AT_THE_SOCKET: u64 = 1_500;
const AT_ONCE: usize = 16;
/// After the first tenth, which fills pools and caches.
const GROWTH_KB: u64 = 24 * 1024;

/// Routes of no document, and of the SFU behind us.
const OTHERS: [&str; 8] = [
    "/rtc",
    "/rtc/v1",
    "/rtc/validate",
    "/twirp/livekit.RoomService/ListRooms",
    "/m/{x}",
    "/c/{x}",
    "/{x}",
    "/api/{x}",
];
const SOCKET: [&str; 9] = [
    "/v1/status",
    "/v1/logs",
    "/v1/settings/{x}",
    "/v1/users",
    "/v1/users/{x}",
    "/v1/users/{x}/role",
    "/v1/rooms",
    "/v1/rooms/{x}/{x}/{x}",
    "/v1/{x}",
];
const WORDS: [&str; 22] = [
    "",
    " ",
    "standup",
    "STAND-UP",
    "alice@example.org",
    "admin",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "'; DROP TABLE users; --",
    "\u{0}",
    "\u{feff}",
    "\u{202e}abc",
    "\u{3164}",
    "İstanbul",
    "جلسه",
    "周会",
    "%00%ff%2f..",
    "00000000-0000-0000-0000-000000000000",
    "{}",
    "\r\nSet-Cookie: a=b",
    "null",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
];

/// One route of the API document, with the names of members that its body knows.
#[derive(Clone)]
struct Route {
    method: Method,
    path: String,
    members: Vec<String>,
}

fn routes(document: &Value) -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        // whoever signs out is nobody afterwards, and that was tried
        if path.ends_with("/logout") {
            continue;
        }
        for (method, operation) in methods.as_object().expect("methods") {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let mut members = Vec::new();
            gather(document, &operation["requestBody"], &mut members, 0);
            routes.push(Route { method, path: path.clone(), members });
        }
    }
    assert!(routes.len() > 40, "the document names only {}", routes.len());
    for path in OTHERS {
        for method in [Method::GET, Method::POST, Method::PATCH] {
            routes.push(Route { method, path: path.to_owned(), members: Vec::new() });
        }
    }
    routes
}

/// The names of all properties below a schema.
fn gather(document: &Value, schema: &Value, members: &mut Vec<String>, depth: u32) {
    if depth > 12 {
        return;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.trim_start_matches('#')).unwrap_or(&Value::Null);
        return gather(document, target, members, depth + 1);
    }
    if let Some(properties) = schema["properties"].as_object() {
        members.extend(properties.keys().cloned());
    }
    let below: Vec<&Value> = match schema {
        Value::Object(map) => map.values().collect(),
        Value::Array(all) => all.iter().collect(),
        _ => return,
    };
    for one in below {
        gather(document, one, members, depth + 1);
    }
}

fn word(rng: &mut StdRng) -> String {
    match rng.random_range(0..10) {
        0 => "\u{1f600}".repeat(65),
        1 => "x".repeat(rng.random_range(1..6000)),
        2 => (0..rng.random_range(0..40)).map(|_| rng.random::<char>()).collect(),
        _ => (*WORDS.choose(rng).expect("a word")).to_owned(),
    }
}

fn anything(rng: &mut StdRng, members: &[String], depth: u32) -> Value {
    match rng.random_range(0..if depth > 3 { 7 } else { 10 }) {
        0 => Value::Null,
        1 => json!(rng.random::<bool>()),
        2 => json!([i64::MIN, -1, 0, 1, 65_536, i64::MAX].choose(rng)),
        3 => json!([f64::MAX, 8.7e15, -0.0, 1e-300, 0.5].choose(rng)),
        4..=6 => json!(word(rng)),
        7 => (0..rng.random_range(0..4)).map(|_| anything(rng, members, depth + 1)).collect(),
        _ => object(rng, members, depth),
    }
}

fn object(rng: &mut StdRng, members: &[String], depth: u32) -> Value {
    let mut map = serde_json::Map::new();
    for _ in 0..rng.random_range(0..6) {
        let name = members.choose(rng).cloned().unwrap_or_else(|| word(rng));
        map.insert(name, anything(rng, members, depth + 1));
    }
    Value::Object(map)
}

fn body(rng: &mut StdRng, members: &[String]) -> Vec<u8> {
    match rng.random_range(0..12) {
        0 => Vec::new(),
        1 => (0..rng.random_range(1..300)).map(|_| rng.random()).collect(),
        2 => ["[".repeat(500), "]".repeat(500)].concat().into_bytes(),
        3 => {
            let whole = object(rng, members, 0).to_string();
            whole.as_bytes()[..rng.random_range(0..whole.len())].to_vec()
        }
        4 => anything(rng, members, 0).to_string().into_bytes(),
        _ => object(rng, members, 0).to_string().into_bytes(),
    }
}

/// Every parameter of a path becomes something: often what is there, else a word.
fn path(rng: &mut StdRng, path: &str, known: &[String]) -> String {
    let mut written = String::new();
    for part in path.split('/').skip(1) {
        let part = if part.starts_with('{') {
            let word = if rng.random_bool(0.4) { known.choose(rng).cloned() } else { None };
            word.unwrap_or_else(|| word_for_path(rng))
        } else {
            part.to_owned()
        };
        written.push('/');
        written.push_str(&part);
    }
    if rng.random_bool(0.2) {
        written.push_str(&format!("?{}={}", word_for_path(rng), word_for_path(rng)));
    }
    written
}

fn word_for_path(rng: &mut StdRng) -> String {
    let word: String = word(rng).chars().take(400).collect();
    let word = if word.is_empty() { " " } else { &word };
    percent_encoding::utf8_percent_encode(word, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn header(rng: &mut StdRng) -> (&'static str, &'static str) {
    const HEADERS: [(&str, &str); 12] = [
        ("content-type", "text/plain"),
        ("content-type", "multipart/form-data; boundary="),
        ("accept-language", "xx;q=a,,*"),
        ("authorization", "Bearer"),
        ("authorization", "Basic YTpi"),
        ("cookie", "access_token=x; ; =; guest_key=\"1\""),
        ("x-forwarded-for", "unknown, 1.2.3.4:99, [::1"),
        ("range", "bytes=9-1,-,5-"),
        ("upgrade", "websocket"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "null"),
        ("accept", "text/html, ;q=9"),
    ];
    *HEADERS.choose(rng).expect("a header")
}

/// The resident memory of a process.
fn resident_kb(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

/// One request of the public door, and what is wrong with its answer.
async fn one(seed: u64, routes: &[Route], callers: &[Client], known: &[String]) -> Option<String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let route = routes.choose(&mut rng).expect("a route").clone();
    let caller = callers.choose(&mut rng).expect("a caller");
    let written = path(&mut rng, &route.path, known);
    let mut request = caller.request(route.method.clone(), written);
    if route.method != Method::GET {
        request = request.raw("application/json", body(&mut rng, &route.members));
    }
    if rng.random_bool(0.15) {
        let (name, text) = header(&mut rng);
        request = request.header(name, text);
    }
    let answer = request.await;
    if answer.status >= 500 {
        return Some(format!("seed {seed}: {answer}"));
    }
    let is_told = answer.status < 400 || !route.path.starts_with("/api/") || {
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        told["code"].is_string() && told["error"].is_string()
    };
    (!is_told).then(|| format!("seed {seed}: no sentence: {answer}"))
}

async fn one_of_the_socket(seed: u64, server: &Server, known: &[String]) -> Option<String> {
    let mut rng = StdRng::seed_from_u64(seed);
    let route = *SOCKET.choose(&mut rng).expect("a route");
    let method = [Method::GET, Method::POST, Method::PUT].choose(&mut rng).expect("a method").clone();
    let written = path(&mut rng, route, known);
    let members = ["name", "email", "password", "role", "value", "isActive"].map(str::to_owned);
    let body = (method != Method::GET).then(|| anything(&mut rng, &members, 0));
    let answer = server.control(method, &written, body).await;
    (answer.status >= 500).then(|| format!("seed {seed}: {answer}"))
}

#[tokio::test]
async fn ten_thousand_hostile_requests_break_nothing() {
    let rounds = env::var("BEDRUD_TEST_REQUESTS").ok().and_then(|n| n.parse().ok()).unwrap_or(REQUESTS);
    let server = Server::with_sfu().await;
    let alice = server.user("alice").await;
    let room = text(&alice.room("standup").await, "id");
    alice.room("elsewhere").await;
    let inside = enter(&alice, "elsewhere").await;
    // whom an administrator may delete by chance
    let known = vec![room.clone(), "standup".to_owned(), server.user("vera").await.id().await];
    let document = server.stranger().get("/api/swagger/openapi.json").await.ok().json();
    let routes = routes(&document);
    let callers = [
        server.stranger(),
        server.stranger().with_cookies(),
        server.guest("Gast").await,
        server.user("bob").await,
        server.admin().await,
    ];
    let began = Instant::now();
    let (mut wrong, mut after_the_first) = (Vec::new(), 0);
    for part in 0..10 {
        let seeds = part * rounds / 10..(part + 1) * rounds / 10;
        let socket = part * AT_THE_SOCKET / 10..(part + 1) * AT_THE_SOCKET / 10;
        let told = stream::iter(seeds).map(|seed| one(seed, &routes, &callers, &known));
        wrong.extend(told.buffer_unordered(AT_ONCE).filter_map(async |told| told).collect::<Vec<_>>().await);
        let told = stream::iter(socket).map(|seed| one_of_the_socket(seed, &server, &known));
        wrong.extend(told.buffer_unordered(AT_ONCE).filter_map(async |told| told).collect::<Vec<_>>().await);
        if part == 0 {
            after_the_first = resident_kb(server.pid());
        }
    }
    let grown = resident_kb(server.pid()).saturating_sub(after_the_first);
    println!(
        "{rounds} requests and {AT_THE_SOCKET} of the operator in {:?}, {grown} kB more",
        began.elapsed()
    );
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(grown < GROWTH_KB, "{grown} kB more than before");
    assert!(!server.log().contains("panicked"));
    // who is inside a room that nobody named still is, and who comes is served
    assert!(inside.seen().left.is_none());
    // settings are an administrator's too, and one of them sent nonsense that may have been valid
    for name in ["registrationEnabled", "guestLoginEnabled"] {
        server.ctl(["settings", "set", name, "true"]).await.ok();
    }
    let carol = server.user("carol").await;
    carol.room("afterwards").await;
    enter(&carol, "afterwards").await;
}
