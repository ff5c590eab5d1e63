//! What clients of an SFU that has died are told: to begin anew. Without it they first ask the next one to go on where
//! they were, which costs a round trip, and in it the first request of its life.

use std::{io::ErrorKind, net::SocketAddr};

use livekit_protocol::{
    DisconnectReason, LeaveRequest, SignalResponse, leave_request::Action, signal_response::Message::Leave,
};
use prost::Message;
use tokio::net::TcpStream;

/// A whole message in binary (RFC 6455, 5.2), of less than 126 bytes.
const BINARY: u8 = 0x82;

/// A WebSocket frame that sends clients back to the beginning, if nobody listens where the SFU was any more. A living SFU
/// that let go of one of them is left to answer for itself.
pub(crate) async fn words_if_gone(sfu: SocketAddr) -> Vec<u8> {
    match TcpStream::connect(sfu).await {
        Err(e) if e.kind() == ErrorKind::ConnectionRefused => frame(&leave()),
        _ => Vec::new(),
    }
}

/// As LiveKit itself says it to whoever would go on in a session that it does not know; protocols before 13 read `can_reconnect`.
fn leave() -> SignalResponse {
    let leave = LeaveRequest {
        can_reconnect: true,
        reason: DisconnectReason::StateMismatch.into(),
        action: Action::Reconnect.into(),
        ..LeaveRequest::default()
    };
    SignalResponse { message: Some(Leave(leave)) }
}

fn frame(message: &SignalResponse) -> Vec<u8> {
    let body = message.encode_to_vec();
    let length = u8::try_from(body.len()).unwrap_or_default();
    [&[BINARY, length], body.as_slice()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_is_sent_away_from_an_sfu_that_lives() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sfu = listener.local_addr().expect("its address");
        assert_eq!(words_if_gone(sfu).await, Vec::<u8>::new());
        drop(listener);
        let words = words_if_gone(sfu).await;
        assert_eq!(words[..2], [BINARY, 8]);
        assert_eq!(SignalResponse::decode(&words[2..]).expect("a message"), leave());
    }
}
