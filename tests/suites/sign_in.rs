//! Signing in, and staying signed in: tries, tokens, cookies, and pages of others.
use bedrud_tests::{Answer, Client, PASSWORD, Server, Value, json};

async fn refresh(client: &Client, token: &str) -> Answer {
    client.post("/api/auth/refresh").json(json!({"refresh_token": token})).await
}

fn setup(token: &str) -> Value {
    json!({"token": token, "email": "a@example.org", "password": PASSWORD, "name": "A"})
}

#[tokio::test]
async fn known_and_unknown_addresses_answer_alike() {
    let server = Server::start().await;
    server.user("alice").await;
    let stranger = server.stranger();
    let attempt = async |email: &str| {
        let body = json!({"email": email, "password": "not the password"});
        let started = std::time::Instant::now();
        let answer = stranger.post("/api/auth/login").json(body).await.refused(401, "login_refused");
        (answer.body, started.elapsed())
    };
    let mut times = [Vec::new(), Vec::new()];
    let (known, _) = attempt("alice@example.org").await;
    for _ in 0..5 {
        for (email, times) in ["alice@example.org", "nobody@example.org"].into_iter().zip(&mut times) {
            let (body, time) = attempt(email).await;
            assert_eq!(body, known);
            times.push(time);
        }
    }
    // the quickest of several says least about the load; without a hash an unknown address takes a fiftieth
    let [known, unknown] = times.map(|times| times.into_iter().min().expect("times"));
    assert!(unknown * 3 > known, "known {known:?}, unknown {unknown:?}");
    let again = |email: &str| json!({"email": email, "password": PASSWORD, "name": "Alice"});
    let taken = stranger.post("/api/auth/register").json(again("alice@example.org")).await.is(400);
    let invalid = stranger.post("/api/auth/register").json(again("alice")).await.is(400);
    assert_eq!(taken.body, invalid.body);
}

#[tokio::test]
async fn a_refresh_token_serves_until_its_successor_has_arrived() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let login = server.login("alice").await.ok();
    let stranger = server.stranger();
    let device = stranger.bearer(login.text("tokens/accessToken"));
    let first = login.text("tokens/refreshToken");
    // the answers are lost, any number of them
    for _ in 0..3 {
        refresh(&stranger, &first).await.ok();
        device.get("/api/auth/me").await.ok();
    }
    let second = refresh(&stranger, &first).await.ok().text("refresh_token");
    let third = refresh(&stranger, &second).await.ok().text("refresh_token");
    // whoever comes with the first one now has a copy of it
    refresh(&stranger, &first).await.refused(401, "refresh_reused");
    refresh(&stranger, &third).await.refused(401, "session_ended");
    device.get("/api/auth/me").await.refused(401, "session_ended");
    alice.get("/api/auth/me").await.ok();
    refresh(&stranger, "v1.x.1.AAAA").await.refused(401, "refresh_unknown");
    stranger.post("/api/auth/refresh").await.refused(400, "refresh_missing");
}

#[tokio::test]
async fn an_access_token_in_use_says_that_its_pair_has_arrived() {
    let server = Server::start().await;
    server.user("alice").await;
    let login = server.login("alice").await.ok();
    let first = login.text("tokens/refreshToken");
    let pair = refresh(&server.stranger(), &first).await.ok();
    let device = server.stranger().bearer(pair.text("access_token"));
    device.get("/api/auth/me").await.ok();
    refresh(&device, &first).await.refused(401, "refresh_reused");
    device.get("/api/auth/me").await.refused(401, "session_ended");
    let sql = "SELECT count(*) FROM audit WHERE verb = 'session.reuse'";
    assert_eq!(server.database().number(sql), 1);
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_answer() {
    let server = Server::start().await;
    server.user("alice").await;
    let login = server.login("alice").await.ok();
    let browser = server.stranger().with_cookies();
    browser.set_cookie("refresh_token", &login.text("tokens/refreshToken"));
    let token = login.text("tokens/refreshToken");
    let (stranger, tab) = (server.stranger(), browser.clone());
    let answers = tokio::join!(
        refresh(&stranger, &token),
        refresh(&stranger, &token),
        refresh(&stranger, &token),
        // the page sends a content type and no body
        tab.post("/api/auth/refresh").header("content-type", "application/json"),
    );
    let bodies = [answers.0, answers.1, answers.2, answers.3].map(|answer| answer.ok().body);
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    let pair: Value = serde_json::from_slice(&bodies[0]).expect("JSON");
    assert_eq!(browser.cookie("refresh_token").as_deref(), pair["refresh_token"].as_str());
    server.stranger().bearer(pair["access_token"].as_str().expect("a token")).get("/api/auth/me").await.ok();
    refresh(&stranger, pair["refresh_token"].as_str().expect("a token")).await.ok();
}

#[tokio::test]
async fn strangers_who_guess_a_password_keep_nobody_out() {
    let config = json!({
        "rateLimit": {"auth": {"max": 3, "windowSeconds": 600}},
        "server": {"trustedProxies": ["127.0.0.1"]},
    });
    let server = Server::builder().config(config).start().await;
    let sign_in = async |client: &Client, password: &str, from: &str| {
        let body = json!({"email": "alice@example.org", "password": password});
        client.post("/api/auth/login").json(body).header("x-forwarded-for", from).await
    };
    let home = server.stranger().with_cookies();
    let account = json!({"email": "alice@example.org", "password": PASSWORD, "name": "Alice"});
    server.admin().await;
    home.post("/api/auth/register").json(account).header("x-forwarded-for", "192.0.2.1").await.ok();
    let guess = async |from: String| sign_in(&server.stranger(), "not the password", &from).await;
    // a script at one address has its tries and no more
    for _ in 0..3 {
        guess("203.0.113.9".to_owned()).await.is(401);
    }
    guess("203.0.113.9".to_owned()).await.refused(429, "too_many_requests");
    // scripts everywhere are answered one after the other, and sent away when there are many
    let everywhere = (1..40).map(|host| guess(format!("198.51.100.{host}")));
    let answers = futures_util::future::join_all(everywhere).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert!(statuses.iter().all(|status| [401, 429].contains(status)), "{statuses:?}");
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert!((20..39).contains(&refused), "{refused} of 39 were sent away");
    // and all the while the owner comes in at home, by another browser there, and from anywhere with their own browser
    sign_in(&home, PASSWORD, "192.0.2.77").await.ok();
    sign_in(&server.stranger(), PASSWORD, "192.0.2.1").await.ok();
    // also where the script shares their address
    sign_in(&home, PASSWORD, "203.0.113.9").await.ok();
    // a device they never used waits its turn when the scripts have stopped
    sign_in(&server.stranger(), PASSWORD, "192.0.2.200").await.ok();
}

#[tokio::test]
async fn another_sites_page_signs_nobody_in() {
    let allowed = json!({"cors": {"allowedOrigins": ["https://app.example.org"]}});
    let server = Server::builder().config(allowed).start().await;
    server.user("alice").await;
    let stranger = server.stranger();
    let body = || json!({"email": "alice@example.org", "password": PASSWORD});
    let own = server.url();
    let routes = [
        ("/api/auth/login", body()),
        ("/api/auth/register", json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"})),
        ("/api/auth/setup", setup("x")),
        ("/api/auth/guest-login", json!({"name": "Eve"})),
        ("/api/auth/refresh", json!({})),
        ("/api/auth/logout", json!({})),
        ("/api/room/guest-join", json!({"roomName": "standup", "guestName": "Eve"})),
    ];
    for (route, body) in &routes {
        let send = || stranger.post(*route).json(body.clone());
        send().header("sec-fetch-site", "cross-site").await.refused(403, "cross_site");
        send().header("origin", "https://evil.example").await.refused(403, "cross_site");
        send().header("origin", "null").await.refused(403, "cross_site");
        let sibling = send().header("sec-fetch-site", "same-site");
        sibling.header("origin", "https://evil.example.org").await.refused(403, "cross_site");
        // what a form, or a script without asking, can send
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let sent =
                stranger.post(*route).raw(kind, body.to_string()).header("sec-fetch-site", "same-origin");
            sent.await.refused(400, "content_type_invalid");
        }
    }
    let login = || stranger.post("/api/auth/login").json(body());
    login().header("sec-fetch-site", "same-origin").header("origin", &own).await.ok();
    login().header("origin", &own).await.ok();
    login().header("origin", "https://app.example.org").header("sec-fetch-site", "cross-site").await.ok();
    stranger.post("/api/auth/login").raw("application/json; charset=utf-8", body().to_string()).await.ok();
    // neither type nor body
    stranger.post("/api/auth/refresh").await.refused(400, "refresh_missing");
    stranger
        .post("/api/auth/refresh")
        .header("content-type", "text/plain")
        .await
        .refused(400, "refresh_missing");
}

#[tokio::test]
async fn cookies_over_https_have_names_that_no_other_host_can_set() {
    let server = Server::builder().tls(json!({"mode": "self-signed"})).start().await;
    server.user("alice").await;
    let browser = server.stranger().with_cookies();
    let body = json!({"email": "alice@example.org", "password": PASSWORD});
    let login = browser.post("/api/auth/login").json(body).await.ok();
    let (access, refreshing) = ("__Host-access_token", "__Secure-refresh_token");
    assert!(browser.cookie(access).is_some() && browser.cookie(refreshing).is_some());
    assert_eq!((browser.cookie("access_token"), browser.cookie("refresh_token")), (None, None));
    let cookies = login.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok());
    for cookie in cookies.filter(|cookie| cookie.starts_with("__Host-")) {
        assert!(cookie.contains("; Path=/;") && cookie.contains("; Secure"), "{cookie}");
    }
    browser.get("/api/auth/me").await.ok();
    // whoever was signed in by the names of before still is, and gets the new ones
    let old = server.stranger().with_cookies();
    old.set_cookie("access_token", &login.text("tokens/accessToken"));
    old.set_cookie("refresh_token", &login.text("tokens/refreshToken"));
    old.get("/api/auth/me").await.ok();
    old.post("/api/auth/refresh").await.ok();
    assert!(old.cookie("refresh_token").is_none() && old.cookie(refreshing).is_some());
    // one that another host put there does not count beside ours
    browser.set_cookie("access_token", "planted");
    browser.get("/api/auth/me").await.ok();
    let guest = server.stranger().with_cookies();
    guest.post("/api/auth/guest-login").json(json!({"name": "Zoe"})).await.ok();
    assert!(guest.cookie("__Host-bedrud_guest_id").is_some());
    guest.post("/api/auth/logout").await.ok();
    assert_eq!((guest.cookie(access), guest.cookie(refreshing)), (None, None));
}

#[tokio::test]
async fn tries_are_counted_by_address_and_survive_a_restart() {
    let config = json!({
        "rateLimit": {"auth": {"max": 3, "windowSeconds": 600}},
        "server": {"trustedProxies": ["127.0.0.1"]},
    });
    let mut server = Server::builder().config(config).start().await;
    let attempt = async |server: &Server, email: &str, from: &str| {
        let body = json!({"email": email, "password": "not the password"});
        server.stranger().post("/api/auth/login").json(body).header("x-forwarded-for", from).await
    };
    // one household, three people
    attempt(&server, "a@example.org", "2001:db8:0:1::1").await.is(401);
    attempt(&server, "b@example.org", "2001:db8:0:1::2").await.is(401);
    attempt(&server, "c@example.org", "2001:db8:0:1:ffff::3").await.is(401);
    let full = attempt(&server, "d@example.org", "2001:db8:0:1::4").await.refused(429, "too_many_requests");
    let wait = full.json()["retryAfter"].as_u64().expect("seconds");
    assert!((1..=600).contains(&wait), "{full}");
    assert_eq!(full.header("retry-after"), wait.to_string());
    attempt(&server, "bob@example.org", "198.51.100.1").await.is(401);
    assert_eq!(server.stop().await, Some(0));
    server.spawn();
    server.ready().await;
    attempt(&server, "d@example.org", "2001:db8:0:1::4").await.is(429);
    attempt(&server, "d@example.org", "198.51.100.2").await.is(401);
    let guess = async |from: &str| {
        server.stranger().post("/api/auth/setup").json(setup("x")).header("x-forwarded-for", from).await
    };
    for _ in 0..3 {
        guess("127.0.0.2").await.is(403);
    }
    guess("127.0.0.2").await.is(429); // loopback is an address like any other
}
