//! Mode `files`: exchanged while people connect, by writing and by rename; a broken pair changes nothing.
use std::{
    fs,
    process::{Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use bedrud_tests::{Server, json, tls, until};

/// A server with this pair; the files are `cert.pem` and `key.pem` of its directory.
fn prepared(pair: &(String, String)) -> Server {
    let server = Server::builder().tls(json!({"mode": "files"})).prepare();
    write(&server, pair);
    let section = json!({"tls": {"certFile": server.path("cert.pem"), "keyFile": server.path("key.pem")}});
    server.reconfigure(section);
    server
}

fn write(server: &Server, (chain, key): &(String, String)) {
    fs::write(server.path("cert.pem"), chain).expect("written");
    fs::write(server.path("key.pem"), key).expect("written");
}

async fn started(pair: &(String, String)) -> Server {
    let mut server = prepared(pair);
    server.spawn();
    server.ready().await;
    server
}

async fn shown(server: &Server) -> Vec<u8> {
    tls::shown(&tls::anyone(server.address()).await)
}

#[tokio::test]
async fn the_pair_is_exchanged_and_no_connection_is_dropped() {
    let server = started(&tls::pair("meet.example.org", 30)).await;
    let first = shown(&server).await;
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let mut people = Vec::new();
    for kept in [true, true, false, false] {
        let (client, stop, asked) = (server.stranger(), stop.clone(), asked.clone());
        let address = server.address();
        people.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                if kept {
                    client.get("/api/health").await.ok(); // on the connection that is open
                } else {
                    let (status, _) = tls::get(tls::anyone(address).await, "/api/health").await.expect("one");
                    assert_eq!(status, 200);
                }
                asked.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    let mut seen = first;
    for by_rename in [false, true] {
        let new = tls::pair("meet.example.org", 60);
        if by_rename {
            fs::write(server.path("cert.new"), &new.0).expect("written");
            fs::write(server.path("key.new"), &new.1).expect("written");
            fs::rename(server.path("cert.new"), server.path("cert.pem")).expect("renamed");
            fs::rename(server.path("key.new"), server.path("key.pem")).expect("renamed");
        } else {
            write(&server, &new);
        }
        let before = seen.clone();
        seen = until("the new certificate", async || {
            let now = shown(&server).await;
            (now != before).then_some(now)
        })
        .await;
    }
    let until_now = asked.load(Ordering::Relaxed);
    until("requests after the exchange", async || {
        (asked.load(Ordering::Relaxed) > until_now + 8).then_some(())
    })
    .await;
    stop.store(true, Ordering::Relaxed);
    for person in people {
        person.await.expect("no request failed");
    }
}

#[tokio::test]
async fn a_pair_that_cannot_be_served_changes_nothing() {
    let good = tls::pair("meet.example.org", 30);
    let server = started(&good).await;
    let first = shown(&server).await;
    let (other, expired) = (tls::pair("meet.example.org", 30), tls::pair("meet.example.org", -1));
    let broken = ("no certificate at all".to_owned(), good.1.clone());
    for (pair, code) in [
        ((other.0, good.1.clone()), "key_mismatch"),
        (expired, "certificate_expired"),
        (broken, "certificate_missing"),
    ] {
        write(&server, &pair);
        until("a line about the pair", async || server.log().contains(code).then_some(())).await;
        assert_eq!(shown(&server).await, first, "{code}");
    }
    fs::remove_file(server.path("cert.pem")).expect("removed");
    until("a line about the file", async || server.log().contains("file_unreadable").then_some(())).await;
    assert_eq!(shown(&server).await, first);
    let newest = tls::pair("meet.example.org", 90);
    write(&server, &newest);
    until("the good pair", async || (shown(&server).await != first).then_some(())).await;
}

#[tokio::test]
async fn a_start_with_broken_files_says_everything_that_is_wrong() {
    let good = tls::pair("meet.example.org", 30);
    let other = tls::pair("meet.example.org", 30);
    for (pair, lines) in [
        ((good.0.clone(), other.1), &["tls.keyFile: ", "[key_mismatch]"][..]),
        (tls::pair("meet.example.org", -1), &["tls.certFile: ", "[certificate_expired]"]),
        ((String::new(), String::new()), &["tls.certFile: ", "[certificate_missing]"]),
    ] {
        let told = refused(&prepared(&pair)).await;
        assert!(lines.iter().all(|line| told.contains(line)), "{told}");
    }
    let server = prepared(&good);
    for file in ["cert.pem", "key.pem"] {
        fs::remove_file(server.path(file)).expect("removed");
    }
    let told = refused(&server).await;
    assert_eq!(told.matches("[file_unreadable]").count(), 2, "{told}");
    let nothing = Server::builder().tls(json!({"mode": "files"})).prepare();
    let told = refused(&nothing).await;
    assert_eq!(told.matches("[missing_value]").count(), 2, "{told}");
}

async fn refused(server: &Server) -> String {
    let mut command = tokio::process::Command::from(server.command("run"));
    let child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().expect("bedrud");
    let ended = tokio::time::timeout(bedrud_tests::PATIENCE, child.wait_with_output()).await;
    let Output { status, stderr, .. } = ended.expect("it should have refused").expect("output");
    let told = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!status.success() && !told.contains("panicked"), "{told}");
    told
}
