//! HTTPS by itself: versions, protocols, the certificate made here, port 80, and whoever speaks something else.
use std::{future::IntoFuture, sync::Arc, time::Duration};

use bedrud_tests::{
    Server, json,
    tls::{self, Believe},
};
use rustls::{ProtocolVersion, client::ClientSessionMemoryCache, version};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn self_signed() -> Server {
    Server::builder().tls(json!({"mode": "self-signed"})).start().await
}

/// Says this and reads until the other side closes.
async fn say(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin), bytes: &[u8]) -> Vec<u8> {
    stream.write_all(bytes).await.expect("sent");
    stream.flush().await.expect("sent");
    let mut heard = Vec::new();
    let ended = tokio::time::timeout(bedrud_tests::PATIENCE, stream.read_to_end(&mut heard)).await;
    ended.expect("it should have closed").expect("a clean close");
    heard
}

#[tokio::test]
async fn both_versions_and_both_protocols() {
    let server = self_signed().await;
    for (version, name) in
        [(&version::TLS12, ProtocolVersion::TLSv1_2), (&version::TLS13, ProtocolVersion::TLSv1_3)]
    {
        for protocols in [&["h2", "http/1.1"][..], &["http/1.1"], &[]] {
            let mut settings = tls::settings_of(&Believe::Anything, &[version]);
            settings.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
            let stream = tls::connect(server.address(), "localhost", settings).await.expect("a handshake");
            let session = stream.get_ref().1;
            assert_eq!(session.protocol_version(), Some(name));
            assert_eq!(session.alpn_protocol(), protocols.first().map(|p| p.as_bytes()));
            let (status, body) = tls::get(stream, "/api/health").await.expect("an answer");
            assert!(status == 200 && body.contains("healthy"), "{status} {body}");
        }
    }
}

#[tokio::test]
async fn sessions_are_resumed() {
    let server = self_signed().await;
    for version in [&version::TLS12, &version::TLS13] {
        let memory = Arc::new(ClientSessionMemoryCache::new(8));
        let settings = tls::remembering(tls::settings_of(&Believe::Anything, &[version]), memory);
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let stream =
                tls::connect(server.address(), "localhost", settings.clone()).await.expect("a handshake");
            kinds.push(stream.get_ref().1.handshake_kind());
            tls::get(stream, "/api/health").await.expect("an answer");
        }
        assert_eq!(kinds[1], Some(rustls::HandshakeKind::Resumed), "{version:?} {kinds:?}");
    }
}

#[tokio::test]
async fn the_certificate_made_here_is_believed_by_whoever_was_given_it() {
    let config = json!({"server": {"domain": "meet.example.org"}});
    let mut server =
        Server::builder().tls(json!({"mode": "self-signed"})).config(config.clone()).start().await;
    let pem = server.stranger().get("/api/cert").await.is(200);
    assert_eq!(pem.header("content-type"), "application/x-pem-file");
    let pem = String::from_utf8(pem.body.to_vec()).expect("PEM");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("PRIVATE"), "{pem}");
    let shown = {
        let mut shown = Vec::new();
        for name in ["meet.example.org", "localhost", "127.0.0.1", "::1"] {
            let settings = tls::settings(&Believe::Pem(pem.clone()));
            // webpki refuses a CA as an end certificate, as LiveKit's own clients do
            let stream = tls::connect(server.address(), name, settings).await.expect(name);
            shown = tls::shown(&stream);
        }
        shown
    };
    let settings = tls::settings(&Believe::Pem(pem));
    tls::connect(server.address(), "other.example.org", settings).await.expect_err("a name it is not for");
    let stranger = server.stranger().get("/api/health").await.ok();
    assert_eq!(stranger.header("strict-transport-security"), "", "the warning could not be passed any more");

    server.stop().await;
    server.spawn();
    server.ready().await;
    assert_eq!(tls::shown(&tls::anyone(server.address()).await), shown, "kept over a restart");
    server.stop().await;
    server.reconfigure(json!({"server": {"domain": "other.example.org"}}));
    server.spawn();
    server.ready().await;
    assert_ne!(tls::shown(&tls::anyone(server.address()).await), shown, "made anew for another name");
}

#[tokio::test]
async fn port_80_redirects_and_does_nothing_else() {
    let server = self_signed().await;
    let plain = bedrud_tests::Client::new(format!("http://{}", server.plain_address()));
    for path in ["/", "/m/standup?x=1", "/api/health", "/api/cert", "/livekit/rtc"] {
        let answer = plain.get(path).header("host", "meet.example.org:8080").await.is(308);
        let place = format!("https://meet.example.org:{}{path}", server.address().port());
        assert_eq!(answer.header("location"), place);
    }
    plain.post("/api/auth/login").json(json!({})).await.is(308);
    plain.get("/.well-known/acme-challenge/nobody-asked").await.is(404);
}

#[tokio::test]
async fn http_on_the_tls_port_is_told_so() {
    let server = self_signed().await;
    let mut stream = TcpStream::connect(server.address()).await.expect("a connection");
    let heard = say(&mut stream, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let heard = String::from_utf8_lossy(&heard);
    assert!(heard.starts_with("HTTP/1.1 400 ") && heard.contains("https://"), "{heard}");
}

#[tokio::test]
async fn tls_on_an_http_port_is_closed_without_a_word() {
    let server = self_signed().await;
    let hello = [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0];
    let mut stream = TcpStream::connect(server.plain_address()).await.expect("a connection");
    assert!(say(&mut stream, &hello).await.is_empty());
    let open = Server::start().await; // mode off
    let mut stream = TcpStream::connect(open.address()).await.expect("a connection");
    assert!(say(&mut stream, &hello).await.is_empty());
    open.stranger().get("/api/health").await.ok();
}

#[tokio::test]
async fn garbage_is_closed_and_hurts_nobody() {
    let server = self_signed().await;
    for garbage in [&[0_u8; 64][..], &[0xFF; 64], b"\x00\x03\x00\x08\x21\x12\xA4\x43", b"\x16\x03\x01"] {
        let mut stream = tls::anyone(server.address()).await;
        assert!(say(&mut stream, garbage).await.is_empty(), "after the handshake {garbage:?}");
    }
    for garbage in [&[0_u8; 64][..], &[0xFF; 64]] {
        let mut stream = TcpStream::connect(server.address()).await.expect("a connection");
        assert!(say(&mut stream, garbage).await.is_empty(), "instead of a handshake {garbage:?}");
    }
    server.stranger().get("/api/health").await.ok();
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[tokio::test]
async fn silent_and_slow_connections_block_nobody() {
    let server = self_signed().await;
    let mut idle = Vec::new();
    for _ in 0..50 {
        idle.push(tls::anyone(server.address()).await); // a browser's preconnect
    }
    let mut half = tls::anyone(server.address()).await;
    half.write_all(&[0, 3, 0, 8]).await.expect("half a STUN header");
    half.flush().await.expect("sent");
    let _never_begun = TcpStream::connect(server.address()).await.expect("a connection");
    let answer =
        tokio::time::timeout(Duration::from_secs(9), server.stranger().get("/api/health").into_future());
    answer.await.expect("soon").ok();
    // a preconnect is still good for a request
    let (status, _) = tls::get(idle.pop().expect("one"), "/api/health").await.expect("an answer");
    assert_eq!(status, 200);
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(bedrud_tests::PATIENCE, half.read_to_end(&mut rest));
    closed.await.expect("half a header is not waited for any longer").expect("a clean close");
    assert!(rest.is_empty());
}
