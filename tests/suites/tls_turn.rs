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

/// The answer to this.
pub(crate) async fn asked(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), message: &Message) -> Message {
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

/// The peers that somebody in a meeting may and may not reach through the relay of a server that tells `node` as its own
/// addresses, one or more. The relay is asked for as the join answer says, at the port of the server's own URL.
async fn relays(node: Option<&str>, to: &str, not_to: &[&str]) {
    let told_address = node.map_or(json!({}), |node| json!({"nodeIP": node}));
    let builder = Server::builder().sfu().tls(json!({"mode": "self-signed"}));
    let server = builder.config(json!({"livekit": told_address})).start().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let inside = enter(&alice, "standup").await;
    let seen = inside.seen();
    let here = format!("turns:127.0.0.1:{}?transport=tcp", server.address().port());
    let told = seen.ice_servers.iter().find(|one| one.urls.contains(&here));
    let told = told.unwrap_or_else(|| panic!("no {here} among {:?}", seen.ice_servers));

    let mut stream = tls::anyone(server.address()).await;
    let refusal = asked(&mut stream, &Message::allocate()).await;
    let who = refusal.credential(&told.username, &told.credential).expect("a realm");
    let given = stun::ask(&mut stream, &Message::allocate(), Some(&who)).await.expect("an answer");
    assert!(given.is_allocated(), "{given:?}");
    let mut permission = async |peer: &str| {
        let message = Message::permission(format!("{peer}:7882").parse().expect("an address"));
        stun::ask(&mut stream, &message, Some(&who)).await.expect("an answer")
    };
    let own = server.node_address().await;
    let own = if to.is_empty() { &own } else { to };
    let answer = permission(own).await;
    assert_eq!(answer.kind, stun::CREATE_PERMISSION + stun::DONE, "{own}: {answer:?}");
    for other in not_to {
        let answer = permission(other).await;
        assert_eq!(answer.kind, stun::CREATE_PERMISSION + stun::FAILED, "{other}: {answer:?}");
    }
    inside.leave().await;
}

const STRANGERS: [&str; 5] = ["203.0.113.77", "127.0.0.1", "10.255.255.254", "169.254.169.254", "0.0.0.0"];

#[tokio::test]
async fn somebody_in_a_meeting_gets_a_relay_to_this_sfu_and_to_nobody_else() {
    relays(None, "", &STRANGERS).await;
}

#[tokio::test]
async fn a_private_address_is_reached_and_its_neighbours_are_not() {
    relays(Some("10.99.0.7"), "10.99.0.7", &[&STRANGERS[..], &["10.99.0.6", "10.99.0.8"]].concat()).await;
}

#[tokio::test]
async fn behind_nat_the_outer_address_is_reached_and_no_own_one() {
    // the one this machine would send from; nothing is sent
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").expect("a socket");
    socket.connect("198.51.100.1:9").expect("a route");
    let own = socket.local_addr().expect("bound").ip().to_string();
    relays(Some("203.0.113.9"), "203.0.113.9", &[&STRANGERS[..], &[&own]].concat()).await;
}

#[tokio::test]
async fn with_two_families_told_the_ipv4_one_is_reached_and_no_other() {
    relays(Some("203.0.113.9,2001:db8::9"), "203.0.113.9", &STRANGERS).await;
}

#[tokio::test]
async fn at_443_it_is_announced_as_the_sfu_does_it() {
    let front = json!({"frontendURL": "https://meet.example.org"});
    let builder = Server::builder().sfu().tls(json!({"mode": "self-signed"}));
    let server = builder.config(json!({"server": front})).start().await;
    let file = server.path("run/livekit.yaml");
    let text = std::fs::read_to_string(&file).expect("the SFU's file");
    assert!(text.contains("domain: meet.example.org") && !text.contains("turn_servers"), "{text}");
}

#[tokio::test]
async fn everybody_has_a_credential_for_the_relay_of_their_own() {
    let server = server().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let mut names = Vec::new();
    for person in [alice, server.user("bob").await] {
        let inside = enter(&person, "standup").await;
        let relays = inside.seen().ice_servers;
        names.extend(relays.into_iter().filter(|one| one.urls.iter().any(|url| url.starts_with("turns:"))));
        inside.leave().await;
    }
    let [one, other] = names.as_slice() else { panic!("{names:?}") };
    assert_ne!((&one.username, &one.credential), (&other.username, &other.credential));
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
