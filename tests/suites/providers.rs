//! Signing in by a real provider of OpenID Connect: who comes in, who does not, and what is never believed.
use std::time::{Duration, Instant};

use bedrud_tests::{Client, Provider, Server, Value, json, sent};

/// Somebody's browser.
pub fn browser(server: &Server) -> Client {
    server.stranger().with_cookies()
}

/// Who is signed in there.
pub async fn who(browser: &Client) -> Value {
    browser.get("/api/auth/me").await.ok().json()
}

#[tokio::test]
async fn a_stranger_comes_in_by_the_word_of_a_provider_and_is_the_same_person_the_next_time() {
    let provider = Provider::start();
    let server = provider.server().await;
    let shown = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(shown["oauthProviders"], json!(["example"]));
    assert_eq!(shown["signInProviders"], json!([{"id": "example", "name": "Example"}]));
    let anna = browser(&server);
    let url = sent(&anna, "/api/auth/example/login?to=%2Fm%2Fstandup%3Fx%3D1").await;
    for part in ["code_challenge_method=S256", "nonce=", "state=", "scope=openid+email+profile"] {
        assert!(url.contains(part), "{part} is not in {url}");
    }
    let answer = anna.get(provider.visit(&url).await).await.is(302);
    assert_eq!(answer.header("location"), "/auth/callback?to=%2Fm%2Fstandup%3Fx%3D1");
    assert_eq!(answer.header("cache-control"), "no-store");
    let me = who(&anna).await;
    assert_eq!(
        (&me["name"], &me["email"], &me["provider"], &me["accesses"]),
        (&json!("Anna"), &json!("anna@example.org"), &json!("example"), &json!(["user"]))
    );
    assert!(me["emailVerifiedAt"].is_string(), "{me}");
    // the page takes the session over by the cookie alone
    anna.post("/api/auth/refresh").await.ok();
    let again = browser(&server);
    assert_eq!(provider.sign_in(&again).await.is(302).header("location"), "/auth/callback");
    assert_eq!(who(&again).await["id"], me["id"]);
    // another name and another address there change nothing here
    provider
        .set(json!({"people": {"anna": {"email": "new@example.org", "email_verified": false, "name": "N"}}}))
        .await;
    let third = browser(&server);
    provider.sign_in(&third).await.is(302);
    assert_eq!((&who(&third).await["id"], &who(&third).await["email"]), (&me["id"], &me["email"]));
    let proof =
        "SELECT min(proof) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.provider = 'example'";
    assert_eq!(server.database().text(proof), "provider");
    for secret in [provider.secret(), "code_verifier"] {
        assert!(!server.log().contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn whoever_does_not_agree_comes_back_with_a_reason_and_the_page_with_a_code() {
    let provider = Provider::with(json!({"denies": true}));
    let server = provider.server().await;
    let anna = browser(&server);
    provider.sign_in(&anna).await.refused(403, "provider_denied");
    let back = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    let page = anna.get(back).header("accept", "text/html,*/*").await.is(302);
    assert_eq!(page.header("location"), "/auth/callback#error=provider_denied");
    assert_eq!(anna.cookie("access_token"), None);
    anna.get("/api/auth/nobody/login").await.refused(404, "provider_unknown");
    anna.get("/api/auth/nobody/callback").await.refused(404, "provider_unknown");
}

#[tokio::test]
async fn an_answer_serves_the_browser_that_asked_once_and_not_for_ever() {
    let provider = Provider::start();
    let mut server = provider.server().await;
    let (anna, mallory) = (browser(&server), browser(&server));
    let back = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    // Mallory has a question of their own open, and Anna's answer
    sent(&mallory, "/api/auth/example/login").await;
    mallory.get(back.clone()).await.refused(400, "sign_in_stale");
    anna.get(back).await.refused(400, "sign_in_stale"); // it is gone by that
    let back = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    server.stop().await;
    server.spawn();
    server.ready().await;
    server.stranger().get(back.clone()).await.refused(400, "sign_in_stale");
    let back = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    let second = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    server.kill();
    server.spawn();
    server.ready().await;
    anna.get(back.clone()).await.is(302);
    anna.get(back).await.refused(400, "sign_in_stale");
    anna.get(second).await.is(302); // of another tab
    let late = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    let sql = "UPDATE challenges SET expires_at = 1 WHERE purpose = 'provider' RETURNING purpose";
    server.database().text(sql);
    anna.get(late).await.refused(400, "sign_in_stale");
    for path in
        ["callback", "callback?state=x&code=y", "callback?error=access_denied", "callback?state=&code="]
    {
        anna.get(format!("/api/auth/example/{path}")).await.refused(400, "sign_in_stale");
    }
}

#[tokio::test]
async fn over_https_the_browsers_cookie_is_this_hosts_alone() {
    let provider = Provider::start();
    let config = json!({"server": {"domain": "localhost"}, "auth": {"providers": [provider.section()]}});
    let server = Server::builder().tls(json!({"mode": "self-signed"})).config(config).start().await;
    server.admin().await;
    let anna = browser(&server);
    let answer = anna.get("/api/auth/example/login").await.is(307);
    let cookies: Vec<_> =
        answer.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    let ours = cookies.iter().find(|c| c.starts_with("__Host-bedrud_sign_in=")).expect("the cookie");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/;", "Max-Age=600"] {
        assert!(ours.contains(part), "{part} is not in {ours}");
    }
    let back = provider.visit(answer.header("location")).await;
    anna.get(back).await.is(302);
    assert_eq!(who(&anna).await["name"], "Anna");
}

#[tokio::test]
async fn a_mail_address_opens_nothing_by_itself() {
    let provider = Provider::start();
    let server = provider.server().await;
    let people = |person: Value| json!({"people": {"anna": person}});
    let (mail, name) = ("anna@example.org", "Anna");
    for (person, code) in [
        (json!({"email": mail, "email_verified": false, "name": name}), "provider_mail_unverified"),
        (json!({"email": mail, "name": name}), "provider_mail_unverified"),
        (json!({"email": mail, "email_verified": 1, "name": name}), "provider_mail_unverified"),
        (json!({"name": name}), "provider_mail_missing"),
        (json!({"email": "no address", "email_verified": true, "name": name}), "provider_mail_missing"),
    ] {
        provider.set(people(person)).await;
        provider.sign_in(&browser(&server)).await.refused(403, code);
    }
    // somebody else has an account with that address, whose owner has proven nothing
    let local = server.user("anna").await;
    provider.set(people(json!({"email": " ANNA@Example.org", "email_verified": true, "name": name}))).await;
    provider.sign_in(&browser(&server)).await.refused(409, "provider_mail_held");
    // nor does the word of a provider make somebody the administrator
    provider.set(people(json!({"email": "admin@example.org", "email_verified": true, "name": name}))).await;
    provider.sign_in(&browser(&server)).await.refused(409, "provider_mail_held");
    // proven on both sides it is the same person
    server.ctl(["user", "verify", mail]).await.ok();
    provider.set(people(json!({"email": mail, "email_verified": true, "name": name}))).await;
    let anna = browser(&server);
    provider.sign_in(&anna).await.is(302);
    assert_eq!(who(&anna).await["id"].as_str(), Some(&*local.id().await));
    let disabled = server.ctl(["user", "disable", mail]).await;
    disabled.ok();
    provider.sign_in(&browser(&server)).await.refused(403, "account_disabled");
}

#[tokio::test]
async fn a_closed_registration_is_closed_for_providers_too() {
    let provider = Provider::start();
    let server = provider.server().await;
    let anna = browser(&server);
    provider.sign_in(&anna).await.is(302);
    provider.set(json!({"who": "bo"})).await;
    server.ctl(["settings", "set", "registrationEnabled", "false"]).await.ok();
    provider.sign_in(&browser(&server)).await.refused(403, "registration_closed");
    server.ctl(["settings", "set", "registrationEnabled", "true"]).await.ok();
    server.ctl(["settings", "set", "tokenRegistrationOnly", "true"]).await.ok();
    let bo = browser(&server);
    provider.sign_in(&bo).await.refused(403, "invitation_required");
    let invited =
        server.admin().await.post("/api/admin/invite-tokens").json(json!({"email": "bo@example.org"})).await;
    let token = invited.ok().text("token");
    let by_invitation = async |token: &str| {
        let url = sent(&bo, &format!("/api/auth/example/login?invitation={token}")).await;
        bo.get(provider.visit(&url).await).await
    };
    by_invitation("x").await.refused(403, "invitation_invalid");
    sent(&bo, &format!("/api/auth/example/login?invitation={token}")).await;
    let sql = format!("SELECT count(*) FROM challenges WHERE state LIKE '%{token}%'");
    assert_eq!(server.database().number(&sql), 0, "no secret of a link is stored");
    by_invitation(&token).await.is(302);
    assert_eq!(who(&bo).await["name"], "Bo");
    // whoever has an account comes in as ever
    provider.set(json!({"who": "anna"})).await;
    provider.sign_in(&browser(&server)).await.is(302);
}

#[tokio::test]
async fn a_provider_that_is_away_slow_or_answers_nonsense_keeps_nobody_waiting() {
    let mut provider = Provider::start();
    let server = provider.server().await;
    let discovery = "/.well-known/openid-configuration";
    let begin = async || browser(&server).get("/api/auth/example/login").await;
    for (fault, code) in [
        ("nonsense", "provider_invalid"),
        ("huge", "provider_invalid"),
        ("redirect", "provider_invalid"),
        ("error", "provider_unreachable"),
        ("slow", "provider_unreachable"),
    ] {
        provider.set(json!({"faults": {discovery: fault}})).await;
        let before = Instant::now();
        begin().await.refused(503, code);
        assert!(before.elapsed() < Duration::from_secs(10), "{fault}: {:?}", before.elapsed());
    }
    provider.close();
    begin().await.refused(503, "provider_unreachable");
    provider.open(json!({}));
    let anna = browser(&server);
    provider.sign_in(&anna).await.is(302);
    for (path, fault, code) in [
        ("/token", "nonsense", "provider_invalid"),
        ("/token", "huge", "provider_invalid"),
        ("/token", "slow", "provider_unreachable"),
    ] {
        let back = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
        provider.set(json!({"faults": {path: fault}})).await;
        let before = Instant::now();
        anna.get(back).await.refused(503, code);
        assert!(before.elapsed() < Duration::from_secs(10), "{fault}: {:?}", before.elapsed());
        provider.set(json!({"faults": {}})).await;
    }
    // what is known of it does while it cannot be asked; its answer does not come
    let back = provider.visit(&sent(&anna, "/api/auth/example/login").await).await;
    provider.close();
    anna.get(back).await.refused(503, "provider_unreachable");
    let page = browser(&server).get("/api/auth/example/login").header("accept", "text/html").await;
    assert_eq!(page.is(307).header("cache-control"), "no-store");
}

#[tokio::test]
async fn only_what_the_provider_signed_for_this_very_question_is_believed() {
    let provider = Provider::start();
    let server = provider.server().await;
    for forgery in [
        "nonce",
        "audience",
        "shared",
        "party",
        "issuer",
        "expired",
        "early",
        "nobody",
        "unsigned",
        "shared secret",
        "another key",
    ] {
        provider.set(json!({"forge": forgery})).await;
        let answer = provider.sign_in(&browser(&server)).await;
        assert_eq!((answer.status, answer.code().as_str()), (503, "provider_invalid"), "{forgery}: {answer}");
    }
    provider.set(json!({"forge": "skewed"})).await;
    provider.sign_in(&browser(&server)).await.is(302);
    // other keys sign from now on
    provider.set(json!({"forge": "", "rotate": true})).await;
    provider.sign_in(&browser(&server)).await.is(302);
    provider.set(json!({"alg": "RS256"})).await;
    provider.sign_in(&browser(&server)).await.is(302);
    // and what is signed does not name the address: it is asked for
    provider.set(json!({"lean": true, "who": "bo"})).await;
    let bo = browser(&server);
    provider.sign_in(&bo).await.is(302);
    assert_eq!(who(&bo).await["email"], "bo@example.org");
    // an answer that says it is another provider's
    let back = provider.visit(&sent(&bo, "/api/auth/example/login").await).await;
    let (path, _) = back.split_once("&iss=").expect("RFC 9207");
    bo.get(format!("{path}&iss=https%3A%2F%2Fid.example.org")).await.refused(503, "provider_invalid");
    let back = provider.visit(&sent(&bo, "/api/auth/example/login").await).await;
    let (path, _) = back.split_once("&iss=").expect("RFC 9207");
    bo.get(path).await.refused(503, "provider_invalid");
}

#[tokio::test]
async fn a_provider_whose_certificate_nobody_vouches_for_is_not_asked() {
    // the daemon's own port speaks TLS by a certificate that it made itself
    let other = Server::builder()
        .tls(json!({"mode": "self-signed"}))
        .config(json!({"server": {"domain": "localhost"}}));
    let other = other.start().await;
    let issuer = format!("https://localhost:{}", other.address().port());
    let section = json!({"id": "example", "issuer": issuer, "clientId": "bedrud"});
    let mut server = Server::builder().config(json!({"auth": {"providers": [section]}})).start().await;
    server.admin().await;
    browser(&server).get("/api/auth/example/login").await.refused(503, "provider_unreachable");
    // vouched for by the operator it is asked, and turns out to be none
    let certificate = other.stranger().get("/api/cert").await;
    std::fs::write(server.path("root.pem"), &certificate.body).expect("a file");
    server.stop().await;
    let mut section = section;
    section["rootFile"] = json!(server.path("root.pem"));
    server.reconfigure(json!({"auth": {"providers": [section]}}));
    server.spawn();
    server.ready().await;
    browser(&server).get("/api/auth/example/login").await.refused(503, "provider_invalid");
}

#[tokio::test]
async fn two_tabs_of_a_stranger_make_one_account() {
    let provider = Provider::start();
    let server = provider.server().await;
    for name in ["anna", "bo"] {
        provider.set(json!({"who": name})).await;
        let (one, other) = (browser(&server), browser(&server));
        let backs = [
            provider.visit(&sent(&one, "/api/auth/example/login").await).await,
            provider.visit(&sent(&other, "/api/auth/example/login").await).await,
        ];
        let (first, second) = tokio::join!(one.get(backs[0].clone()), other.get(backs[1].clone()));
        first.is(302);
        second.is(302);
        assert_eq!(who(&one).await["id"], who(&other).await["id"]);
    }
}

#[tokio::test]
async fn whoever_guesses_answers_is_told_to_come_again_and_so_is_a_browser() {
    let provider = Provider::start();
    let limits = json!({"rateLimit": {"auth": {"max": 3, "windowSeconds": 600}}, "auth": {"providers": [provider.section()]}});
    let server = Server::builder().config(limits).start().await;
    server.admin().await;
    // an office comes from one address
    for _ in 0..5 {
        provider.sign_in(&browser(&server)).await.is(302);
    }
    let guess = async || browser(&server).get("/api/auth/example/callback?state=x&code=y").await;
    for _ in 0..3 {
        guess().await.refused(400, "sign_in_stale");
    }
    guess().await.refused(429, "too_many_requests");
    let page = browser(&server).get("/api/auth/example/callback?state=x").header("accept", "text/html").await;
    let to = page.is(302).header("location").to_owned();
    assert!(to.starts_with("/auth/callback#error=too_many_requests&seconds="), "{to}");
}
