//! Accounts and sessions through the public door: coming in, staying in, being thrown out.
use std::os::unix::fs::PermissionsExt;

use bedrud_tests::{Answer, Client, PASSWORD, Server, Value, json};

const NEW_PASSWORD: &str = "battery staple horse";

async fn refresh(client: &Client, token: &str) -> Answer {
    client.post("/api/auth/refresh").json(json!({"refresh_token": token})).await
}

fn setup(token: &str) -> Value {
    json!({"token": token, "email": "a@example.org", "password": PASSWORD, "name": "Ada"})
}

fn session_count(answer: &Answer) -> usize {
    answer.json()["sessions"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn the_first_account_needs_the_setup_link_which_serves_once() {
    let mut server = Server::start().await;
    let stranger = server.stranger();
    let account = json!({"email": "eve@example.org", "password": PASSWORD, "name": "Eve"});
    stranger.post("/api/auth/register").json(account).await.refused(403, "setup_required");
    let settings = stranger.get("/api/auth/settings").await.ok().json();
    assert_eq!(settings["setupRequired"], true);
    let token = server.setup_token().expect("a token");
    assert!(server.ctl(["setup"]).await.ok().stdout.contains(&format!("/setup#{token}")));
    assert!(!server.log().contains(&token), "the link is for a person, not for a log");
    let database = (!bedrud_tests::postgres::is_wanted()).then_some("state/bedrud.db");
    for name in ["state/setup-token", "state/secrets"].into_iter().chain(database) {
        let mode = std::fs::metadata(server.path(name)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    stranger.post("/api/auth/setup").json(setup("wrong")).await.refused(403, "setup_token_wrong");
    // the same link after a restart
    server.stop().await;
    server.spawn();
    server.ready().await;
    let admin = server.stranger().post("/api/auth/setup").json(setup(&token)).await.ok().json();
    assert_eq!(admin["user"]["accesses"], json!(["superadmin", "user"]));
    server.stranger().post("/api/auth/setup").json(setup(&token)).await.refused(403, "setup_done");
    assert_eq!(server.setup_token(), None);
    let settings = server.stranger().get("/api/auth/settings").await.ok().json();
    assert_eq!(settings["setupRequired"], false);
}

#[tokio::test]
async fn a_new_account_is_signed_in_with_tokens_and_cookies() {
    let server = Server::start().await;
    server.admin().await;
    let browser = server.stranger().with_cookies();
    let account = json!({"email": " Alice@Example.ORG ", "password": PASSWORD, "name": " Alice "});
    let login = browser.post("/api/auth/register").json(account).await.ok();
    let cookies: Vec<_> =
        login.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    assert!(cookies[0].starts_with("access_token=") && cookies[0].contains("; Path=/;"), "{cookies:?}");
    assert!(cookies[0].contains("SameSite=Lax") && cookies[1].contains("SameSite=Strict"), "{cookies:?}");
    assert!(
        cookies[1].starts_with("refresh_token=") && cookies[1].contains("; Path=/api/auth;"),
        "{cookies:?}"
    );
    assert!(cookies.iter().all(|c| c.contains("HttpOnly") && !c.contains("Domain")), "{cookies:?}");
    let me = browser.bearer(login.text("tokens/accessToken")).get("/api/auth/me").await.ok().json();
    assert_eq!(me, login.json()["user"]);
    assert_eq!((&me["email"], &me["name"]), (&json!("alice@example.org"), &json!("Alice")));
    assert_eq!((&me["accesses"], &me["provider"]), (&json!(["user"]), &json!("local")));
    for (name, value) in
        [("isActive", json!(true)), ("emailVerifiedAt", Value::Null), ("avatarUrl", json!(""))]
    {
        assert_eq!(me[name], value, "{me}");
    }
    // the cookie reads, and changes nothing
    browser.get("/api/auth/me").await.ok();
    browser.put("/api/auth/me").json(json!({"name": "Mallory"})).await.refused(401, "cookie_not_enough");
    assert_eq!(browser.get("/api/auth/me").await.text("name"), "Alice");
    // an old cookie is no obstacle to a public route
    browser.set_cookie("access_token", "old");
    server.login("alice").await.ok();
    browser.post("/api/auth/guest-login").json(json!({"name": "Gus"})).await.ok();
}

#[tokio::test]
async fn every_device_has_a_session_that_ends_at_once() {
    let server = Server::start().await;
    let laptop = server.user("alice").await;
    let login = server.login("alice").await.ok();
    let phone = server.stranger().bearer(login.text("tokens/accessToken"));
    let bob = server.user("bob").await;
    let sessions = laptop.get("/api/auth/sessions").header("user-agent", "test").await.ok();
    assert_eq!(session_count(&sessions), 2);
    let listed = sessions.json()["sessions"].as_array().expect("a list").clone();
    let current: Vec<_> = listed.iter().filter(|s| s["current"] == true).collect();
    assert_eq!((current.len(), &current[0]["address"]), (1, &json!("127.0.0.1")));
    let other =
        listed.iter().find(|s| s["current"] == false).and_then(|s| s["id"].as_str()).expect("the phone");
    bob.delete(format!("/api/auth/sessions/{other}")).await.refused(404, "not_found");
    phone.get("/api/auth/me").await.ok();
    laptop.delete(format!("/api/auth/sessions/{other}")).await.ok();
    phone.get("/api/auth/me").await.refused(401, "session_ended");
    refresh(&phone, &login.text("tokens/refreshToken")).await.refused(401, "session_ended");
    assert_eq!(session_count(&laptop.get("/api/auth/sessions").await.ok()), 1);
    laptop.post("/api/auth/logout").await.ok();
    laptop.get("/api/auth/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn the_refresh_cookie_is_enough_to_sign_out() {
    let server = Server::start().await;
    server.user("alice").await;
    let browser = server.stranger().with_cookies();
    let body = json!({"email": "alice@example.org", "password": PASSWORD});
    let login = browser.post("/api/auth/login").json(body).await.ok();
    let other = server.stranger().with_cookies();
    other.set_cookie("access_token", &login.text("tokens/accessToken"));
    other.post("/api/auth/logout").await.refused(401, "not_signed_in");
    browser.get("/api/auth/me").await.ok();
    browser.post("/api/auth/logout").await.ok();
    assert_eq!((browser.cookie("access_token"), browser.cookie("refresh_token")), (None, None));
    other.get("/api/auth/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let server = Server::start().await;
    let laptop = server.user("alice").await;
    let login = server.login("alice").await.ok();
    let phone = server.stranger().bearer(login.text("tokens/accessToken"));
    phone.get("/api/auth/me").await.ok();
    let change = |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
    let put = async |body: Value| laptop.put("/api/auth/password").json(body).await;
    put(change("wrong", NEW_PASSWORD)).await.refused(400, "password_wrong");
    put(change(PASSWORD, "too short")).await.refused(400, "password_invalid");
    phone.get("/api/auth/me").await.ok();
    put(change(PASSWORD, NEW_PASSWORD)).await.ok();
    phone.get("/api/auth/me").await.refused(401, "session_ended");
    refresh(&phone, &login.text("tokens/refreshToken")).await.refused(401, "session_ended");
    assert!(laptop.get("/api/auth/me").await.ok().json()["passwordChangedAt"].is_string());
    server.login("alice").await.refused(401, "login_refused");
    let body = json!({"email": "alice@example.org", "password": NEW_PASSWORD});
    server.stranger().post("/api/auth/login").json(body).await.ok();
}

#[tokio::test]
async fn a_profile_changes_and_an_address_in_use_stays_whose_it_is() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    server.user("bob").await;
    let put = async |body: Value| alice.put("/api/auth/me").json(body).await;
    let renamed = put(json!({"name": "Alicia"})).await.ok().json();
    assert_eq!((&renamed["name"], &renamed["tokens"]), (&json!("Alicia"), &Value::Null));
    assert_eq!(alice.get("/api/auth/me").await.ok().text("name"), "Alicia");
    let bobs = json!({"name": "Alicia", "email": "BOB@example.org", "currentPassword": PASSWORD});
    let taken = put(bobs).await.refused(400, "mail_invalid");
    let invalid = put(json!({"name": "Alicia", "email": "bob"})).await.refused(400, "mail_invalid");
    assert_eq!(taken.body, invalid.body);
    put(json!({"name": "\u{202e}b"})).await.refused(400, "name_invalid");
    let with =
        |email: &str, password: Value| json!({"name": "Alicia", "email": email, "currentPassword": password});
    put(with("alicia@example.org", Value::Null)).await.refused(400, "password_needed");
    put(with("alicia@example.org", json!("not the password"))).await.refused(400, "password_wrong");
    assert_eq!(alice.get("/api/auth/me").await.ok().text("email"), "alice@example.org");
    put(with("alice@example.org", Value::Null)).await.ok();
    let moved = put(with("alicia@example.org", json!(PASSWORD))).await.ok();
    refresh(&alice, &moved.text("tokens/refreshToken")).await.ok();
    server.stranger().bearer(moved.text("tokens/accessToken")).get("/api/auth/me").await.ok();
    server.login("alicia").await.ok();
}

#[tokio::test]
async fn a_disabled_account_is_told_so_only_with_the_right_password() {
    let server = Server::start().await;
    server.user("alice").await;
    let login = server.login("alice").await.ok();
    server.ctl(["user", "disable", "alice@example.org"]).await.ok();
    refresh(&server.stranger(), &login.text("tokens/refreshToken")).await.refused(403, "account_disabled");
    server.login("alice").await.refused(403, "account_disabled");
    let wrong = json!({"email": "alice@example.org", "password": "not the password"});
    server.stranger().post("/api/auth/login").json(wrong).await.refused(401, "login_refused");
    server.ctl(["user", "enable", "alice@example.org"]).await.ok();
    refresh(&server.stranger(), &login.text("tokens/refreshToken")).await.refused(401, "session_ended");
    server.login("alice").await.ok();
}

#[tokio::test]
async fn guests_come_with_a_name_and_may_do_little() {
    let server = Server::start().await;
    server.admin().await;
    let browser = server.stranger().with_cookies();
    let name = "Зоя".repeat(16) + "Ио";
    let login = browser.post("/api/auth/guest-login").json(json!({"name": name})).await.ok().json();
    assert_eq!(login["user"]["accesses"], json!(["guest"]));
    assert_eq!((&login["user"]["provider"], &login["user"]["email"]), (&json!("guest"), &json!("")));
    let device = browser.cookie("bedrud_guest_id").expect("a cookie");
    let guest = browser.bearer(login["tokens"]["accessToken"].as_str().expect("a token"));
    assert_eq!(guest.get("/api/auth/me").await.ok().text("name"), name);
    guest.get("/api/auth/preferences").await.ok();
    guest.get("/api/auth/sessions").await.refused(403, "account_needed");
    guest.put("/api/auth/me").json(json!({"name": "Zoe"})).await.refused(403, "account_needed");
    for wrong in ["x", "", "a\u{202e}b", &"y".repeat(51)] {
        let body = json!({"name": wrong});
        server.stranger().post("/api/auth/guest-login").json(body).await.refused(400, "name_invalid");
    }
    browser.post("/api/auth/guest-login").json(json!({"name": "Zoe"})).await.ok();
    assert_eq!(browser.cookie("bedrud_guest_id"), Some(device), "one device, one key");
}

#[tokio::test]
async fn preferences_are_an_object_of_at_most_4096_bytes() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    assert_eq!(alice.get("/api/auth/preferences").await.ok().text("preferencesJson"), "{}");
    let put =
        async |text: &str| alice.put("/api/auth/preferences").json(json!({"preferencesJson": text})).await;
    let exactly = format!("{{\"x\":\"{}\"}}", "é".repeat(2044));
    assert_eq!(exactly.len(), 4096);
    put(&exactly).await.ok();
    put(&format!("{exactly} ")).await.refused(413, "preferences_too_large");
    for wrong in ["[]", "7", "", "{", "null"] {
        put(wrong).await.refused(400, "preferences_invalid");
    }
    assert_eq!(alice.get("/api/auth/preferences").await.ok().text("preferencesJson"), exactly);
}

#[tokio::test]
async fn somebody_takes_their_data_along_and_leaves() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let browser = server.stranger().with_cookies();
    let account = json!({"email": "alice@example.org", "password": PASSWORD, "name": "Alice"});
    let login = browser.post("/api/auth/register").json(account.clone()).await.ok();
    let alice = browser.bearer(login.text("tokens/accessToken"));
    alice.room("garden").await;
    let file = alice.get("/api/auth/me/export").await.ok();
    assert!(file.header("content-disposition").starts_with("attachment;"), "{file}");
    let data = file.json();
    assert_eq!(
        (&data["user"]["email"], &data["rooms"][0]["name"]),
        (&json!("alice@example.org"), &json!("garden"))
    );
    assert_eq!((data["sessions"].as_array().map(Vec::len), &data["passkeys"]), (Some(1), &json!([])));
    alice.delete("/api/auth/me").await.refused(400, "proof_needed");
    let wrong = json!({"password": "not the password"});
    alice.delete("/api/auth/me").json(wrong).await.refused(400, "password_wrong");
    alice.delete("/api/auth/me").json(json!({"password": PASSWORD})).await.ok();
    assert_eq!((browser.cookie("access_token"), browser.cookie("refresh_token")), (None, None));
    alice.get("/api/auth/me").await.refused(401, "session_ended");
    server.login("alice").await.refused(401, "login_refused");
    assert_eq!(admin.get("/api/room/check/garden").await.status, 410);
    // the address is free, and somebody always administers the server
    server.stranger().post("/api/auth/register").json(account).await.ok();
    admin.delete("/api/auth/me").json(json!({"password": PASSWORD})).await.refused(409, "last_administrator");
}
