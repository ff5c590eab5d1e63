//! Who it is, asked once more: what a stolen session or an unlocked browser must not do, and what ends a way in.
use bedrud_tests::{Answer, Client, PASSWORD, Passkey, Server, Value, json};

use crate::passkeys::{added, answer, ask, carol, page, sign_in};

/// Somebody who signed in long ago.
async fn long_ago(server: &Server, name: &str) -> Client {
    let login = server.login(name).await.ok();
    server.database().run("UPDATE sessions SET proved_at = proved_at - 3600000");
    server.stranger().bearer(login.text("tokens/accessToken"))
}

async fn begin(person: &Client, body: Value) -> Answer {
    person.post("/api/auth/passkey/register/begin").json(body).await
}

/// What a passkey answers to who wants it proven.
async fn signed(server: &Server, passkey: &Passkey) -> Value {
    passkey.sign(&ask(&server.stranger(), "login", json!({})).await)
}

#[tokio::test]
async fn a_session_of_long_ago_adds_no_passkey_without_proof() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let first = added(&server, &alice).await; // she has just signed in
    let stolen = long_ago(&server, "alice").await;
    // as older pages ask, and with nothing in it
    stolen.post("/api/auth/passkey/register/begin").await.refused(400, "proof_needed");
    begin(&stolen, json!({})).await.refused(400, "proof_needed");
    begin(&stolen, json!({"currentPassword": ""})).await.refused(400, "proof_needed");
    begin(&stolen, json!({"currentPassword": "not the password"})).await.refused(400, "password_wrong");
    let asked = begin(&stolen, json!({"currentPassword": PASSWORD})).await.ok().json();
    let (second, body) = Passkey::make(&page(&server), &asked);
    answer(&stolen, "register", body).await.ok();
    sign_in(&server, &second).await.ok();
    begin(&stolen, json!({})).await.refused(400, "proof_needed");

    // somebody else's passkey, one that is nobody's, an answer that has served
    let bob = server.user("bob").await;
    let bobs = added(&server, &bob).await;
    begin(&stolen, json!({"passkey": signed(&server, &bobs).await})).await.refused(400, "passkey_refused");
    let mut unknown = signed(&server, &first).await;
    unknown["credentialId"] = json!("AAAA");
    begin(&stolen, json!({"passkey": unknown})).await.refused(400, "passkey_refused");
    let once = signed(&server, &first).await;
    begin(&stolen, json!({"passkey": once})).await.ok();
    let later = long_ago(&server, "alice").await;
    begin(&later, json!({"passkey": once})).await.refused(400, "passkey_refused");
    // by a passkey the session is as if it had begun now
    begin(&stolen, json!({})).await.refused(400, "proof_needed");
    begin(&later, json!({"passkey": signed(&server, &first).await})).await.ok();
    begin(&later, json!({})).await.ok();
}

#[tokio::test]
async fn nobody_guesses_a_password_through_a_stolen_session() {
    let config = json!({"rateLimit": {"auth": {"max": 3, "windowSeconds": 600}}});
    let server = Server::builder().config(config).start().await;
    server.user("alice").await;
    let stolen = long_ago(&server, "alice").await;
    for _ in 0..2 {
        begin(&stolen, json!({"currentPassword": "not the password"})).await.refused(400, "password_wrong");
    }
    // together with what asks for it elsewhere
    let leaving = json!({"password": "not the password"});
    stolen.delete("/api/auth/me").json(leaving).await.refused(400, "password_wrong");
    begin(&stolen, json!({"currentPassword": PASSWORD})).await.refused(429, "too_many_requests");
}

#[tokio::test]
async fn who_has_no_password_proves_by_a_passkey_what_asks_for_one() {
    let server = Server::start().await;
    server.admin().await;
    let (passkey, carol) = carol(&server).await;
    let age = || server.database().run("UPDATE sessions SET proved_at = proved_at - 3600000");
    age();
    let moved =
        json!({"name": "Carol", "email": "karla@example.org", "passkey": signed(&server, &passkey).await});
    carol.put("/api/auth/me").json(moved).await.ok();
    let later = sign_in(&server, &passkey).await.ok();
    let carol = server.stranger().bearer(later.text("tokens/accessToken"));
    age();
    let mut first = json!({"currentPassword": "", "newPassword": "battery staple horse"});
    carol.put("/api/auth/password").json(first.clone()).await.refused(400, "password_wrong");
    first["passkey"] = signed(&server, &passkey).await;
    carol.put("/api/auth/password").json(first).await.ok();
    let leaving = json!({"passkey": signed(&server, &passkey).await});
    carol.delete("/api/auth/me").json(leaving).await.ok();
    sign_in(&server, &passkey).await.refused(401, "passkey_refused");
}

#[tokio::test]
async fn a_password_set_by_an_administrator_takes_the_passkeys_of_whoever_had_the_account() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let alice = server.user("alice").await;
    let (first, second) = (added(&server, &alice).await, added(&server, &alice).await);
    let begun = ask(&alice, "register", json!({})).await;
    let told = server.ctl(["user", "passwd", "alice", "--generate-password"]).await.ok();
    assert!(told.stdout.contains("every session ended, and 2 passkeys are removed"), "{}", told.stdout);
    for passkey in [&first, &second] {
        sign_in(&server, passkey).await.refused(401, "passkey_refused");
    }
    // nor the one that was on its way
    let (late, body) = Passkey::make(&page(&server), &begun);
    answer(&alice, "register", body).await.refused(401, "session_ended");
    sign_in(&server, &late).await.refused(401, "passkey_refused");
    let audit = server.ctl(["audit", "--verb", "passkey.remove", "--json"]).await.ok().json();
    let details = audit["lines"].as_array().expect("lines").iter().map(|line| &line["detail"]);
    let mut removed: Vec<_> = details.map(|detail| detail.as_str().expect("an id")).collect();
    let mut own = vec![first.id.as_str(), second.id.as_str()];
    removed.sort_unstable();
    own.sort_unstable();
    assert_eq!(removed, own);

    let bob = server.user("bob").await;
    let id = bob.get("/api/auth/me").await.ok().text("id");
    let kept = added(&server, &bob).await;
    let set = async |body: Value| {
        admin.put(format!("/api/admin/users/{id}/password")).json(body).await.ok().json()["passkeysRemoved"]
            .clone()
    };
    assert_eq!(set(json!({"password": "battery staple horse", "keepPasskeys": true})).await, 0);
    sign_in(&server, &kept).await.ok();
    let input = "battery staple horse";
    let keep = ["user", "passwd", "bob", "--keep-passkeys", "--password-stdin"];
    server.ctl_with_input(keep, input).await.ok();
    sign_in(&server, &kept).await.ok();
    assert_eq!(set(json!({"password": "battery staple horse"})).await, 1);
    sign_in(&server, &kept).await.refused(401, "passkey_refused");
}
