//! Answers that come before a request is whole still reach whoever is sending; refusals carry the headers that belong to them.
use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use bedrud_tests::{Server, json, repository, tls};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
};

const MUCH: usize = 2 << 20;

/// Sends the whole request before it reads anything, as the clients of Python and Node do; the status of the answer.
async fn sent_first(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: Vec<u8>) -> String {
    for part in request.chunks(64 << 10) {
        stream.write_all(part).await.expect("the other side reads on");
    }
    stream.flush().await.expect("the other side reads on");
    let (mut answer, mut some) = (Vec::new(), [0; 4096]);
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut some).await.expect("an answer, no reset");
        assert!(read > 0, "an answer before the end");
        answer.extend_from_slice(&some[..read]);
    }
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).expect("a status line").to_owned()
}

fn request(method: &str, path: &str, kind: &str, bytes: usize, more: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n{more}");
    let _ = write!(text, "Content-Type: {kind}\r\nContent-Length: {bytes}\r\n\r\n");
    let mut request = text.into_bytes();
    request.resize(request.len() + bytes, b'x');
    request
}

/// What is refused before anybody looks at the body, and how.
const EARLY: &[(&str, &str, &str)] = &[
    ("POST", "/api/room/create", "401"),
    ("POST", "/api/no/such/route", "404"),
    ("POST", "/api/health", "405"),
    ("POST", "/m/standup", "405"),
    ("POST", "/livekit/twirp/livekit.RoomService/CreateRoom", "404"),
    ("POST", "/api/auth/login", "413"),
    ("POST", "/api/livekit/webhook", "413"),
];

#[tokio::test]
async fn a_refusal_reaches_whoever_is_still_sending() {
    let server = Server::start().await;
    for (method, path, status) in EARLY {
        for (bytes, more) in [(MUCH, ""), (MUCH, "Connection: close\r\n"), (700, "")] {
            if *status == "413" && bytes < MUCH {
                continue;
            }
            let stream = TcpStream::connect(server.address()).await.expect("connected");
            // too large is what would have been read; everything else may be of any kind
            let kind = if *status == "413" { "application/json" } else { "multipart/form-data; boundary=x" };
            let sent = request(method, path, kind, bytes, more);
            assert_eq!(sent_first(stream, sent).await, *status, "{method} {path} {bytes} {more}");
        }
    }
}

#[tokio::test]
async fn so_it_does_over_tls_and_over_http_2() {
    let server = Server::builder().tls(json!({"mode": "self-signed"})).start().await;
    for (method, path, status) in EARLY.iter().filter(|(_, path, _)| !path.contains("webhook")) {
        let sent = request(method, path, "application/json", MUCH, "");
        assert_eq!(sent_first(tls::anyone(server.address()).await, sent).await, *status, "{method} {path}");

        let mut settings = tls::settings(&tls::Believe::Anything);
        settings.alpn_protocols = vec![b"h2".to_vec()];
        let stream = tls::connect(server.address(), "127.0.0.1", settings).await.expect("a handshake");
        let spoken = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
        let (mut sender, connection) = spoken.expect("HTTP/2");
        tokio::spawn(connection);
        let sent = Request::builder().method(*method).uri(format!("https://localhost{path}"));
        let sent = sent.header("content-type", "application/json");
        let sent = sent.body(Full::new(Bytes::from(vec![b'x'; MUCH]))).expect("a request");
        let answer = sender.send_request(sent).await.unwrap_or_else(|e| panic!("{method} {path}: {e:?}"));
        assert_eq!(answer.status().as_str(), *status, "{method} {path}");
        let again = Request::get("https://localhost/api/health").body(Full::default()).expect("a request");
        let answer = sender.send_request(again).await.expect("the connection lives");
        assert_eq!(answer.status().as_u16(), 200);
    }
}

#[tokio::test]
async fn so_it_does_on_the_control_socket() {
    let server = Server::start().await;
    for (method, path, status) in
        [("POST", "/v1/nothing", "404"), ("POST", "/v1/status", "405"), ("POST", "/v1/users", "413")]
    {
        let stream = UnixStream::connect(server.socket()).await.expect("connected");
        let sent = request(method, path, "application/json", MUCH, "");
        assert_eq!(sent_first(stream, sent).await, status, "{method} {path}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_told_so() {
    let server = Server::start().await;
    let cookie = format!("Cookie: {}\r\n", "x".repeat(200 << 10));
    let sent = request("GET", "/api/health", "text/plain", 0, &cookie);
    let stream = TcpStream::connect(server.address()).await.expect("connected");
    assert_eq!(sent_first(stream, sent).await, "431");
}

#[tokio::test]
async fn whoever_asks_before_sending_is_answered_before_sending() {
    let server = Server::start().await;
    let mut sent = request("POST", "/api/room/create", "application/json", MUCH, "Expect: 100-continue\r\n");
    sent.truncate(sent.len() - MUCH);
    let stream = TcpStream::connect(server.address()).await.expect("connected");
    assert_eq!(sent_first(stream, sent).await, "401");
}

#[tokio::test]
async fn a_wrong_method_is_405_with_those_that_are_right() {
    let server = Server::with_sfu().await;
    let stranger = server.stranger();
    let document = stranger.get("/api/swagger/openapi.json").await.ok().json();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let mut takes: BTreeSet<String> =
            methods.as_object().expect("methods").keys().map(|method| method.to_uppercase()).collect();
        if takes.contains("GET") {
            takes.insert("HEAD".to_owned());
        }
        let concrete: String = path.replace(['{', '}'], "");
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            if takes.contains(method) {
                continue;
            }
            let answer = stranger.request(method.parse().expect("a method"), &concrete).await;
            let answer = answer.refused(405, "method_not_allowed");
            let told: BTreeSet<String> =
                answer.header("allow").split(',').map(|one| one.trim().to_owned()).collect();
            assert_eq!(told, takes, "{answer}");
        }
    }
    let told = stranger.post("/livekit/rtc").await.refused(405, "method_not_allowed");
    assert_eq!(told.header("allow"), "GET");
    let told = stranger.delete("/m/standup").await.refused(405, "method_not_allowed");
    assert_eq!(told.header("allow"), "GET, HEAD");
    let told = server.control(Method::PUT, "/v1/users", None).await.refused(405, "method_not_allowed");
    assert_eq!(told.header("allow"), "GET,HEAD,POST");
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_told_how_to_be() {
    let server = Server::start().await;
    let told = server.stranger().get("/api/auth/me").await.refused(401, "not_signed_in");
    assert_eq!(told.header("www-authenticate"), "Bearer");
    let told = server.stranger().bearer("x").get("/api/auth/me").await.is(401);
    assert_eq!(told.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn every_file_of_the_page_is_the_same_in_every_coding() {
    let server = Server::start().await;
    let mut unpacked = 0;
    for name in page_files(&page()) {
        let at = |end: &str| fs::read(page().join(format!("{name}{end}"))).ok();
        let plain = at("").expect("a file");
        for (takes, end) in [("br", ".br"), ("gzip", ".gz"), ("identity", "")] {
            let path = format!("/{name}");
            let answer = server.stranger().get(&path).header("accept-encoding", takes).await.is(200);
            let coded = answer.headers.contains_key("content-encoding");
            let whole = if coded { at(end).expect("a packed file") } else { plain.clone() };
            assert!(
                answer.body == whole,
                "{path} as {takes}: {} of {} bytes",
                answer.body.len(),
                whole.len()
            );
            unpacked += u32::from(takes == "identity" && at(".br").is_some());
        }
    }
    assert!(unpacked > 10, "{unpacked} files were packed");
}

/// The built page, which the daemon has in it.
fn page() -> PathBuf {
    repository().join("frontend/build")
}

/// Its files as a browser asks for them.
fn page_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a built page").map(|entry| entry.expect("an entry").path());
    let named = |path: &Path| path.strip_prefix(page()).expect("below").to_str().expect("a name").to_owned();
    let asked = |name: &String| !name.ends_with(".br") && !name.ends_with(".gz") && name != "csp.json";
    entries
        .flat_map(|path| if path.is_dir() { page_files(&path) } else { vec![named(&path)] })
        .filter(asked)
        .collect()
}
