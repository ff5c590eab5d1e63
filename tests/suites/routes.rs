//! The route matrix: every documented route, tried by every kind of caller. The list of routes comes from the server's
//! own API document, so a new route without a line in the table fails.
use std::collections::BTreeSet;

use bedrud_tests::{Answer, Client, Server, json, lk::Participant};

use crate::calls::enter;

/// Who asks, in the order of the table's columns. `Member` is inside the room, `Other` has nothing to do with it.
const CALLERS: [&str; 7] = ["nobody", "guest", "member", "other", "owner", "moderator", "admin"];

/// One line of the table: what each caller gets.
struct Route {
    method: &'static str,
    path: &'static str,
    body: &'static str,
    gets: [u16; 7],
    /// Ends the caller's session or the room: every try has people and a room of its own.
    spends: bool,
}

const fn route(method: &'static str, path: &'static str, gets: [u16; 7]) -> Route {
    Route { method, path, body: "", gets, spends: false }
}

impl Route {
    const fn with(self, body: &'static str) -> Self {
        Self { body, ..self }
    }
    const fn spends(self) -> Self {
        Self { spends: true, ..self }
    }
}

/// The same for everybody.
const fn all(status: u16) -> [u16; 7] {
    [status; 7]
}
/// Guests included.
const fn signed_in(status: u16) -> [u16; 7] {
    [401, status, status, status, status, status, status]
}
/// No guests.
const fn with_account(status: u16) -> [u16; 7] {
    [401, 403, status, status, status, status, status]
}
/// Owner, moderators, administrators.
const fn moderators(status: u16) -> [u16; 7] {
    [401, 403, 403, 403, status, status, status]
}
/// Owner and administrators.
const fn owners(status: u16) -> [u16; 7] {
    [401, 403, 403, 403, status, 403, status]
}

/// Administrators of the server.
const fn administrators(status: u16) -> [u16; 7] {
    [401, 403, 403, 403, 403, 403, status]
}

/// `{room}` is a slug, `{id}` the room's id, `{identity}` somebody who is not inside (so that a verb which is allowed
/// says 404), `{member}` and `{owner}` two who are.
const TABLE: &[Route] = &[
    // everybody
    route("GET", "/api/health", all(200)),
    route("GET", "/api/ready", all(200)),
    route("GET", "/api/cert", all(404)), // without TLS
    route("GET", "/api/auth/settings", all(200)),
    route("POST", "/api/auth/setup", all(403))
        .with(r#"{"token":"x","email":"x@example.org","password":"correct horse battery","name":"X"}"#),
    route("POST", "/api/auth/register", all(400))
        .with(r#"{"email":"owner@example.org","password":"correct horse battery","name":"X"}"#),
    route("POST", "/api/auth/login", all(401))
        .with(r#"{"email":"owner@example.org","password":"wrong horse battery"}"#),
    route("POST", "/api/auth/guest-login", all(200)).with(r#"{"name":"Greta"}"#),
    route("POST", "/api/auth/passkey/login/begin", all(200)),
    route("POST", "/api/auth/passkey/login/finish", all(401))
        .with(r#"{"credentialId":"AA","clientDataJSON":"AA","authenticatorData":"AA","signature":"AA"}"#),
    route("POST", "/api/auth/passkey/signup/begin", all(200))
        .with(r#"{"email":"owner@example.org","name":"Nobody"}"#),
    route("POST", "/api/auth/passkey/signup/finish", all(400))
        .with(r#"{"clientDataJSON":"AA","attestationObject":"AA"}"#),
    route("POST", "/api/auth/refresh", all(400)),
    // nobody signs in by another's word here
    route("GET", "/api/auth/{provider}/login", all(404)),
    route("GET", "/api/auth/{provider}/callback", all(404)),
    // this server sends no mail
    route("POST", "/api/auth/forgot-password", all(403)).with(r#"{"email":"owner@example.org"}"#),
    route("POST", "/api/auth/verify/resend", all(403)).with(r#"{"email":"owner@example.org"}"#),
    route("POST", "/api/auth/reset-password", all(400))
        .with(r#"{"token":"x","newPassword":"correct horse battery"}"#),
    route("POST", "/api/auth/verify", all(401)).with(r#"{"token":"x"}"#),
    route("POST", "/api/room/path-check", all(200)),
    route("POST", "/api/room/guest-join", all(200)).with(r#"{"roomName":"{room}","guestName":"Greta"}"#),
    route("GET", "/api/room/check/{roomName}", all(200)),
    route("POST", "/api/livekit/webhook", all(401)).with("{}"),
    // the signed-in
    route("GET", "/api/auth/me", signed_in(200)),
    route("GET", "/api/auth/verify/status", signed_in(200)),
    route("POST", "/api/auth/logout", signed_in(200)).spends(),
    route("GET", "/api/auth/preferences", signed_in(200)),
    route("PUT", "/api/auth/preferences", signed_in(200)).with(r#"{"preferencesJson":"{}"}"#),
    route("POST", "/api/room/join", signed_in(200)).with(r#"{"roomName":"{room}"}"#),
    route("POST", "/api/room/refresh-token", signed_in(200)).with(r#"{"roomName":"{room}"}"#),
    route("GET", "/api/room/{id}/presence", all(200)),
    route("GET", "/api/room/{id}/participant/{identity}/info", [401, 403, 403, 403, 404, 404, 404]),
    route("GET", "/api/room/{id}/participant/{identity}/profile", [401, 403, 404, 403, 404, 404, 403]),
    // everybody has just joined, above
    route("GET", "/api/room/{id}/chat", signed_in(200)),
    route("POST", "/api/room/{id}/chat", signed_in(200)).with(r#"{"id":"x","message":"Hello"}"#),
    route("DELETE", "/api/room/{id}/chat/{identity}/{message}", moderators(404)),
    route("GET", "/api/room/{id}/lobby/{ticket}", signed_in(404)),
    route("DELETE", "/api/room/{id}/lobby/{ticket}", signed_in(404)),
    // accounts
    route("PUT", "/api/auth/me", with_account(200)).with(r#"{"name":"Somebody"}"#),
    route("PUT", "/api/auth/password", with_account(400))
        .with(r#"{"currentPassword":"wrong","newPassword":"correct horse battery"}"#),
    route("GET", "/api/auth/sessions", with_account(200)),
    route("DELETE", "/api/auth/sessions/{id}", with_account(404)),
    route("POST", "/api/auth/passkey/register/begin", with_account(200)),
    route("POST", "/api/auth/passkey/register/finish", with_account(400))
        .with(r#"{"clientDataJSON":"AA","attestationObject":"AA"}"#),
    route("GET", "/api/auth/passkeys", with_account(200)),
    route("GET", "/api/auth/me/export", with_account(200)),
    route("DELETE", "/api/auth/me", with_account(400)),
    route("PATCH", "/api/auth/passkeys/{id}", with_account(404)).with(r#"{"name":"Key"}"#),
    route("DELETE", "/api/auth/passkeys/{id}", with_account(404)),
    route("GET", "/api/auth/providers", with_account(200)),
    route("POST", "/api/auth/providers/{id}/link", with_account(404)),
    route("DELETE", "/api/auth/providers/{id}", with_account(404)),
    route("POST", "/api/room/create", with_account(200)).with("{}"),
    route("GET", "/api/room/list", with_account(200)),
    route("GET", "/api/room/inside", with_account(200)),
    route("GET", "/api/room/archived", with_account(200)),
    // administrators
    route("GET", "/api/admin/invite-tokens", administrators(200)),
    route("POST", "/api/admin/invite-tokens", administrators(201)),
    route("DELETE", "/api/admin/invite-tokens/{id}", administrators(404)),
    route("GET", "/api/admin/overview", administrators(200)),
    route("GET", "/api/admin/online-count", administrators(200)),
    route("GET", "/api/admin/cert-info", administrators(200)),
    route("GET", "/api/admin/settings", administrators(200)),
    route("PUT", "/api/admin/settings", administrators(200)).with(r#"{"id":1}"#),
    route("POST", "/api/admin/settings/validate", administrators(200)),
    route("POST", "/api/admin/settings/send-test-email", administrators(409))
        .with(r#"{"to":"a@example.org"}"#),
    route("GET", "/api/admin/users", administrators(200)),
    route("GET", "/api/admin/users/recent", administrators(200)),
    route("GET", "/api/admin/users/{id}", administrators(404)),
    route("PUT", "/api/admin/users/{id}/status", administrators(404)).with(r#"{"active":false}"#),
    route("PUT", "/api/admin/users/{id}/accesses", administrators(404)).with(r#"{"accesses":["user"]}"#),
    route("PUT", "/api/admin/users/{id}/password", administrators(404))
        .with(r#"{"password":"correct horse battery"}"#),
    route("POST", "/api/admin/users/{id}/force-logout", administrators(404)),
    route("POST", "/api/admin/users/{id}/verify", administrators(404)),
    route("POST", "/api/admin/users/{id}/verify/resend", administrators(404)),
    route("GET", "/api/admin/users/{id}/sessions", administrators(404)),
    route("DELETE", "/api/admin/users/{id}", administrators(404)),
    route("POST", "/api/admin/users/bulk/ban", administrators(200)).with(r#"{"ids":[]}"#),
    route("POST", "/api/admin/users/bulk/promote", administrators(200)).with(r#"{"ids":[]}"#),
    route("POST", "/api/admin/users/bulk/delete", administrators(202)).with(r#"{"ids":[]}"#),
    route("GET", "/api/admin/webhooks", administrators(200)),
    route("POST", "/api/admin/webhooks", administrators(201))
        .with(r#"{"url":"http://1.1.1.1/","isActive":false}"#),
    route("GET", "/api/admin/webhooks/{id}", administrators(404)),
    route("PUT", "/api/admin/webhooks/{id}", administrators(404)).with("{}"),
    route("DELETE", "/api/admin/webhooks/{id}", administrators(404)),
    route("POST", "/api/admin/webhooks/{id}/rotate-secret", administrators(404)),
    route("POST", "/api/admin/webhooks/{id}/test", administrators(404)),
    route("POST", "/api/admin/webhooks/{id}/replay", administrators(404)),
    route("GET", "/api/admin/webhooks/{id}/deliveries", administrators(404)),
    route("GET", "/api/admin/webhooks/{id}/deliveries/{delivery}", administrators(404)),
    route("POST", "/api/admin/webhooks/{id}/deliveries/{delivery}/replay", administrators(404)),
    // the owner
    route("PUT", "/api/room/{id}/settings", owners(200)).with(r#"{"isPublic":true}"#),
    route("DELETE", "/api/room/{id}", owners(202)).spends(),
    route("POST", "/api/room/{id}/promote/{identity}", owners(404)),
    route("POST", "/api/room/{id}/demote/{identity}", owners(404)),
    // moderators
    route("POST", "/api/room/{id}/kick/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/ban/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/unban/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/mute/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/mute-all", moderators(200)).with(r#"{"hold":false}"#),
    route("POST", "/api/room/{id}/hold/{identity}/{device}", moderators(404)),
    route("POST", "/api/room/{id}/release/{identity}/{device}", moderators(404)),
    route("POST", "/api/room/{id}/release-all", moderators(200)),
    route("POST", "/api/room/{id}/chat/{identity}/block", moderators(404)),
    route("POST", "/api/room/{id}/chat/{identity}/unblock", moderators(404)),
    route("POST", "/api/room/{id}/deafen/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/undeafen/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/spotlight/{identity}", moderators(404)),
    route("POST", "/api/room/{id}/stage/{identity}/bring", moderators(404)),
    route("POST", "/api/room/{id}/stage/{identity}/remove", moderators(404)),
    route("POST", "/api/room/{id}/video/{identity}/off", moderators(404)),
    route("POST", "/api/room/{id}/screenshare/{identity}/stop", moderators(404)),
    route("POST", "/api/room/{id}/ask/{identity}/unmute", moderators(404)),
    route("POST", "/api/room/{id}/ask/{identity}/camera", moderators(404)),
    route("GET", "/api/room/{id}/lobby", moderators(200)),
    route("POST", "/api/room/{id}/lobby/{ticket}/admit", moderators(404)),
    route("POST", "/api/room/{id}/lobby/{ticket}/deny", moderators(404)),
    route("POST", "/api/room/{id}/lobby/admit", moderators(200)),
    route("GET", "/api/room/{id}/invitations", moderators(200)),
    route("POST", "/api/room/{id}/invitations", moderators(200)),
    route("DELETE", "/api/room/{id}/invitations/{invitation}", moderators(404)),
    route("POST", "/api/room/{id}/lock", moderators(200)).spends(),
    route("POST", "/api/room/{id}/unlock", moderators(200)),
    route("POST", "/api/room/{id}/end", moderators(200)).spends(),
];

/// A room with everybody who has to do with it.
struct Scene {
    callers: [Client; 7],
    room: String,
    id: String,
    _inside: Vec<Participant>,
}

impl Scene {
    /// `tag` keeps names apart where a server plays several scenes.
    async fn set(server: &Server, tag: &str) -> Self {
        let name = |who: &str| format!("{who}{tag}");
        let (owner, moderator) = (server.user(&name("owner")).await, server.user(&name("moderator")).await);
        let (member, other) = (server.user(&name("member")).await, server.user(&name("other")).await);
        let room = name("standup");
        let id = owner.room(&room).await["id"].as_str().expect("an id").to_owned();
        let mut inside = Vec::new();
        for person in [&owner, &moderator, &member] {
            inside.push(enter(person, &room).await);
        }
        owner.post(format!("/api/room/{id}/promote/{}", moderator.id().await)).await.ok();
        let admin = server.login("admin").await.ok().text("tokens/accessToken"); // a session of its own
        let admin = server.stranger().bearer(admin);
        let guest = server.guest("Guest").await;
        let callers = [server.stranger(), guest, member, other, owner, moderator, admin];
        Self { callers, room, id, _inside: inside }
    }

    async fn ask(&self, route: &Route, caller: usize) -> Answer {
        let identity = "00000000-0000-4000-8000-000000000000";
        let path = route
            .path
            .replace("{roomName}", &self.room)
            .replace("{provider}", "nobody")
            .replace("{device}", "camera")
            .replace("{ticket}", identity)
            .replace("{message}", identity)
            .replace("{invitation}", identity)
            .replace("{delivery}", identity)
            .replace("{identity}", identity);
        let id = if path.starts_with("/api/room/") { self.id.as_str() } else { identity };
        let path = path.replace("{id}", id);
        let method = route.method.parse().expect("a method");
        let request = self.callers[caller].request(method, path);
        match route.body {
            "" => request.await,
            body => request.raw("application/json", body.replace("{room}", &self.room)).await,
        }
    }
}

#[tokio::test]
async fn every_documented_route_is_in_the_table() {
    let server = Server::start().await;
    let document = server.stranger().get("/api/swagger/openapi.json").await.ok().json();
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            documented.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let tabled: BTreeSet<String> =
        TABLE.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let missing: Vec<_> = documented.difference(&tabled).collect();
    let surplus: Vec<_> = tabled.difference(&documented).collect();
    assert!(missing.is_empty(), "routes without a line in the table of this file: {missing:#?}");
    assert!(surplus.is_empty(), "lines of the table without a documented route: {surplus:#?}");
}

#[tokio::test]
async fn every_caller_gets_what_the_table_says() {
    let server = Server::with_sfu().await;
    let shared = Scene::set(&server, "").await;
    let mut wrong = Vec::new();
    for (number, route) in TABLE.iter().enumerate() {
        for (caller, who) in CALLERS.iter().enumerate() {
            let own = if route.spends {
                Some(Scene::set(&server, &format!("-{number}-{caller}")).await)
            } else {
                None
            };
            let answer = own.as_ref().unwrap_or(&shared).ask(route, caller).await;
            if answer.status != route.gets[caller] {
                wrong.push(format!("{who} should get {}: {answer}", route.gets[caller]));
            }
            let success = answer.status < 300;
            let shaped = if success {
                answer.json().is_object() || answer.json().is_array()
            } else {
                answer.json()["code"].is_string()
            };
            if !shaped && route.path != "/api/ready" {
                wrong.push(format!("{who} gets a shape that is not the contract's: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} tries:\n{}", wrong.len(), TABLE.len() * 7, wrong.join("\n"));
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let server = Server::with_sfu().await;
    server.user("alice").await;
    let browser = server.stranger().with_cookies();
    let body = json!({"email": "alice@example.org", "password": bedrud_tests::PASSWORD});
    let login = browser.post("/api/auth/login").json(body).await.ok();
    let bearer = server.stranger().bearer(login.text("tokens/accessToken"));
    let id = bearer.room("standup").await["id"].as_str().expect("an id").to_owned();
    browser.get("/api/auth/me").await.ok();
    for route in TABLE.iter().filter(|route| route.method != "GET" && route.gets[0] == 401) {
        // the SFU signs its own; signing out takes the refresh cookie, which no other site can send
        if matches!(route.path, "/api/livekit/webhook" | "/api/auth/logout" | "/api/auth/verify") {
            continue;
        }
        let path = route
            .path
            .replace("{id}", &id)
            .replace("{identity}", "x")
            .replace("{provider}", "nobody")
            .replace("{device}", "camera")
            .replace("{ticket}", "x")
            .replace("{message}", "x")
            .replace("{invitation}", "x")
            .replace("{delivery}", "x");
        let method = route.method.parse().expect("a method");
        let body = route.body.replace("{room}", "standup");
        browser.request(method, path).raw("application/json", body).await.is(401).sentence();
    }
    bearer.get("/api/auth/me").await.ok();
    assert_eq!(bearer.get("/api/room/list").await.ok().json().as_array().map(Vec::len), Some(1));
}
