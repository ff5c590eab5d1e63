//! TURN through the TLS port: spliced to the real SFU after eight bytes, with its own answers, and to nobody else.
use bedrud_tests::{
    Server, json,
    stun::{self, Message},
    tls::{self, Believe},
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::calls::enter;

async fn server() -> Server {
    Server::builder().sfu().tls(json!({"mode": "self-signed"})).start().await
}

async fn asked(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), message: &Message) -> Message {
    let asking = stun::ask(stream, message, None);
    tokio::time::timeout(bedrud_tests::PATIENCE, asking).await.expect("in time").expect("an answer")
}

#[tokio::test]
async fn turn_and_http_share_the_port_with_and_without_alpn() {
    let server = server().await;
    for protocols in [&[][..], &["http/1.1"], &["h2", "http/1.1"], &["stun.turn"]] {
        let mut settings = tls::settings(&Believe::Anything);
        settings.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        let mut stream = tls::connect(server.address(), "localhost", settings).await.expect("a handshake");
        assert_eq!(asked(&mut stream, &Message::new(stun::BINDING)).await.kind, stun::BINDING + stun::DONE);
        // who has no credential is asked for one, and told the realm
        let refusal = asked(&mut stream, &Message::allocate()).await;
        assert_eq!(refusal.failure(), Some(401), "{protocols:?}");
        assert!(refusal.credential("", "").is_some(), "{refusal:?}");
    }
    server.stranger().get("/api/health").await.ok();
}

#[tokio::test]
async fn a_header_in_pieces_is_still_turn() {
    let server = server().await;
    let mut stream = tls::anyone(server.address()).await;
    let bytes = Message::new(stun::BINDING).bytes(None);
    for byte in &bytes {
        stream.write_all(&[*byte]).await.expect("sent");
        stream.flush().await.expect("sent");
    }
    let mut head = [0; 20];
    stream.read_exact(&mut head).await.expect("an answer");
    assert_eq!(u16::from_be_bytes([head[0], head[1]]), stun::BINDING + stun::DONE);
}

#[tokio::test]
async fn somebody_in_a_meeting_gets_a_relay_to_this_sfu_and_to_nobody_else() {
    let server = server().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let inside = enter(&alice, "standup").await;
    let seen = inside.seen();
    let through_443 =
        seen.ice_servers.iter().find(|one| one.urls.iter().any(|url| url.starts_with("turns:")));
    let told = through_443.unwrap_or_else(|| panic!("no turns: among {:?}", seen.ice_servers));
    assert!(told.urls.iter().any(|url| url == "turns:127.0.0.1:443?transport=tcp"), "{told:?}");

    let mut stream = tls::anyone(server.address()).await;
    let refusal = asked(&mut stream, &Message::allocate()).await;
    let who = refusal.credential(&told.username, &told.credential).expect("a realm");
    let given = stun::ask(&mut stream, &Message::allocate(), Some(&who)).await.expect("an answer");
    assert!(given.is_allocated(), "{given:?}");

    let node = server.node_address().await;
    let mut permission = async |peer: String| {
        let message = Message::permission(peer.parse().expect("an address"));
        stun::ask(&mut stream, &message, Some(&who)).await.expect("an answer")
    };
    let own = permission(format!("{node}:7882")).await;
    assert_eq!(own.kind, stun::CREATE_PERMISSION + stun::DONE, "{own:?}");
    for other in ["203.0.113.77:53", "127.0.0.1:22", "10.255.255.254:80", "169.254.169.254:80"] {
        let answer = permission(other.to_owned()).await;
        assert_eq!(answer.kind, stun::CREATE_PERMISSION + stun::FAILED, "{other}: {answer:?}");
    }
    inside.leave().await;
}

#[tokio::test]
async fn without_an_sfu_turn_is_closed_and_http_goes_on() {
    let server = Server::builder().tls(json!({"mode": "self-signed"})).start().await;
    let mut stream = tls::anyone(server.address()).await;
    stream.write_all(&Message::new(stun::BINDING).bytes(None)).await.expect("sent");
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.expect("a clean close");
    assert!(heard.is_empty());
    server.stranger().get("/api/health").await.ok();
}
