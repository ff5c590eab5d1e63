//! What a stop is for those who are connected: told and given a moment, over signalling and over TURN.
use bedrud_tests::{
    Server, json,
    stun::{self, Message},
    tls, until,
};
use futures_util::StreamExt;
use tokio::{io::AsyncReadExt, net::TcpStream};
use tokio_tungstenite::{client_async, tungstenite::Message as Frame};

use crate::{calls::ticket, tls_turn::asked};

/// Going away (RFC 6455, 7.4.1).
const AWAY: u16 = 1001;

async fn server() -> Server {
    Server::builder().sfu().tls(json!({"mode": "self-signed"})).start().await
}

#[tokio::test]
async fn somebody_in_a_meeting_is_told() {
    let mut server = server().await;
    let alice = server.user("alice").await;
    alice.room("standup").await;
    let (_, token) = ticket(&alice, "standup").await;
    let address =
        format!("ws://localhost/livekit/rtc?access_token={token}&protocol=17&sdk=rust&version=0.1.0");
    let (mut socket, _) =
        client_async(address, tls::anyone(server.address()).await).await.expect("a WebSocket");
    let first = socket.next().await.expect("an answer").expect("a frame");
    assert!(matches!(first, Frame::Binary(_)), "{first:?}");

    server.terminate();
    let told = loop {
        match socket.next().await.expect("a good-bye").expect("no broken line") {
            Frame::Close(told) => break told.expect("a reason"),
            _ => continue,
        }
    };
    assert_eq!(u16::from(told.code), AWAY);
    assert!(socket.next().await.is_none(), "then it ends in order");
    assert_eq!(server.ended().await, Some(0));
    assert!(!server.log().contains("still open"), "{}", server.log());
}

#[tokio::test]
async fn a_relay_has_a_moment_and_ends_in_order() {
    let mut server = server().await;
    let mut relay = tls::anyone(server.address()).await;
    let is_there = Message::new(stun::BINDING);
    assert_eq!(asked(&mut relay, &is_there).await.kind, stun::BINDING + stun::DONE);
    server.terminate();
    until("the listener to close", async || TcpStream::connect(server.address()).await.err()).await;
    assert_eq!(asked(&mut relay, &is_there).await.kind, stun::BINDING + stun::DONE, "it goes on");
    let mut rest = Vec::new();
    relay.read_to_end(&mut rest).await.expect("a clean close");
    assert!(rest.is_empty());
    assert_eq!(server.ended().await, Some(0));
    assert!(!server.log().contains("still open"), "{}", server.log());
}
