//! `bedrudctl cert` where the certificate is no authority's: made here, from files, or none at all.
use std::fs;

use bedrud_tests::{Server, json, tls};

const FAILED: i32 = 1;
const USAGE: i32 = 2;
const CONFLICT: i32 = 6;
const WOULD_CHANGE: i32 = 7;

async fn shown(server: &Server) -> Vec<u8> {
    tls::shown(&tls::anyone(server.address()).await)
}

#[tokio::test]
async fn one_made_here_is_made_anew_only_after_a_yes() {
    let server = Server::builder().tls(json!({"mode": "self-signed"})).start().await;
    let first = shown(&server).await;
    server.ctl(["cert", "renew"]).await.failed(USAGE);
    server.ctl(["cert", "renew", "--dry-run"]).await.exited(WOULD_CHANGE);
    assert_eq!(shown(&server).await, first);
    let told = server.ctl(["cert", "renew", "--yes", "--json"]).await.ok().json();
    assert_eq!((&told["mode"], &told["lastError"]), (&json!("self-signed"), &json!("")), "{told}");
    assert!(told["names"].as_array().is_some_and(|names| names.contains(&json!("localhost"))), "{told}");
    assert_ne!(shown(&server).await, first);
    let written = "SELECT count(*) FROM audit WHERE verb = 'certificate.renew' AND actor LIKE 'operator:%'";
    assert_eq!(server.database().number(written), 1, "who exchanged it is written down");
}

#[tokio::test]
async fn files_are_read_at_once_and_what_is_wrong_with_them_is_told() {
    let mut server = Server::builder().tls(json!({"mode": "files"})).prepare();
    let put = |(chain, key): (String, String)| {
        fs::write(server.path("cert.pem"), chain).expect("written");
        fs::write(server.path("key.pem"), key).expect("written");
    };
    put(tls::pair("meet.example.org", 30));
    let section = json!({"tls": {"certFile": server.path("cert.pem"), "keyFile": server.path("key.pem")}});
    server.reconfigure(section);
    server.spawn();
    server.ready().await;
    let first = shown(&server).await;
    let second = tls::pair("meet.example.org", 30);
    fs::write(server.path("cert.pem"), &second.0).expect("written");
    let refused = server.ctl(["cert", "renew"]).await.failed(FAILED);
    assert!(refused.stderr.contains("key does not belong"), "{refused:?}");
    assert_eq!(shown(&server).await, first, "the old pair stays");
    fs::write(server.path("key.pem"), &second.1).expect("written");
    server.ctl(["cert", "renew"]).await.ok();
    assert_ne!(shown(&server).await, first);
    assert_eq!(server.ctl(["cert", "status", "--json"]).await.ok().json()["lastError"], "");
}

#[tokio::test]
async fn without_tls_there_is_none() {
    let server = Server::start().await;
    let told = server.ctl(["cert", "status", "--json"]).await.ok().json();
    assert_eq!((&told["mode"], &told["names"]), (&json!("off"), &json!([])), "{told}");
    server.ctl(["cert", "renew"]).await.failed(CONFLICT);
}
