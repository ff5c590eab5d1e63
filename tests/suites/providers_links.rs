//! What follows from a provider's word: links of an account, groups and roles, and providers that know no OpenID Connect.
use bedrud_tests::{Client, Provider, Server, Value, json, sent};

use crate::providers::{browser, who};

async fn links(client: &Client) -> Vec<Value> {
    client.get("/api/auth/providers").await.ok().json()["links"].as_array().expect("a list").clone()
}

/// Where somebody who is signed in is sent to link their account; their browser keeps what it is told.
async fn link_begun(server: &Server, signed_in: &Client, browser: &Client) -> String {
    let answer = signed_in.post("/api/auth/providers/example/link").await.ok();
    let cookie = answer.header("set-cookie").to_owned();
    let (name, rest) = cookie.split_once('=').expect("a cookie");
    browser.set_cookie(name, rest.split(';').next().expect("its value"));
    assert!(server.address().port() > 0);
    answer.text("url")
}

#[tokio::test]
async fn somebody_links_their_account_signs_in_by_it_and_removes_it_but_never_the_last_way_in() {
    let provider = Provider::with(json!({"people": {"anna": {"email": "else@example.org", "name": "A"}}}));
    let server = provider.server().await;
    let alice = server.user("alice").await;
    let page = browser(&server);
    let url = link_begun(&server, &alice, &page).await;
    let back = provider.visit(&url).await;
    // the same address in another browser links nothing
    browser(&server).get(back).await.refused(400, "sign_in_stale");
    let back = provider.visit(&link_begun(&server, &alice, &page).await).await;
    assert_eq!(page.get(back.clone()).await.is(302).header("location"), "/settings");
    page.get(back).await.refused(400, "sign_in_stale");
    let linked = links(&alice).await;
    assert_eq!(
        (linked.len(), &linked[0]["provider"], &linked[0]["providerName"], &linked[0]["name"]),
        (1, &json!("example"), &json!("Example"), &json!("else@example.org"))
    );
    let anna = browser(&server);
    provider.sign_in(&anna).await.is(302);
    assert_eq!(who(&anna).await["id"].as_str(), Some(&*alice.id().await));
    // to link it again changes nothing; to somebody else it is refused
    let back = provider.visit(&link_begun(&server, &alice, &page).await).await;
    page.get(back).await.is(302);
    let bob = server.user("bob").await;
    let back = provider.visit(&link_begun(&server, &bob, &page).await).await;
    page.get(back).await.refused(409, "provider_linked_elsewhere");
    assert!(links(&bob).await.is_empty());
    let exported = alice.get("/api/auth/me/export").await.ok().json();
    assert_eq!(exported["providers"].as_array().map(Vec::len), Some(1));
    let id = linked[0]["id"].as_str().expect("an id");
    bob.delete(format!("/api/auth/providers/{id}")).await.is(404);
    alice.delete(format!("/api/auth/providers/{id}")).await.ok();
    assert!(links(&alice).await.is_empty());
    // whoever has come by the provider has nothing else
    let verified =
        json!({"people": {"anna": {"email": "new@example.org", "email_verified": true, "name": "Anna"}}});
    provider.set(verified).await;
    let anna = browser(&server);
    provider.sign_in(&anna).await.is(302);
    let anna = server.stranger().bearer(anna.cookie("access_token").expect("signed in"));
    let id = links(&anna).await[0]["id"].as_str().expect("an id").to_owned();
    anna.delete(format!("/api/auth/providers/{id}")).await.refused(409, "last_way_in");
    // they set a password, since they have just come in, and may remove it then
    let body = json!({"currentPassword": "", "newPassword": "correct horse battery"});
    anna.put("/api/auth/password").json(body).await.ok();
    anna.delete(format!("/api/auth/providers/{id}")).await.ok();
    let audit = server.ctl(["audit", "--json"]).await;
    for verb in ["provider.link", "provider.unlink"] {
        assert!(audit.stdout.contains(verb), "{verb} is not in {}", audit.stdout);
    }
}

#[tokio::test]
async fn a_link_is_for_whoever_proved_a_moment_ago_who_they_are_and_is_still_signed_in() {
    let provider = Provider::start();
    let server = provider.server().await;
    let alice = server.user("alice").await;
    server.database().text("UPDATE sessions SET proved_at = 1 RETURNING 'x'");
    // what is cached of a session is not asked for again at once
    bedrud_tests::until("an old proof not to do", async || {
        let answer = alice.post("/api/auth/providers/example/link").await;
        (answer.status == 400 && answer.code() == "proof_needed").then_some(())
    })
    .await;
    let wrong = alice.post("/api/auth/providers/example/link").json(json!({"currentPassword": "wrong"}));
    wrong.await.refused(400, "password_wrong");
    let body = json!({"currentPassword": bedrud_tests::PASSWORD});
    let answer = alice.post("/api/auth/providers/example/link").json(body).await.ok();
    let page = browser(&server);
    let cookie = answer.header("set-cookie").to_owned();
    let (name, rest) = cookie.split_once('=').expect("a cookie");
    page.set_cookie(name, rest.split(';').next().expect("its value"));
    let back = provider.visit(&answer.text("url")).await;
    alice.post("/api/auth/logout").await.ok();
    page.get(back).await.refused(401, "session_ended");
    // guests have no account to link
    server.guest("Greta").await.post("/api/auth/providers/example/link").await.refused(403, "account_needed");
}

#[tokio::test]
async fn an_administrators_password_takes_the_links_of_whoever_had_the_account() {
    let provider = Provider::start();
    let server = provider.server().await;
    let alice = server.user("alice").await;
    let page = browser(&server);
    let back = provider.visit(&link_begun(&server, &alice, &page).await).await;
    page.get(back).await.is(302);
    let body = json!({"password": "another horse battery"});
    let admin = server.admin().await;
    admin.put(format!("/api/admin/users/{}/password", alice.id().await)).json(body).await.ok();
    let login = json!({"email": "alice@example.org", "password": "another horse battery"});
    let answer = server.stranger().post("/api/auth/login").json(login).await.ok();
    let alice = server.stranger().bearer(answer.text("tokens/accessToken"));
    assert!(links(&alice).await.is_empty());
}

#[tokio::test]
async fn groups_say_who_comes_in_and_who_administers_the_server_as_long_as_they_say_so() {
    let provider = Provider::start();
    let more = json!({"claim": "groups", "administrators": ["admins"], "allowed": ["staff", "admins"]});
    let server = provider.server_with(more).await;
    let with = |groups: Value| json!({"people": {"anna": {"email": "anna@example.org", "email_verified": true, "name": "Anna", "groups": groups}}});
    let roles = async |groups: Value| {
        provider.set(with(groups)).await;
        let anna = browser(&server);
        provider.sign_in(&anna).await.is(302);
        who(&anna).await["accesses"].clone()
    };
    for outside in [json!(["guests"]), json!("admin"), json!([]), json!(null), json!({"admins": true})] {
        provider.set(with(outside)).await;
        provider.sign_in(&browser(&server)).await.refused(403, "provider_not_allowed");
    }
    assert_eq!(roles(json!(["staff"])).await, json!(["user"]));
    assert_eq!(roles(json!(["staff", "admins"])).await, json!(["superadmin", "user"]));
    assert_eq!(roles(json!("staff")).await, json!(["user"]));
    // the last administrator stays one
    assert_eq!(roles(json!(["admins"])).await, json!(["superadmin", "user"]));
    let other = server.admin().await.id().await;
    let sql = format!("UPDATE users SET role = 'user' WHERE id = '{other}' RETURNING role");
    server.database().text(&sql);
    assert_eq!(roles(json!(["staff"])).await, json!(["superadmin", "user"]));
}

#[tokio::test]
async fn github_tells_who_somebody_is_and_which_of_their_addresses_is_proven() {
    let mails = json!([
        {"email": "other@example.org", "primary": false, "verified": true},
        {"email": "octo@example.org", "primary": true, "verified": true},
    ]);
    let person = |mails: Value| json!({"person": {"/api/v3/user": {"id": 583231, "login": "octo", "name": null}, "/api/v3/user/emails": mails}});
    let provider = Provider::known(person(mails));
    let server = provider.server_with(json!({"kind": "github"})).await;
    let url = sent(&server.stranger(), "/api/auth/example/login").await;
    assert!(url.contains("scope=read%3Auser+user%3Aemail") && url.contains("code_challenge="), "{url}");
    let octo = browser(&server);
    provider.sign_in(&octo).await.is(302);
    let me = who(&octo).await;
    assert_eq!((&me["name"], &me["email"]), (&json!("octo"), &json!("octo@example.org")));
    let subject = "SELECT subject FROM credentials WHERE kind = 'provider'";
    assert_eq!(server.database().text(subject), format!("{} 583231", provider.url()));
    // somebody else, whose address nobody has proven
    let mut other = person(json!([{"email": "new@example.org", "primary": true, "verified": false}]));
    other["person"]["/api/v3/user"]["id"] = json!(7);
    provider.set(other).await;
    provider.sign_in(&browser(&server)).await.refused(403, "provider_mail_unverified");
    // what is wrong with the code it says with a status of success
    let back = provider.visit(&sent(&octo, "/api/auth/example/login").await).await;
    let (before, after) = back.split_once("code=").expect("a code");
    let (_, after) = after.split_once('&').expect("a state");
    octo.get(format!("{before}code=x&{after}")).await.refused(400, "sign_in_stale");
    provider.set(json!({"person": {}})).await;
    provider.sign_in(&browser(&server)).await.refused(503, "provider_invalid");
}

#[tokio::test]
async fn a_secret_is_read_from_its_file_each_time_and_a_wrong_one_is_the_operators_to_mend() {
    let data = json!({"id": "42", "name": "Bird", "username": "bird", "confirmed_email": "bird@example.org"});
    let provider = Provider::known(json!({"person": {"/2/users/me": {"data": data}}}));
    let file = tempfile();
    std::fs::write(&file.1, "wrong\n").expect("a file");
    let mut section = provider.section();
    section.as_object_mut().expect("members").remove("clientSecret");
    section["clientSecretFile"] = json!(file.1);
    section["kind"] = json!("twitter");
    let server = Server::builder().config(json!({"auth": {"providers": [section]}})).start().await;
    server.admin().await;
    let bird = browser(&server);
    provider.sign_in(&bird).await.refused(503, "provider_refused");
    std::fs::write(&file.1, format!("{}\n", provider.secret())).expect("a file");
    provider.sign_in(&bird).await.is(302);
    assert_eq!(
        (&who(&bird).await["name"], &who(&bird).await["email"]),
        (&json!("Bird"), &json!("bird@example.org"))
    );
    std::fs::remove_file(&file.1).expect("a file");
    provider.sign_in(&bird).await.refused(503, "provider_refused");
    for secret in [provider.secret(), "wrong"] {
        assert!(!server.log().contains(&format!("{secret:?}")), "{secret}");
    }
}

fn tempfile() -> (bedrud_tests::TempDir, std::path::PathBuf) {
    let directory = bedrud_tests::TempDir::with_prefix("bedrud-provider-").expect("a directory");
    let path = directory.path().join("secret");
    (directory, path)
}
