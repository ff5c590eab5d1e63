//! Mail through a real mail server: what arrives is read, and its links are followed.
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use bedrud_tests::{Answer, PASSWORD, Post, Server, Value, json, link_of};

const NEW: &str = "another horse battery";

async fn writing(post: &Post) -> Server {
    let server = Server::builder().config(json!({"mail": post.section()})).start().await;
    server.admin().await;
    server
}

async fn forgot(server: &Server, email: &str) -> Answer {
    server.stranger().post("/api/auth/forgot-password").json(json!({"email": email})).await
}

async fn reset(server: &Server, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "newPassword": password});
    server.stranger().post("/api/auth/reset-password").json(body).await
}

async fn login(server: &Server, email: &str, password: &str) -> Answer {
    server.stranger().post("/api/auth/login").json(json!({"email": email, "password": password})).await
}

#[tokio::test]
async fn whoever_forgot_their_password_sets_another_one_by_the_link_of_a_mail_once() {
    let post = Post::start();
    let server = writing(&post).await;
    let alice = server.user("alice").await;
    let known = forgot(&server, " Alice@Example.org ").await.ok();
    let unknown = forgot(&server, "stranger@example.org").await.ok();
    assert_eq!(known.text("message"), unknown.text("message"));
    let mail = post.mail_to("alice@example.org").await;
    assert_eq!(mail["from"], json!({"address": "bedrud@example.org", "name": "Bedrud"}));
    assert!(mail["secure"] == true && mail["user"] == "bedrud@example.org", "{mail}");
    assert_eq!(mail["headers"]["auto-submitted"], "Auto-Submitted: auto-generated");
    let (text, html) = (mail["text"].as_str().expect("text"), mail["html"].as_str().expect("HTML"));
    assert!(text.contains(&format!("http://localhost:{}/reset#", server.address().port())), "{text}");
    for fetched in ["<img", "src=", "url(", "<script", "<link"] {
        assert!(!html.contains(fetched), "nothing is fetched: {html}");
    }
    let token = link_of(&mail, "/reset");
    assert_eq!(server.database().number("SELECT count(*) FROM challenges WHERE purpose = 'mail.reset'"), 1);
    let kept = server.database().text("SELECT max(id) FROM challenges WHERE purpose = 'mail.reset'");
    assert_ne!(kept, token, "a hash is kept");
    // what fails leaves the link as it was
    reset(&server, &token, "short").await.refused(400, "password_invalid");
    reset(&server, &token[1..], NEW).await.refused(400, "reset_invalid");
    server.stranger().post("/api/auth/verify").json(json!({"token": token})).await.is(401);
    reset(&server, &token, NEW).await.ok();
    reset(&server, &token, PASSWORD).await.refused(400, "reset_invalid");
    alice.get("/api/auth/me").await.is(401);
    login(&server, "alice@example.org", PASSWORD).await.is(401);
    let answer = login(&server, "alice@example.org", NEW).await.ok();
    assert!(answer.json()["user"]["emailVerifiedAt"].is_string(), "the address is proven: {answer}");
    let notice = post.mail_to("alice@example.org").await;
    assert_eq!(notice["subject"], "Your password for Bedrud was changed");
    // to nobody, nothing
    assert_eq!(post.count(), 0);
}

#[tokio::test]
async fn a_link_ends_with_its_time_with_another_password_and_with_the_account() {
    let post = Post::start();
    let server = writing(&post).await;
    let ask = async |name: &str| {
        let address = format!("{name}@example.org");
        forgot(&server, &address).await.ok();
        link_of(&post.mail_to(&address).await, "/reset")
    };
    for name in ["late", "moved", "gone", "kept-out"] {
        server.user(name).await;
    }
    let late = ask("late").await;
    let sql = "UPDATE challenges SET expires_at = 1 WHERE purpose = 'mail.reset' RETURNING purpose";
    server.database().text(sql);
    let moved = ask("moved").await;
    let again = ask("moved").await;
    let (gone, out) = (ask("gone").await, ask("kept-out").await);
    // two letters, both serve; the second one no more when the first has
    reset(&server, &again, NEW).await.ok();
    server.ctl(["user", "delete", "gone@example.org", "--yes"]).await.ok();
    server.ctl(["user", "disable", "kept-out@example.org"]).await.ok();
    for token in [&late, &moved, &gone, &out] {
        reset(&server, token, NEW).await.refused(400, "reset_invalid");
    }
    // whoever is kept out gets no letter either
    post.mail_to("moved@example.org").await;
    forgot(&server, "kept-out@example.org").await.ok();
    forgot(&server, "late@example.org").await.ok();
    post.mail_to("late@example.org").await;
    assert_eq!(post.count(), 0);
}

async fn proving(post: &Post) -> Server {
    let config = json!({"mail": post.section(), "auth": {"requireEmailVerification": true}});
    let server = Server::builder().config(config).start().await;
    server.admin().await;
    server
}

#[tokio::test]
async fn where_addresses_have_to_be_proven_nobody_comes_in_before() {
    let post = Post::start();
    let server = proving(&post).await;
    let switches = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(
        (&switches["requireEmailVerification"], &switches["mailEnabled"]),
        (&json!(true), &json!(true))
    );
    let body = json!({"email": "alice@example.org", "password": PASSWORD, "name": "Alice"});
    let made = server.stranger().post("/api/auth/register").json(body).await.ok();
    assert_eq!(
        (made.json()["requiresVerification"].clone(), made.text("email")),
        (json!(true), "alice@example.org".into())
    );
    assert!(made.json()["tokens"].is_null() && made.header("set-cookie").is_empty(), "{made}");
    let refused = login(&server, "alice@example.org", PASSWORD).await.is(403);
    assert_eq!(
        (refused.code().as_str(), &refused.json()["requiresVerification"]),
        ("verification_needed", &json!(true))
    );
    login(&server, "alice@example.org", "wrong horse battery").await.is(401);
    let token = link_of(&post.mail_to("alice@example.org").await, "/verify");
    let verify =
        async |token: &str| server.stranger().post("/api/auth/verify").json(json!({"token": token})).await;
    // of another purpose
    reset(&server, &token, NEW).await.refused(400, "reset_invalid");
    let verified = verify(&token).await.ok();
    assert_eq!(verified.json()["verified"], true);
    let alice = server.stranger().bearer(verified.text("access_token"));
    assert_eq!(
        alice.get("/api/auth/verify/status").await.ok().json(),
        json!({"verified": true, "email": "alice@example.org"})
    );
    let twice = verify(&token).await.is(409);
    assert_eq!(
        (twice.code().as_str(), &twice.json()["already_verified"]),
        ("already_verified", &json!(true))
    );
    verify("nonsense").await.refused(401, "verification_invalid");
    login(&server, "alice@example.org", PASSWORD).await.ok();
    // another address is another question; the old one is told, and one's way back stays open
    let body = json!({"name": "Alice", "email": "new@example.org", "currentPassword": PASSWORD});
    let moved = alice.put("/api/auth/me").json(body).await.ok();
    assert_eq!(moved.json()["requiresVerification"], true);
    let told = post.mail_to("alice@example.org").await;
    assert!(told["text"].as_str().expect("text").contains("new@example.org"), "{told}");
    alice.get("/api/room/list").await.refused(403, "verification_needed");
    assert_eq!(alice.get("/api/auth/verify/status").await.ok().json()["verified"], false);
    alice.get("/api/auth/me").await.ok();
    let first = link_of(&post.mail_to("new@example.org").await, "/verify");
    let body = json!({"name": "Alice", "email": "newer@example.org", "currentPassword": PASSWORD});
    alice.put("/api/auth/me").json(body).await.ok();
    verify(&first).await.refused(404, "account_changed");
    post.mail_to("newer@example.org").await;
    // once more
    let resent =
        server.stranger().post("/api/auth/verify/resend").json(json!({"email": "newer@example.org"}));
    let resent = resent.await.ok().text("message");
    let unknown = server.stranger().post("/api/auth/verify/resend").json(json!({"email": "x@example.org"}));
    assert_eq!(resent, unknown.await.ok().text("message"));
    verify(&link_of(&post.mail_to("newer@example.org").await, "/verify")).await.ok();
    alice.get("/api/room/list").await.ok();
    // guests have no address
    server.guest("Greta").await.get("/api/auth/me").await.ok();
}

#[tokio::test]
async fn letters_are_in_the_language_of_who_gets_them() {
    let post = Post::start();
    let server = writing(&post).await;
    let body = json!({"email": "sara@example.org", "password": PASSWORD, "name": "سارا"});
    let made = server.stranger().post("/api/auth/register").header("accept-language", "fa-IR, en;q=0.5");
    let made = made.json(body).await.ok();
    server.user("bob").await;
    // the account's own before the request's
    let ask = async |language: &str, email: &str| {
        let asked = server.stranger().post("/api/auth/forgot-password").header("accept-language", language);
        asked.json(json!({"email": email})).await.ok();
        post.mail_to(email).await
    };
    let persian = ask("de", "sara@example.org").await;
    assert_eq!(persian["subject"], "بازنشانی گذرواژهٔ شما در Bedrud");
    assert!(persian["html"].as_str().expect("HTML").contains("lang=\"fa\" dir=\"rtl\""), "{persian}");
    let german = ask("de-CH, fr;q=0.9", "bob@example.org").await;
    assert_eq!(german["subject"], "Passwort für Bedrud zurücksetzen");
    let sara = server.stranger().bearer(made.text("tokens/accessToken"));
    let chosen = json!({"preferencesJson": "{\"language\":\"zh\"}"});
    sara.put("/api/auth/preferences").json(chosen).await.ok();
    assert_eq!(ask("de", "sara@example.org").await["subject"], "重置你在 Bedrud 的密码");
}

#[tokio::test]
async fn a_sign_in_by_a_device_that_was_never_seen_is_told() {
    let post = Post::start();
    let server = writing(&post).await;
    server.user("alice").await;
    let sign_in = async |agent: &str| {
        let body = json!({"email": "alice@example.org", "password": PASSWORD});
        let asked = server.stranger().post("/api/auth/login").header("user-agent", agent);
        asked.json(body).await.ok();
    };
    sign_in("Firefox <b>1</b>").await;
    let told = post.mail_to("alice@example.org").await;
    assert_eq!(told["subject"], "New sign-in to your account on Bedrud");
    assert!(told["text"].as_str().expect("text").contains("Device: Firefox <b>1</b>"), "{told}");
    assert!(!told["html"].as_str().expect("HTML").contains("<b>"), "{told}");
    sign_in("Firefox <b>1</b>").await;
    sign_in("Chromium").await;
    let told = post.mail_to("alice@example.org").await;
    assert!(told["text"].as_str().expect("text").contains("Chromium"), "the known one was not told: {told}");
    assert_eq!(post.count(), 0);
}

#[tokio::test]
async fn an_invitation_goes_to_the_address_that_it_is_for() {
    let post = Post::with_tls();
    let server = writing(&post).await;
    let admin = server.admin().await;
    server.ctl(["settings", "set", "tokenRegistrationOnly", "true"]).await.ok();
    server.ctl(["settings", "set", "serverName", "Büro, \"Nord\" <x@y.z>"]).await.ok();
    let invited =
        admin.post("/api/admin/invite-tokens").json(json!({"email": "carol@example.org"})).await.is(201);
    assert_eq!(invited.json()["mailed"], true);
    let mail = post.mail_to("carol@example.org").await;
    assert_eq!(mail["subject"], "You are invited to Büro, \"Nord\" <x@y.z>");
    assert_eq!(mail["to"], json!(["carol@example.org"]));
    let token = link_of(&mail, "/signup");
    assert_eq!(token, invited.text("token"));
    let body =
        json!({"email": "carol@example.org", "password": PASSWORD, "name": "Carol", "inviteToken": token});
    server.stranger().post("/api/auth/register").json(body).await.ok();
    let told = server.ctl(["invite", "create", "--email", "dave@example.org"]).await.ok();
    assert!(told.stdout.contains("Sent to dave@example.org"), "{told:?}");
    post.mail_to("dave@example.org").await;
    let anybody = admin.post("/api/admin/invite-tokens").json(json!({})).await.is(201);
    assert_eq!(anybody.json()["mailed"], false);
}

#[tokio::test]
async fn nobody_learns_by_a_forgotten_password_who_has_an_account() {
    let post = Post::start();
    let server = writing(&post).await;
    for number in 0..12 {
        server.user(&format!("known{number}")).await;
    }
    for route in ["/api/auth/forgot-password", "/api/auth/verify/resend"] {
        let mut told = BTreeSet::new();
        let mut times = [Vec::new(), Vec::new()];
        for number in 0..12 {
            for (kind, times) in ["known", "other"].into_iter().zip(&mut times) {
                let began = Instant::now();
                let body = json!({"email": format!("{kind}{number}@example.org")});
                let answer = server.stranger().post(route).json(body).await.ok();
                times.push(began.elapsed());
                let mut headers: Vec<_> =
                    answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
                headers.retain(|one| !["date", "x-request-id"].iter().any(|own| one.starts_with(own)));
                headers.sort();
                told.insert((answer.body.clone(), headers));
            }
        }
        assert_eq!(told.len(), 1, "{told:?}");
        let [known, other] = times.map(|mut times| {
            times.sort();
            times[times.len() / 2]
        });
        // the same is done for both; what a machine under load adds is the same, too
        let (less, more) = (known.min(other), known.max(other));
        assert!(more < less * 3 + Duration::from_millis(5), "{route}: known {known:?}, unknown {other:?}");
    }
}

#[tokio::test]
async fn a_server_without_mail_says_so() {
    let server = Server::start().await;
    server.user("alice").await;
    forgot(&server, "alice@example.org").await.refused(403, "mail_off");
    let switches: Value = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(switches["mailEnabled"], false);
    server.ctl(["mail", "test", "a@example.org"]).await.failed(6);
    assert!(server.ctl(["mail", "status"]).await.ok().stdout.contains("sends no mail"));
}
