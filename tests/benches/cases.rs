//! The requests that are measured, their bars, and the people and rooms behind them.
use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use bedrud_tests::{Builder, Client, PASSWORD, Server, json, repository};

use crate::{figure::Bar, load::CONNECTIONS};

/// One kind of request.
pub struct Case {
    /// What the table calls it.
    pub name: String,
    /// What each connection sends.
    pub requests: Vec<Vec<u8>>,
    /// How many make about two seconds of CPU.
    pub count: usize,
    /// A modest rate, a second.
    pub pace: f64,
    /// Requests per CPU-second.
    pub bar: Option<Bar>,
    /// The same, of the older server.
    pub older: Option<f64>,
}

/// A server as an operator runs it: its usual log level, no limit on tries or rooms.
pub fn usual() -> Builder {
    let config = json!({
        "log": {"level": "info"},
        "server": {"maxRoomsPerUser": 1_000_000, "maxParticipantsLimit": 1000},
    });
    Server::builder().config(config)
}

/// `count` users with ten rooms each.
pub async fn people(server: &Server, count: usize) -> Vec<Client> {
    let mut people = Vec::new();
    for number in 0..count {
        let person = server.user(&format!("person{number}")).await;
        for room in 0..10 {
            person.room(&format!("room-{number}-{room}")).await;
        }
        people.push(person);
    }
    people
}

/// `GET /api/health`
pub fn health() -> Case {
    case("health", vec![get("/api/health", None, "")], 100_000, 500.0)
}

/// The largest file of the page, as a browser asks for it.
pub fn largest_file() -> Result<Case> {
    let page = repository().join("frontend/build");
    let (path, bytes) =
        largest(&page).with_context(|| format!("no page in {}: make frontend", page.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let path = format!("/{}", path.strip_prefix(&page)?.display());
    let request = get(&path, None, "accept-encoding: br\r\n");
    Ok(case(&format!("largest file ({name}, {} kB)", bytes / 1000), vec![request], 10_000, 200.0))
}

/// Own account.
pub fn me(people: &[Client]) -> Case {
    let requests = people.iter().map(|person| get("/api/auth/me", Some(person), "")).collect();
    Case { bar: Some(Bar::AtLeast(26_200.0)), older: Some(13_100.0), ..case("me", requests, 60_000, 500.0) }
}

/// Own ten rooms.
pub fn list(people: &[Client]) -> Case {
    let requests = people.iter().map(|person| get("/api/room/list", Some(person), "")).collect();
    let of = case("list of 10 rooms", requests, 50_000, 500.0);
    Case { bar: Some(Bar::AtLeast(23_500.0)), older: Some(4_700.0), ..of }
}

/// A join token for one of one's own rooms.
pub fn join(people: &[Client]) -> Case {
    let own = people.iter().enumerate().map(|(number, person)| {
        post("/api/room/join", Some(person), &json!({"roomName": format!("room-{number}-0")}).to_string())
    });
    let of = case("join", own.collect(), 30_000, 200.0);
    Case { bar: Some(Bar::AtLeast(13_000.0)), older: Some(2_600.0), ..of }
}

/// A new room with a name of the server's choice.
pub fn create(people: &[Client]) -> Case {
    let requests = people.iter().map(|person| post("/api/room/create", Some(person), "{}")).collect();
    let of = case("create", requests, 3_000, 50.0);
    Case { bar: Some(Bar::AtLeast(400.0)), older: Some(400.0), ..of }
}

/// Signing in by password, each connection another user.
pub fn login() -> Case {
    let requests = (0..CONNECTIONS).map(|number| {
        let body = json!({"email": format!("person{number}@example.org"), "password": PASSWORD});
        post("/api/auth/login", None, &body.to_string())
    });
    let of = case("login", requests.collect(), 128, 10.0);
    Case { bar: Some(Bar::AtLeast(47.0)), older: Some(9.5), ..of }
}

fn case(name: &str, requests: Vec<Vec<u8>>, count: usize, pace: f64) -> Case {
    Case { name: name.to_owned(), requests, count, pace, bar: None, older: None }
}

/// A `GET` as bytes; `more` are further header lines.
pub fn get(path: &str, person: Option<&Client>, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\naccept: */*\r\n{}{more}\r\n", bearer(person)).into_bytes()
}

fn post(path: &str, person: Option<&Client>, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{}\r\n{body}",
        bearer(person)
    )
    .into_bytes()
}

fn bearer(person: Option<&Client>) -> String {
    person.map(|person| format!("authorization: Bearer {}\r\n", person.token())).unwrap_or_default()
}

fn largest(folder: &Path) -> Option<(PathBuf, u64)> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let files = entries.filter_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return largest(&path);
        }
        let packed = path.extension().is_some_and(|end| end == "br" || end == "gz");
        let bytes = entry.metadata().ok()?.len();
        (!packed).then_some((path, bytes))
    });
    files.max_by_key(|(_, bytes)| *bytes)
}
