//! Passkeys through the public door: made, used, listed and removed by a device in software.
use bedrud_tests::{Answer, Client, PASSWORD, Passkey, Server, Value, json};

/// Where people reach the server by its name: passkeys are not made for addresses.
pub(crate) fn page(server: &Server) -> String {
    server.url().replace("127.0.0.1", "localhost")
}

pub(crate) async fn ask(client: &Client, what: &str, body: Value) -> Value {
    client.post(format!("/api/auth/passkey/{what}/begin")).json(body).await.ok().json()
}

pub(crate) async fn answer(client: &Client, what: &str, body: Value) -> Answer {
    client.post(format!("/api/auth/passkey/{what}/finish")).json(body).await
}

/// One more passkey of somebody who is signed in.
pub(crate) async fn added(server: &Server, person: &Client) -> Passkey {
    let asked = ask(person, "register", json!({})).await;
    let (passkey, body) = Passkey::make(&page(server), &asked);
    answer(person, "register", body).await.ok();
    passkey
}

/// Carol, who has an account with a passkey and without a password.
pub(crate) async fn carol(server: &Server) -> (Passkey, Client) {
    let stranger = server.stranger();
    let asked = ask(&stranger, "signup", json!({"email": "carol@example.org", "name": "Carol"})).await;
    let (passkey, body) = Passkey::make(&page(server), &asked);
    let login = answer(&stranger, "signup", body).await.ok();
    (passkey, stranger.bearer(login.text("tokens/accessToken")))
}

pub(crate) async fn sign_in(server: &Server, passkey: &Passkey) -> Answer {
    let asked = ask(&server.stranger(), "login", json!({})).await;
    answer(&server.stranger(), "login", passkey.sign(&asked)).await
}

#[tokio::test]
async fn a_passkey_opens_the_account_with_and_without_a_mail_address() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let settings = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(settings["passkeysEnabled"], true);
    let asked = ask(&alice, "register", json!({})).await;
    assert_eq!(asked["rp"], json!({"id": "localhost", "name": "Bedrud"}));
    assert_eq!(
        (&asked["user"]["name"], &asked["user"]["displayName"]),
        (&json!("alice@example.org"), &json!("alice"))
    );
    assert!(
        asked["pubKeyCredParams"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["alg"] == -7))
    );
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    let (mut passkey, mut body) = Passkey::make(&page(&server), &asked);
    body["name"] = json!("Phone");
    answer(&alice, "register", body).await.ok();

    let known = ask(&server.stranger(), "login", json!({"email": "Alice@Example.org"})).await;
    assert_eq!(known["allowCredentials"], json!([{"type": "public-key", "id": passkey.id}]));
    assert_eq!((&known["rpId"], &known["userVerification"]), (&json!("localhost"), &json!("required")));
    passkey.counter = 1;
    let browser = server.stranger().with_cookies();
    let login = answer(&browser, "login", passkey.sign(&known)).await.ok();
    assert_eq!(login.json()["user"]["email"], "alice@example.org");
    assert!(browser.cookie("access_token").is_some() && browser.cookie("refresh_token").is_some());
    browser.bearer(login.text("tokens/accessToken")).get("/api/auth/me").await.ok();

    let unnamed = ask(&server.stranger(), "login", json!({})).await;
    assert_eq!(unnamed["allowCredentials"], Value::Null);
    passkey.counter = 2;
    answer(&server.stranger(), "login", passkey.sign(&unnamed)).await.ok();
    let listed = alice.get("/api/auth/passkeys").await.ok().json()["passkeys"].clone();
    assert_eq!((&listed[0]["id"], &listed[0]["name"]), (&json!(passkey.id), &json!("Phone")));
    assert!(listed[0]["lastUsedAt"].is_string(), "{listed}");
    // a second one excludes the first
    let again = ask(&alice, "register", json!({})).await;
    assert_eq!(again["excludeCredentials"], json!([{"type": "public-key", "id": passkey.id}]));
    answer(&alice, "register", passkey.attest(&again)).await.refused(400, "passkey_invalid");
}

#[tokio::test]
async fn a_challenge_serves_once_for_what_it_was_asked_and_outlives_a_restart() {
    // at the same address after the restart: to a browser another port is another page
    let config = json!({"server": {"port": bedrud_tests::free_port()}});
    let mut server = Server::builder().config(config).start().await;
    let alice = server.user("alice").await;
    let bob = server.user("bob").await;
    let passkey = added(&server, &alice).await;
    let asked = ask(&server.stranger(), "login", json!({})).await;
    let body = passkey.sign(&asked);
    answer(&server.stranger(), "login", body.clone()).await.ok();
    answer(&server.stranger(), "login", body).await.refused(401, "passkey_refused");
    // a wrong answer spends it as well
    let asked = ask(&server.stranger(), "login", json!({})).await;
    let mut wrong = passkey.sign(&asked);
    wrong["credentialId"] = json!("AAAA");
    answer(&server.stranger(), "login", wrong).await.refused(401, "passkey_refused");
    answer(&server.stranger(), "login", passkey.sign(&asked)).await.refused(401, "passkey_refused");
    // what was asked for something else, or of somebody else
    let mut other = ask(&alice, "register", json!({})).await;
    other["rpId"] = json!("localhost");
    answer(&server.stranger(), "login", passkey.sign(&other)).await.refused(401, "passkey_refused");
    let hers = ask(&alice, "register", json!({})).await;
    let (_, body) = Passkey::make(&page(&server), &hers);
    answer(&bob, "register", body).await.refused(400, "passkey_invalid");
    // a challenge that nobody asked
    let invented = json!({"challenge": "AAAA", "rpId": "localhost"});
    answer(&server.stranger(), "login", passkey.sign(&invented)).await.refused(401, "passkey_refused");

    let kept = ask(&server.stranger(), "login", json!({})).await;
    let late = ask(&server.stranger(), "login", json!({})).await;
    server.stop().await;
    {
        let id = late["challenge"].as_str().expect("an id");
        let sql =
            format!("UPDATE challenges SET expires_at = expires_at - 300000 WHERE id = '{id}' RETURNING id");
        // challenges are kept, for five minutes
        assert_eq!(server.database().text(&sql), id);
    }
    server.spawn();
    server.ready().await;
    answer(&server.stranger(), "login", passkey.sign(&late)).await.refused(401, "passkey_refused");
    answer(&server.stranger(), "login", passkey.sign(&kept)).await.ok();
}

#[tokio::test]
async fn nobody_learns_from_a_passkeys_question_who_has_an_account() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    server.user("bob").await; // without a passkey
    added(&server, &alice).await;
    let asked = async |email: &str| ask(&server.stranger(), "login", json!({"email": email})).await;
    let shape = |asked: &Value| {
        let allowed = asked["allowCredentials"].as_array().expect("never empty").clone();
        assert!(
            !allowed.is_empty() && allowed[0]["id"].as_str().is_some_and(|id| id.len() > 20),
            "{allowed:?}"
        );
        let mut names: Vec<String> = asked.as_object().expect("an object").keys().cloned().collect();
        names.sort();
        (names, allowed)
    };
    let (known, _) = shape(&asked("alice@example.org").await);
    for email in ["bob@example.org", "nobody@example.org", "no address at all"] {
        let (names, first) = shape(&asked(email).await);
        let (_, second) = shape(&asked(email).await);
        assert_eq!((names, &first), (known.clone(), &second), "{email}: the same each time");
    }
    let (_, bob) = shape(&asked("bob@example.org").await);
    let (_, spelled) = shape(&asked(" BOB@Example.org").await);
    let (_, nobody) = shape(&asked("nobody@example.org").await);
    assert_eq!(bob, spelled);
    assert_ne!(bob, nobody);
}

#[tokio::test]
async fn an_answer_for_another_page_or_of_a_copied_device_opens_nothing() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let mut passkey = added(&server, &alice).await;
    let own = passkey.origin.clone();
    for other in ["https://evil.example", "http://localhost:1", "http://evil.localhost"] {
        passkey.origin = other.to_owned();
        sign_in(&server, &passkey).await.refused(401, "passkey_refused");
    }
    let asked = ask(&alice, "register", json!({})).await;
    let (_, made) = Passkey::make("https://evil.example", &asked);
    answer(&alice, "register", made).await.refused(400, "passkey_invalid");
    passkey.origin = own;
    passkey.is_verified = false;
    sign_in(&server, &passkey).await.refused(401, "passkey_refused");
    passkey.is_verified = true;
    // another key says that it is this one
    let bob = server.user("bob").await;
    let mut forged = added(&server, &bob).await;
    forged.id = passkey.id.clone();
    sign_in(&server, &forged).await.refused(401, "passkey_refused");
    // a device that counts has counted on somewhere else
    passkey.counter = 5;
    sign_in(&server, &passkey).await.ok();
    for count in [5, 4, 0] {
        passkey.counter = count;
        sign_in(&server, &passkey).await.refused(401, "passkey_copied");
    }
    let sql = "SELECT count(*) FROM audit WHERE verb = 'passkey.copied'";
    assert_eq!(server.database().number(sql), 3);
    passkey.counter = 6;
    sign_in(&server, &passkey).await.ok();
    // whoever is disabled is told so, and only them
    server.ctl(["user", "disable", "alice"]).await.ok();
    passkey.counter = 7;
    sign_in(&server, &passkey).await.refused(403, "account_disabled");
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let server = Server::start().await;
    server.admin().await;
    let stranger = server.stranger();
    let wanted = json!({"email": "carol@example.org", "name": "Carol"});
    let asked = ask(&stranger, "signup", wanted.clone()).await;
    assert_eq!(asked["user"]["displayName"], "Carol");
    let (first, body) = Passkey::make(&page(&server), &asked);
    let login = answer(&stranger, "signup", body).await.ok();
    assert_eq!(login.json()["user"]["provider"], "local");
    let carol = stranger.bearer(login.text("tokens/accessToken"));
    // the address is in use now, which is told when the device has answered
    let again = ask(&stranger, "signup", wanted).await;
    let (_, body) = Passkey::make(&page(&server), &again);
    answer(&stranger, "signup", body).await.refused(400, "registration_refused");
    // there is no password that would open it
    let body = json!({"email": "carol@example.org", "password": ""});
    stranger.post("/api/auth/login").json(body).await.refused(401, "login_refused");

    let remove = async |who: &Client, id: &str| who.delete(format!("/api/auth/passkeys/{id}")).await;
    remove(&carol, &first.id).await.refused(409, "last_way_in");
    let second = added(&server, &carol).await;
    let dave = server.user("dave").await;
    remove(&dave, &second.id).await.refused(404, "not_found");
    let rename = async |who: &Client, id: &str, name: &str| {
        let path = format!("/api/auth/passkeys/{id}");
        who.request("PATCH".parse().expect("a method"), path).json(json!({"name": name})).await
    };
    rename(&dave, &second.id, "Mine").await.refused(404, "not_found");
    rename(&carol, &second.id, "\u{200b}").await.refused(400, "name_invalid");
    rename(&carol, &second.id, "Key in the drawer").await.ok();
    let listed = carol.get("/api/auth/passkeys").await.ok().json()["passkeys"].clone();
    assert_eq!(listed[0]["name"], "Key in the drawer");
    remove(&carol, &first.id).await.ok();
    remove(&carol, &second.id).await.refused(409, "last_way_in");
    sign_in(&server, &first).await.refused(401, "passkey_refused");
    sign_in(&server, &second).await.ok();
    // whoever has a password may remove all of them
    let passkey = added(&server, &dave).await;
    remove(&dave, &passkey.id).await.ok();
}

#[tokio::test]
async fn without_passkeys_every_route_of_theirs_is_closed() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let passkey = added(&server, &alice).await;
    let asked = ask(&server.stranger(), "login", json!({})).await;
    server.ctl(["settings", "set", "passkeysEnabled", "false"]).await.ok();
    let settings = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(settings["passkeysEnabled"], false);
    let account = json!({"email": "x@example.org", "name": "Xenia"});
    let made = json!({"clientDataJSON": "AA", "attestationObject": "AA"});
    for (who, path, body) in [
        (&alice, "register/begin", json!({})),
        (&alice, "register/finish", made.clone()),
        (&server.stranger(), "login/begin", json!({})),
        (&server.stranger(), "login/finish", passkey.sign(&asked)),
        (&server.stranger(), "signup/begin", account),
        (&server.stranger(), "signup/finish", made),
    ] {
        who.post(format!("/api/auth/passkey/{path}")).json(body).await.refused(403, "passkeys_off");
    }
    // there are none where the server is reached by an address
    let config = json!({"server": {"frontendURL": "https://192.0.2.1"}});
    let server = Server::builder().config(config).start().await;
    let settings = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(settings["passkeysEnabled"], false);
    server.stranger().post("/api/auth/passkey/login/begin").await.refused(403, "passkeys_off");
}

#[tokio::test]
async fn who_is_kept_from_passwords_comes_in_by_a_passkey() {
    let config = json!({"rateLimit": {"auth": {"max": 3, "windowSeconds": 600}}});
    let server = Server::builder().config(config).start().await;
    let alice = server.user("alice").await;
    let passkey = added(&server, &alice).await;
    let attempt = async |password: &str| {
        let body = json!({"email": "alice@example.org", "password": password});
        server.stranger().post("/api/auth/login").json(body).await
    };
    for _ in 0..3 {
        attempt("not the password").await.is(401);
    }
    attempt(PASSWORD).await.refused(429, "too_many_requests");
    sign_in(&server, &passkey).await.ok();
    // and wrong passkeys are counted on their own
    for _ in 0..3 {
        answer(&server.stranger(), "login", passkey.sign(&json!({"challenge": "AAAA", "rpId": "localhost"})))
            .await
            .is(401);
    }
    let asked = ask(&server.stranger(), "login", json!({})).await;
    answer(&server.stranger(), "login", passkey.sign(&asked)).await.refused(429, "too_many_requests");
}

#[tokio::test]
async fn who_has_no_password_proves_themselves_by_their_passkey() {
    let server = Server::start().await;
    server.admin().await;
    let (passkey, carol) = carol(&server).await;
    // a long time ago
    server.database().run("UPDATE sessions SET proved_at = proved_at - 3600000");
    let moved = || json!({"name": "Carol", "email": "karla@example.org"});
    let first = || json!({"currentPassword": "", "newPassword": "battery staple horse"});
    carol.put("/api/auth/me").json(moved()).await.refused(400, "password_needed");
    carol.put("/api/auth/password").json(first()).await.refused(400, "password_wrong");
    carol.delete("/api/auth/me").await.refused(400, "proof_needed");
    let fresh = sign_in(&server, &passkey).await.ok();
    let carol = server.stranger().bearer(fresh.text("tokens/accessToken"));
    carol.put("/api/auth/me").json(moved()).await.ok();
    carol.put("/api/auth/password").json(first()).await.ok();
    let body = json!({"email": "karla@example.org", "password": "battery staple horse"});
    server.stranger().post("/api/auth/login").json(body).await.ok();
    carol
        .delete("/api/auth/me")
        .json(json!({"password": "not the password"}))
        .await
        .refused(400, "password_wrong");
}
