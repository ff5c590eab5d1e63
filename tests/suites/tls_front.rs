//! What stands in front and behind: PROXY headers, sockets of the service manager, limits, and the order of a stop.
use std::net::SocketAddr;

use bedrud_tests::{Client, Server, free_port, json, tls, until};
use http::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A PROXY header of version 2 for a client at this IPv4 address, or of a health check.
fn introduction(client: Option<[u8; 4]>) -> Vec<u8> {
    let mut header = b"\r\n\r\n\0\r\nQUIT\n".to_vec();
    match client {
        None => header.extend([0x20, 0x00, 0, 0]),
        Some(address) => {
            header.extend([0x21, 0x11, 0, 12]);
            header.extend(address);
            header.extend([192, 0, 2, 1, 0xC0, 0, 1, 0xBB]);
        }
    }
    header
}

/// A try to sign in that fails; the status tells whether it counted as one too many from its address.
fn attempt(who: char) -> Vec<u8> {
    let body = format!("{{\"email\":\"{who}@example.org\",\"password\":\"wrong\"}}");
    let head =
        "POST /api/auth/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json";
    format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn heard(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, said: &[u8]) -> String {
    stream.write_all(said).await.expect("sent");
    stream.flush().await.expect("sent");
    let mut all = Vec::new();
    let reading = tokio::time::timeout(bedrud_tests::PATIENCE, stream.read_to_end(&mut all));
    reading.await.expect("closed in time").expect("closed in order");
    String::from_utf8_lossy(&all).chars().take(12).collect()
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

fn proxied(by: &str) -> serde_json::Value {
    json!({
        "server": {"trustedProxies": [by], "proxyProtocol": true},
        "rateLimit": {"auth": {"max": 1, "windowSeconds": 60}},
        "livekit": {"webhookPort": 0},
    })
}

#[tokio::test]
async fn a_trusted_front_end_says_who_its_client_is() {
    let mut server = Server::builder().config(proxied("127.0.0.1")).prepare();
    server.spawn();
    until("the control socket", async || server.socket().exists().then_some(())).await;
    let status = server.control(Method::GET, "/v1/status", None).await.json();
    let address: SocketAddr = status["httpAddress"].as_str().expect("text").parse().expect("an address");
    for (who, client, status) in [
        ('a', Some([203, 0, 113, 1]), "HTTP/1.1 401"),
        ('b', Some([203, 0, 113, 2]), "HTTP/1.1 401"),
        ('c', Some([203, 0, 113, 1]), "HTTP/1.1 429"),
        ('d', None, "HTTP/1.1 401"), // the front end itself
    ] {
        let mut stream = connect(address).await;
        stream.write_all(&introduction(client)).await.expect("sent");
        assert_eq!(heard(stream, &attempt(who)).await, status, "{client:?}");
    }
    assert_eq!(
        heard(connect(address).await, &attempt('e')).await,
        "",
        "a front end that does not introduce anybody"
    );
    let mut broken = introduction(Some([203, 0, 113, 3]));
    broken[13] = 0xFF;
    assert_eq!(heard(connect(address).await, &broken).await, "");
}

#[tokio::test]
async fn a_front_end_that_passes_tls_through_says_it_before_the_handshake() {
    let builder = Server::builder().config(proxied("127.0.0.1")).tls(json!({"mode": "self-signed"}));
    let mut server = builder.prepare();
    server.spawn();
    until("the control socket", async || server.socket().exists().then_some(())).await;
    let status = server.control(Method::GET, "/v1/status", None).await.json();
    let address: SocketAddr = status["httpAddress"].as_str().expect("text").parse().expect("an address");
    for (who, status) in [('a', "HTTP/1.1 401"), ('b', "HTTP/1.1 429")] {
        let mut tcp = connect(address).await;
        tcp.write_all(&introduction(Some([203, 0, 113, 9]))).await.expect("sent");
        let stream = tls::over(tcp, "localhost", tls::settings(&tls::Believe::Anything)).await.expect("TLS");
        assert_eq!(heard(stream, &attempt(who)).await, status);
    }
}

#[tokio::test]
async fn nobody_else_is_believed() {
    let server = Server::builder().config(proxied("192.0.2.1")).start().await;
    let mut stream = connect(server.address()).await;
    // an empty line may come before a request, so HTTP is what it is taken for, and it is none
    stream.write_all(&[introduction(Some([203, 0, 113, 1])), attempt('a')].concat()).await.expect("sent");
    let mut answer = String::new();
    // how it ends is as good as any: an answer, an end, a reset
    let _ = tokio::time::timeout(bedrud_tests::PATIENCE, stream.read_to_string(&mut answer)).await;
    assert!(!answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert_eq!(heard(connect(server.address()).await, &attempt('b')).await, "HTTP/1.1 401");
}

#[tokio::test]
async fn plain_http_to_the_world_needs_a_proxy_in_front() {
    for (server, code) in [
        (json!({"host": "0.0.0.0"}), "[plain_http_exposed]"),
        (json!({"proxyProtocol": true}), "[missing_value]"),
        (json!({"trustedProxies": ["everybody"]}), "[invalid_value]"),
        (json!({"domain": "https://meet.example.org"}), "[invalid_value]"),
    ] {
        let server = Server::builder().config(json!({"server": server})).prepare();
        let output = server.command("check-config").output().expect("bedrud");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(code), "{told}");
    }
}

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let config = json!({"server": {"maxConnectionsPerAddress": 5}});
    let server = Server::builder().tls(json!({"mode": "self-signed"})).config(config).start().await;
    let settings = || tls::settings(&tls::Believe::Anything);
    let mut open = Vec::new();
    until("every place to be taken", async || {
        match tls::connect(server.address(), "localhost", settings()).await {
            Ok(stream) => open.push(stream),
            Err(_) => return Some(()),
        }
        None
    })
    .await;
    assert!(open.len() <= 5, "{} connections", open.len());
    open.clear();
    until("a free place", async || tls::connect(server.address(), "localhost", settings()).await.ok()).await;
}

#[tokio::test]
async fn sockets_of_the_service_manager_are_taken() {
    let ports = [free_port(), free_port()];
    let server = json!({"port": ports[0], "httpPort": ports[1]});
    let builder = Server::builder().tls(json!({"mode": "self-signed"})).config(json!({"server": server}));
    let mut server = builder.prepare();
    let listening = |port: u16| format!("127.0.0.1:{port}");
    let socket = server.socket().display().to_string();
    // two of them on one port, as a unit has that names addresses
    let other = format!("127.0.0.2:{}", ports[0]);
    server.spawn_activated(&[listening(ports[0]), other.clone(), listening(ports[1]), socket]);
    let https: SocketAddr = listening(ports[0]).parse().expect("an address");
    until("the service manager to listen", async || TcpStream::connect(https).await.ok()).await;
    let health = Client::new(format!("https://{https}")).get("/api/health").await.ok();
    assert_eq!(health.text("status"), "healthy");
    Client::new(format!("https://{other}")).get("/api/health").await.ok();
    Client::new(format!("http://{}", listening(ports[1]))).get("/").await.is(308);
    let status = server.control(Method::GET, "/v1/status", None).await.json();
    assert_eq!(status["httpAddress"], json!(listening(ports[0])));
    server.terminate();
    assert_eq!(server.ended().await, Some(0));
    assert!(server.socket().exists(), "the socket is the service manager's");
}

#[tokio::test]
async fn a_stop_ends_what_was_begun_and_a_second_one_does_not_wait() {
    let mut server = Server::builder().tls(json!({"mode": "self-signed"})).start().await;
    let whole = attempt('a');
    let (begin, end) = whole.split_at(whole.len() - 1);
    let mut begun = tls::anyone(server.address()).await;
    begun.write_all(begin).await.expect("sent");
    begun.flush().await.expect("sent");
    // whoever comes later is served, so the former has been read
    tls::get(tls::anyone(server.address()).await, "/api/health").await.expect("served");
    server.terminate();
    until("the listener to close", async || TcpStream::connect(server.address()).await.err()).await;
    assert_eq!(heard(begun, end).await, "HTTP/1.1 401", "a request in flight ends");
    assert_eq!(server.ended().await, Some(0));

    server.spawn();
    server.ready().await;
    let mut begun = tls::anyone(server.address()).await;
    begun.write_all(begin).await.expect("sent");
    begun.flush().await.expect("sent");
    tls::get(tls::anyone(server.address()).await, "/api/health").await.expect("served");
    server.terminate();
    until("the listener to close", async || TcpStream::connect(server.address()).await.err()).await;
    server.terminate();
    assert_eq!(server.ended().await, Some(0));
    let log = server.log();
    assert!(log.contains("asked again") && !log.contains("connections were still open"), "it waited");
}
