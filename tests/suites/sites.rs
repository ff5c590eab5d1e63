//! Pages of other sites: may call the API where the configuration lists them, and show the page in a frame where it does.
use bedrud_tests::{Answer, Server, json};
use http::Method;

const APP: &str = "https://app.example.org";

async fn asked(server: &Server, origin: &str) -> Answer {
    let request = server.stranger().request(Method::OPTIONS, "/api/auth/login").header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    request.header("access-control-request-headers", "authorization,content-type").await
}

#[tokio::test]
async fn a_listed_site_may_call_the_api_and_no_other() {
    let config = json!({"cors": {"allowedOrigins": ["https://App.example.org/"]}});
    let server = Server::builder().config(config).start().await;
    server.admin().await;
    let allowed = asked(&server, APP).await;
    assert!((200..300).contains(&allowed.status), "{allowed}");
    assert_eq!(allowed.header("access-control-allow-origin"), APP);
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    assert!(allowed.header("access-control-allow-methods").contains("POST"), "{allowed}");
    assert!(allowed.header("access-control-allow-headers").to_lowercase().contains("authorization"));
    let body = json!({"email": "admin@example.org", "password": bedrud_tests::PASSWORD});
    let login = server.stranger().post("/api/auth/login").json(body).header("origin", APP);
    let answer = login.header("sec-fetch-site", "cross-site").await.ok();
    assert_eq!(answer.header("access-control-allow-origin"), APP);

    let other = asked(&server, "https://other.example.org").await;
    assert_eq!(other.header("access-control-allow-origin"), "", "{other}");
    let read =
        server.stranger().get("/api/auth/settings").header("origin", "https://other.example.org").await;
    assert_eq!(read.ok().header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn where_nobody_is_listed_no_site_is_told_anything() {
    let server = Server::start().await;
    let answer = asked(&server, APP).await;
    assert_eq!((answer.header("access-control-allow-origin"), answer.status), ("", 405), "{answer}");
}

#[tokio::test]
async fn the_page_is_shown_in_the_frames_of_listed_sites_only() {
    let policy = async |config| {
        let server = Server::builder().config(config).start().await;
        let page = server.stranger().get("/m/standup").await.is(200);
        assert_eq!(page.header("x-frame-options"), "");
        page.header("content-security-policy").to_owned()
    };
    let usual = policy(json!({})).await;
    assert!(
        usual.starts_with("default-src 'none'") && usual.ends_with("; frame-ancestors 'none'"),
        "{usual}"
    );
    let sites = ["https://intranet.example.org", "https://*.Example.net"];
    let listed = policy(json!({"server": {"frameAncestors": sites}})).await;
    assert!(
        listed.ends_with("; frame-ancestors https://intranet.example.org https://*.example.net"),
        "{listed}"
    );
}
