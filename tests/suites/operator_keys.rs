//! `bedrudctl keys`: the secret that signs tokens is exchanged in the middle of everything, and nobody notices.
use std::fs;

use bedrud_tests::{Server, json};

const WOULD_CHANGE: i32 = 7;

#[tokio::test]
async fn the_key_of_the_sessions_is_exchanged_and_nobody_is_signed_out() {
    let mut server = Server::start().await;
    server.user("alice").await;
    let login = server.login("alice").await.ok();
    let (access, refresh) = (login.text("tokens/accessToken"), login.text("tokens/refreshToken"));
    let secret = |server: &Server| fs::read_to_string(server.path("state/secrets")).expect("the secret");
    let (first, listed) = (secret(&server), server.ctl(["keys", "list", "--json"]).await.ok().json());
    server.ctl(["keys", "rotate", "--sessions", "--dry-run"]).await.exited(WOULD_CHANGE);
    assert_eq!(secret(&server), first, "a dry run");
    let new = server.ctl(["keys", "rotate", "--sessions", "--json"]).await.ok().json();
    assert_ne!(secret(&server), first);
    assert_ne!(new["id"], listed["keys"][0]["id"]);

    let again = async |server: &Server, refresh: &str| {
        server.stranger().bearer(access.clone()).get("/api/auth/me").await.ok();
        let body = json!({"refresh_token": refresh});
        server.stranger().post("/api/auth/refresh").json(body).await.ok().text("refresh_token")
    };
    let next = again(&server, &refresh).await;
    // also after a restart, and signed by one key while it is believed and by the next one
    server.stop().await;
    server.spawn();
    server.ready().await;
    let next = again(&server, &next).await;
    server.ctl(["keys", "rotate", "--sessions"]).await.ok();
    again(&server, &next).await;

    let told = server.ctl(["keys", "list"]).await.ok().stdout;
    assert!(told.contains("sessions") && told.contains("livekit"), "{told}");
    for text in [told, server.ctl(["keys", "list", "--json"]).await.ok().stdout, server.log()] {
        assert!(!text.contains(first.trim()) && !text.contains(secret(&server).trim()), "no secret");
    }
    let listed = server.ctl(["keys", "list", "--json"]).await.ok().json();
    let sessions: Vec<_> =
        listed["keys"].as_array().expect("keys").iter().filter(|key| key["kind"] == "sessions").collect();
    assert_eq!(sessions.len(), 3, "{listed:#}");
    assert!(sessions[0]["believedUntil"].is_null() && sessions[1]["believedUntil"].is_string(), "{listed:#}");
    let audited = server.ctl(["audit", "--verb", "keys.rotate", "--json"]).await.ok().json();
    assert_eq!(audited["lines"].as_array().map(Vec::len), Some(2));
}
