//! What the public door says to nonsense: always a sentence and a stable code in JSON, never a panic, nothing lost.
use std::fs;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bedrud_tests::{Answer, Client, PASSWORD, Server, Value, access_token, json, jwt, now_seconds};

/// Routes that take a body, with a member of the wrong type.
const WRONG_TYPES: &[(&str, &str)] = &[
    ("/api/auth/register", r#"{"email": 7, "password": "correct horse battery", "name": "x"}"#),
    ("/api/auth/login", r#"{"email": [], "password": "correct horse battery"}"#),
    ("/api/auth/guest-login", r#"{"name": {}}"#),
    ("/api/auth/refresh", r#"{"refresh_token": 1}"#),
    ("/api/auth/setup", r#"{"token": 1, "email": "a@example.org", "password": "x", "name": "x"}"#),
    ("/api/room/create", r#"{"name": 5}"#),
    ("/api/room/create", r#"{"maxParticipants": "many"}"#),
    ("/api/room/create", r#"{"maxParticipants": -1}"#),
    ("/api/room/create", r#"{"settings": {"allowChat": "yes"}}"#),
    ("/api/room/join", r#"{"roomName": null}"#),
    ("/api/room/guest-join", r#"{"roomName": "standup", "guestName": 1}"#),
];

#[track_caller]
fn clear(answer: Answer, status: u16) {
    let answer = answer.is(status);
    assert_eq!(answer.header("content-type"), "application/json", "{answer}");
    answer.sentence();
    let code = answer.code();
    assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
}

#[tokio::test]
async fn bodies_that_do_not_fit_are_400_with_a_sentence() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for (path, body) in WRONG_TYPES {
        clear(alice.post(*path).raw("application/json", *body).await, 400);
        for malformed in ["{", "\"", "[1,", "{\"a\":1}}", "nul", "\u{0}", "\u{feff}{}"] {
            clear(alice.post(*path).raw("application/json", malformed).await, 400);
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        clear(alice.post(*path).raw("application/json", deep).await, 400);
    }
    alice.get("/api/auth/me").await.ok();
}

#[tokio::test]
async fn oversized_bodies_are_413_and_the_connection_lives() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let huge = format!(r#"{{"name": "{}"}}"#, "x".repeat(1 << 20));
    for path in ["/api/room/create", "/api/auth/guest-login"] {
        clear(alice.post(path).raw("application/json", huge.clone()).await, 413);
    }
    let much = json!({"preferencesJson": json!({"x": "y".repeat(5000)}).to_string()});
    clear(alice.put("/api/auth/preferences").json(much).await, 413);
    alice.get("/api/auth/me").await.ok();
}

#[tokio::test]
async fn slugs_and_names_are_checked() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let long = "x".repeat(64);
    for slug in ["ab", "stand up", "-standup", "standup-", "stand--up", "stand_up", "ständup", "../x", &long]
    {
        clear(alice.post("/api/room/create").json(json!({"name": slug})).await, 400);
    }
    alice.room("abc").await;
    alice.room(&"x".repeat(63)).await;
    let made = alice.room("").await["name"].as_str().expect("a name").to_owned();
    let parts: Vec<usize> = made.split('-').map(str::len).collect();
    assert_eq!(parts, [3, 4, 3], "{made}");
    let long = "n".repeat(51);
    for name in ["", "x", "   ", "a\u{7}b", "\u{3164}\u{3164}", "a\u{202e}b", "\"", &long] {
        clear(server.stranger().post("/api/auth/guest-login").json(json!({"name": name})).await, 400);
    }
    for name in ["Zoë", "李 雷", "<b>", "Tom & Anna", "O'Neil", &"ü".repeat(50)] {
        server.stranger().post("/api/auth/guest-login").json(json!({"name": name})).await.ok();
    }
}

#[tokio::test]
async fn accounts_are_checked() {
    let server = Server::start().await;
    server.admin().await;
    let register = async |email: &str, password: &str, name: &str| {
        let body = json!({"email": email, "password": password, "name": name});
        server.stranger().post("/api/auth/register").json(body).await
    };
    for email in ["", "x", "@example.org", "a@", "a b@example.org", "a@@example.org", "a@example.org\n"] {
        let answer = register(email, PASSWORD, "Alice").await;
        if email.ends_with('\n') {
            answer.ok()
        } else {
            answer.is(400)
        };
    }
    clear(register("b@example.org", "eleven char", "Bob").await, 400);
    clear(register("b@example.org", &"x".repeat(129), "Bob").await, 400);
    clear(register("b@example.org", PASSWORD, "B").await, 400);
    register("b@example.org", &"x".repeat(128), "Bob").await.ok();
    // known and new addresses answer alike, however they are written
    clear(register(" B@EXAMPLE.ORG ", PASSWORD, "Bob").await, 400);
}

#[tokio::test]
async fn only_an_access_token_of_ours_opens_the_api() {
    let server = Server::start().await;
    server.admin().await;
    let body = json!({"email": "alice@example.org", "password": PASSWORD, "name": "Alice"});
    let login = server.stranger().post("/api/auth/register").json(body).await.ok();
    let (access, refresh) = (login.text("tokens/accessToken"), login.text("tokens/refreshToken"));
    let alice = server.stranger().bearer(&access);
    alice.get("/api/auth/me").await.ok();
    let claims = json!({
        "sub": login.text("user/id"), "sid": "0", "typ": "access", "iat": now_seconds(), "exp": now_seconds() + 900,
    });
    let foreign = jwt("somebody else's secret, long enough for HS256", &claims);
    let unsigned =
        format!("{}.{}.", "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", access.split('.').nth(1).expect("claims"));
    let mut flipped = access.clone();
    let last = if flipped.ends_with('A') { 'B' } else { 'A' };
    flipped.replace_range(flipped.len() - 2..flipped.len() - 1, &last.to_string());
    alice.room("standup").await;
    for token in [refresh.as_str(), &foreign, &unsigned, &flipped, "", "x", "a.b.c"] {
        let stranger = server.stranger().bearer(token);
        clear(stranger.get("/api/auth/me").await, 401);
        clear(stranger.post("/api/room/create").json(json!({})).await, 401);
    }
    // the other way round: an access token refreshes nothing
    clear(refresh_with(&alice, &access).await, 401);
    alice.get("/api/auth/me").await.ok();
}

#[tokio::test]
async fn an_expired_access_token_says_that_it_has_expired() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let claims = alice.token().split('.').nth(1).map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url"));
    let mut claims: Value = serde_json::from_slice(&claims.expect("claims")).expect("JSON");
    let secret = fs::read_to_string(server.path("state/secrets")).expect("the secret");
    let me = async |claims: &Value| {
        server.stranger().bearer(access_token(&secret, claims)).get("/api/auth/me").await
    };
    me(&claims).await.ok(); // so it is the time alone that is refused below
    claims["iat"] = json!(now_seconds() - 901);
    claims["exp"] = json!(now_seconds() - 1);
    me(&claims).await.refused(401, "token_expired");
}

#[tokio::test]
async fn unknown_paths_are_json_below_api_and_files_elsewhere() {
    let server = Server::start().await;
    let stranger = server.stranger();
    for path in ["/api/nope", "/api/", "/api/room", "/api/admin/nope", "/api/../api/nope"] {
        clear(stranger.get(path).await, 404);
    }
    clear(stranger.post("/no/such/page").await, 405);
    clear(stranger.get("/missing.js").await, 404);
    let page = stranger.get("/m/standup").await.is(200);
    assert!(page.header("content-type").starts_with("text/html"), "{page}");
    clear(stranger.delete("/api/health").await, 405);
}

async fn refresh_with(client: &Client, token: &str) -> Answer {
    client.post("/api/auth/refresh").json(json!({"refresh_token": token})).await
}
