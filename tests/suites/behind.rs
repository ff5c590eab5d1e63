//! Behind proxies and NATs: whose word about an address counts, a class behind one address, and who only guesses.
use std::time::{Duration, Instant};

use bedrud_tests::{Answer, Builder, Client, Server, json, lk::Participant, until};
use tokio::{net::TcpStream, task::JoinSet};

/// So long a stranger may be silent before the seat is taken away (10 s), less what a busy machine needs.
const SILENT: Duration = Duration::from_secs(9);

/// The defaults; the harness has switched every limit off.
fn limited(server: Builder) -> Builder {
    let window = |max: u32| json!({"max": max, "windowSeconds": 60});
    let limits = json!({"auth": window(10), "guest": window(5), "join": window(30), "api": window(30)});
    server.config(json!({"rateLimit": limits, "server": {"trustedProxies": ["127.0.0.1"]}}))
}

/// Asks to come in as a guest from behind a proxy that writes `from` into `header`.
async fn guest(client: &Client, room: &str, name: &str, (header, from): (&str, &str)) -> Answer {
    let request = client.post("/api/room/guest-join").json(json!({"roomName": room, "guestName": name}));
    if from.is_empty() { request.await } else { request.header(header, from).await }
}

#[tokio::test]
async fn a_ban_by_address_hits_one_guest_however_the_proxy_writes_addresses() {
    for (header, mallory, innocent) in [
        ("X-Forwarded-For", "203.0.113.9:4711", "203.0.113.10:4711"),
        ("X-Forwarded-For", "[2001:db8:1::1]:4711", "[2001:db8:2::1]:4711"),
        ("X-Azure-ClientIP", " 203.0.113.9 ", "203.0.113.10"),
        ("Forwarded", "for=\"203.0.113.9:4711\";proto=https", "For=203.0.113.10;by=192.0.2.1"),
        ("Forwarded", "for=\"[2001:db8:1::1]\"", "for=\"[2001:db8:2::1]:80\""),
    ] {
        let config = json!({"server": {"trustedProxies": ["127.0.0.1"], "proxyHeader": header}});
        let server = Server::builder().sfu().config(config).start().await;
        server.user("alice").await.room("standup").await;
        let stranger = || server.stranger().with_cookies();
        let joined = guest(&stranger(), "standup", "Mallory", (header, mallory)).await.ok();
        let inside =
            Participant::join(&joined.text("livekitHost"), &joined.text("token")).await.expect("a seat");
        until("the ban", async || {
            let done = server.ctl(["room", "ban", "standup", "Mallory"]).await;
            (done.code == 0).then_some(())
        })
        .await;
        inside.until("the removal", |seen| seen.left.is_some()).await;
        guest(&stranger(), "standup", "Other", (header, mallory)).await.refused(403, "banned");
        guest(&stranger(), "standup", "Innocent", (header, innocent)).await.ok();
    }
}

#[tokio::test]
async fn where_a_proxy_names_nobody_no_ban_and_no_limit_falls_on_everybody_and_the_log_says_so_once() {
    for (from, said) in [("unknown", "is no address"), ("", "without this header")] {
        let server = limited(Server::builder().sfu()).start().await;
        server.user("alice").await.room("standup").await;
        let stranger = || server.stranger().with_cookies();
        let header = ("x-forwarded-for", from);
        let joined = guest(&stranger(), "standup", "Mallory", header).await.ok();
        let inside =
            Participant::join(&joined.text("livekitHost"), &joined.text("token")).await.expect("a seat");
        until("the ban", async || {
            let done = server.ctl(["room", "ban", "standup", "Mallory"]).await;
            (done.code == 0).then_some(())
        })
        .await;
        inside.until("the removal", |seen| seen.left.is_some()).await;
        for n in 0..8 {
            guest(&stranger(), "standup", &format!("Guest {n}"), header).await.ok();
            guest(&stranger(), "nowhere", "Lost", header).await.is(404);
        }
        assert_eq!(server.log().matches(said).count(), 1, "{}", server.log());
    }
}

#[tokio::test]
async fn a_class_behind_one_address_gets_in_within_twenty_seconds() {
    let server = limited(Server::builder().sfu()).start().await;
    let room = json!({"name": "class", "maxParticipants": 200});
    server.user("alice").await.post("/api/room/create").json(room).await.ok();
    let school = "198.51.100.7:50000";
    let begun = Instant::now();
    let mut pupils = JoinSet::new();
    for n in 0..60 {
        let (browser, app) = (server.stranger().with_cookies(), server.stranger());
        pupils.spawn(async move {
            let name = format!("Pupil {n}");
            browser.get("/api/room/check/class").header("x-forwarded-for", school).await.ok();
            guest(&browser, "class", &name, ("x-forwarded-for", school)).await.ok();
            // the way of older apps
            let login = app.post("/api/auth/guest-login").json(json!({"name": name}));
            let token = login.header("x-forwarded-for", school).await.ok().text("tokens/accessToken");
            let join = app.bearer(token).post("/api/room/join").json(json!({"roomName": "class"}));
            join.header("x-forwarded-for", school).await.ok();
        });
    }
    while let Some(done) = pupils.join_next().await {
        done.expect("nobody is refused");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn whoever_guesses_rooms_or_passwords_is_stopped_and_learns_nothing_more() {
    let server = limited(Server::builder().sfu()).start().await;
    server.user("alice").await.room("standup").await;
    let stranger = server.stranger();
    let from = ("x-forwarded-for", "198.51.100.66");
    let guess = async |n: usize| guest(&stranger, &format!("room-{n}"), "Guesser", from).await.status;
    let mut found = Vec::new();
    for n in 0..8 {
        found.push(guess(n).await);
    }
    assert_eq!(found, [404, 404, 404, 404, 404, 429, 429, 429]);
    let stopped = guest(&stranger, "standup", "Guesser", from).await.refused(429, "too_many_requests");
    assert_eq!(stopped.header("retry-after"), stopped.json()["retryAfter"].to_string());
    guest(&stranger, "standup", "Neighbour", ("x-forwarded-for", "198.51.100.67")).await.ok();

    // by the other door, many at once
    let mut looks = JoinSet::new();
    for n in 0..200 {
        let stranger = server.stranger();
        looks.spawn(async move {
            let path =
                format!("/api/room/check/{}", if n == 199 { "standup".to_owned() } else { format!("r{n}") });
            stranger.get(path).header("x-forwarded-for", "198.51.100.68").await.status
        });
    }
    let told = looks.join_all().await;
    assert_eq!(told.iter().filter(|status| **status == 404).count(), 30, "{told:?}");

    let attempt = async |who: String, password: &str, from: &str| {
        let body = json!({"email": who, "password": password});
        server.stranger().post("/api/auth/login").json(body).header("x-forwarded-for", from).await.status
    };
    for n in 0..10 {
        assert_eq!(attempt(format!("u{n}@example.org"), "not the password", "198.51.100.69").await, 401);
    }
    let right = attempt("alice@example.org".to_owned(), bedrud_tests::PASSWORD, "198.51.100.69").await;
    assert_eq!(right, 429, "a guesser is not told that it was right at last");
    assert_eq!(attempt("alice@example.org".to_owned(), bedrud_tests::PASSWORD, "198.51.100.70").await, 200);
}

#[tokio::test]
async fn a_mistyped_proxy_header_is_told_before_the_start() {
    for (header, near) in
        [("X-Forwarded-Fro", "X-Forwarded-For"), ("XForwardedFor", "X-Forwarded-For"), ("X Real IP", "")]
    {
        let server = json!({"proxyHeader": header, "trustedProxies": ["127.0.0.1"]});
        let output =
            Server::builder().config(json!({"server": server})).prepare().command("check-config").output();
        let output = output.expect("bedrud");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && told.contains("server.proxyHeader") && told.contains(near),
            "{told}"
        );
    }
    let own = json!({"proxyHeader": "X-Our-Load-Balancer", "trustedProxies": ["127.0.0.1"]});
    let output = Server::builder().config(json!({"server": own})).prepare().command("check-config").output();
    assert!(output.expect("bedrud").status.success());
}

#[tokio::test]
async fn the_sfu_is_heard_while_strangers_hold_every_seat() {
    let port = bedrud_tests::free_port();
    let config = json!({"server": {"maxConnections": 6}, "livekit": {"webhookPort": port}});
    let server = Server::builder().tls(json!({"mode": "self-signed"})).config(config).start().await;
    let begun = Instant::now();
    let mut held = Vec::new();
    for _ in 0..12 {
        held.push(TcpStream::connect(server.address()).await.expect("the system takes it"));
    }
    let mut calls = Vec::new();
    for _ in 0..4 {
        let sfu = Client::new(format!("http://127.0.0.1:{port}"));
        sfu.post("/api/livekit/webhook").json(json!({})).await.is(401).code();
        calls.push(sfu); // keeps its connection
    }
    assert!(begun.elapsed() < SILENT, "only when a silent stranger was put out: {:?}", begun.elapsed());
}
