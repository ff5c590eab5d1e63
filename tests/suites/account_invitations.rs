//! Invitations to an account: who comes in by one, once, and who does not.
use bedrud_tests::{Answer, Client, PASSWORD, Server, Value, json};

fn account(name: &str, token: &str) -> Value {
    json!({"email": format!("{name}@example.org"), "password": PASSWORD, "name": name, "inviteToken": token})
}

async fn register(server: &Server, name: &str, token: &str) -> Answer {
    server.stranger().post("/api/auth/register").json(account(name, token)).await
}

async fn invite(admin: &Client, body: Value) -> Value {
    admin.post("/api/admin/invite-tokens").json(body).await.is(201).json()
}

fn token(invitation: &Value) -> &str {
    invitation["token"].as_str().expect("a token")
}

/// By invitation only.
async fn closed() -> (Server, Client) {
    let server = Server::start().await;
    let admin = server.admin().await;
    server.ctl(["settings", "set", "tokenRegistrationOnly", "true"]).await.ok();
    (server, admin)
}

#[tokio::test]
async fn an_invitation_makes_one_account_and_a_failed_try_does_not_burn_it() {
    let (server, admin) = closed().await;
    let without = json!({"email": "a@example.org", "password": PASSWORD, "name": "Ada"});
    server.stranger().post("/api/auth/register").json(without).await.refused(403, "invitation_required");
    let made = invite(&admin, json!({})).await;
    assert_eq!((&made["email"], &made["usedAt"], &made["used"]), (&json!(""), &Value::Null, &json!(false)));
    let token = token(&made);
    // what fails leaves it as it was
    let mut short = account("alice", token);
    short["password"] = json!("short");
    server.stranger().post("/api/auth/register").json(short).await.refused(400, "registration_refused");
    register(&server, "admin", token).await.refused(400, "registration_refused");
    let alice = register(&server, "alice", token).await.ok();
    register(&server, "bob", token).await.refused(403, "invitation_invalid");
    let listed = admin.get("/api/admin/invite-tokens").await.ok().json();
    assert_eq!((&listed["total"], &listed["tokens"][0]["used"]), (&json!(1), &json!(true)));
    assert_eq!(listed["tokens"][0]["usedBy"], alice.json()["user"]["id"]);
    // a letter more or less, another server's, none
    for wrong in [&token[1..], &format!("{token}A"), "AAAA", "not a token"] {
        register(&server, "carol", wrong).await.refused(403, "invitation_invalid");
    }
}

#[tokio::test]
async fn an_invitation_for_a_mail_address_is_for_nobody_else_and_ends() {
    let (server, admin) = closed().await;
    let made = invite(&admin, json!({"email": " Alice@Example.org ", "expiresInHours": 1})).await;
    assert_eq!(made["email"], "alice@example.org");
    register(&server, "bob", token(&made)).await.refused(403, "invitation_invalid");
    register(&server, "alice", token(&made)).await.ok();
    for wrong in
        [json!({"email": "no address"}), json!({"expiresInHours": 0}), json!({"expiresInHours": 9000})]
    {
        let refused = admin.post("/api/admin/invite-tokens").json(wrong).await.is(400);
        assert!(["mail_invalid", "hours_invalid"].contains(&refused.code().as_str()), "{refused}");
    }
    let late = invite(&admin, json!({})).await;
    let back = invite(&admin, json!({})).await;
    let id = late["id"].as_str().expect("an id");
    let sql =
        format!("UPDATE account_invitations SET expires_at = created_at WHERE id = '{id}' RETURNING id");
    assert_eq!(server.database().text(&sql), id);
    register(&server, "carol", token(&late)).await.refused(403, "invitation_invalid");
    let id = back["id"].as_str().expect("an id");
    admin.delete(format!("/api/admin/invite-tokens/{id}")).await.ok();
    admin.delete(format!("/api/admin/invite-tokens/{id}")).await.refused(404, "not_found");
    register(&server, "carol", token(&back)).await.refused(403, "invitation_invalid");
}

#[tokio::test]
async fn of_many_who_come_by_one_invitation_at_once_one_gets_in() {
    let (server, admin) = closed().await;
    let made = invite(&admin, json!({})).await;
    let tries = (0..6).map(|number| {
        let (server, token) = (&server, token(&made));
        async move { register(server, &format!("racer{number}"), token).await.status }
    });
    let mut statuses = futures_util::future::join_all(tries).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| [403, 409].contains(status)), "{statuses:?}");
    let users = server.ctl(["user", "list", "racer", "--json"]).await.ok().json();
    assert_eq!(users["total"], 1, "{users}");
}

#[tokio::test]
async fn the_operator_invites_and_closed_means_closed() {
    let (server, _) = closed().await;
    let told = server.ctl(["invite", "create", "--email", "alice@example.org", "--json"]).await.ok().json();
    let link = told["link"].as_str().expect("a link");
    let (page, token) = link.split_once('#').expect("the secret is behind the sign");
    assert!(page.ends_with("/signup"), "{link}");
    assert!(server.ctl(["invite", "list"]).await.ok().stdout.contains("alice@example.org"));
    // an open server takes anybody, also with an invitation that does not serve
    server.ctl(["settings", "set", "tokenRegistrationOnly", "false"]).await.ok();
    register(&server, "bob", "AAAA").await.ok();
    // a closed one takes nobody
    server.ctl(["settings", "set", "registrationEnabled", "false"]).await.ok();
    register(&server, "alice", token).await.refused(403, "registration_closed");
    server.ctl(["settings", "set", "registrationEnabled", "true"]).await.ok();
    register(&server, "alice", token).await.ok();
    let id = told["id"].as_str().expect("an id");
    server.ctl(["invite", "revoke", id, "--yes"]).await.ok();
    server.ctl(["invite", "revoke", id, "--yes"]).await.exited(4);
}

/// The second administrator, signed in.
async fn second(server: &Server, account: &Value) -> Client {
    let body = json!({"email": "second@example.org", "password": account["password"]});
    let login = server.stranger().post("/api/auth/login").json(body).await.ok();
    server.stranger().bearer(login.text("tokens/accessToken"))
}

#[tokio::test]
async fn an_invitation_ends_with_the_office_of_who_made_it() {
    let (server, _) = closed().await;
    let account =
        server.ctl(["user", "add", "second@example.org", "--admin", "--generate-password", "--json"]);
    let account = account.await.ok().json();
    let made = invite(&second(&server, &account).await, json!({})).await;
    assert_eq!(made["serves"], true);
    let from_shell = server.ctl(["invite", "create", "--json"]).await.ok().json();
    let serve = async || {
        let listed = server.ctl(["invite", "list", "--json"]).await.ok().json();
        let one =
            listed["invitations"].as_array().expect("a list").iter().find(|one| one["id"] == made["id"]);
        one.expect("it is listed")["serves"].clone()
    };
    // no administrator any more, or kept out
    for (ends, goes_on) in [
        (
            vec!["user", "role", "second@example.org", "user"],
            vec!["user", "role", "second@example.org", "admin"],
        ),
        (vec!["user", "disable", "second@example.org"], vec!["user", "enable", "second@example.org"]),
    ] {
        server.ctl(ends).await.ok();
        assert_eq!(serve().await, false);
        register(&server, "alice", token(&made)).await.refused(403, "invitation_invalid");
        server.ctl(goes_on).await.ok();
        assert_eq!(serve().await, true);
    }
    let another = invite(&second(&server, &account).await, json!({})).await;
    register(&server, "alice", token(&made)).await.ok();
    server.ctl(["user", "delete", "second@example.org", "--yes"]).await.ok();
    register(&server, "bob", token(&another)).await.refused(403, "invitation_invalid");
    let (_, token) = from_shell["link"].as_str().and_then(|link| link.split_once('#')).expect("a link");
    register(&server, "bob", token).await.ok();
}
