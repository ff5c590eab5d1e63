//! LiveKit signalling: one WebSocket with protobuf messages, in the classic form (`/rtc` with query parameters) in which
//! the server uses two peer connections.
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use livekit_protocol::{self as proto, signal_request as request, signal_response as response};
use prost::Message as _;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::mpsc,
    time::Instant,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message},
};

use super::participant::JoinError;
use crate::tls;

/// Newest protocol of server 1.13.5. 13 and later set `LeaveRequest.action`.
const PROTOCOL: u32 = 17;

/// The two ends of the signalling connection; `incoming` ends when it is lost.
pub(super) struct Signal {
    pub(super) outgoing: mpsc::UnboundedSender<request::Message>,
    pub(super) incoming: mpsc::UnboundedReceiver<response::Message>,
}

/// Which tracks of the others a participant takes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    Everything,
    Nothing,
}

/// Opens the socket. With `resume`, the participant session of this sid is taken up again instead of a new one.
///
/// Returns the first answer of the server: `Join`, or `Reconnect` when resuming.
pub(super) async fn connect(
    host: &str,
    token: &str,
    wants: Wants,
    resume: Option<&str>,
) -> Result<(Signal, response::Message), JoinError> {
    let again = resume.map(|sid| format!("&reconnect=1&sid={sid}")).unwrap_or_default();
    let all = u8::from(wants == Wants::Everything);
    let url = format!(
        "{}/rtc?access_token={token}&protocol={PROTOCOL}&sdk=rust&version=0.1.0&auto_subscribe={all}{again}",
        host.trim_end_matches('/')
    );
    let line = stream(&url).await.map_err(|error| JoinError::Broken(error.to_string()))?;
    let (mut socket, _) = client_async(url, line).await.map_err(|error| match error {
        Error::Http(answer) => JoinError::Refused(answer.status().as_u16()),
        error => JoinError::Broken(error.to_string()),
    })?;
    let first = loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => match proto::SignalResponse::decode(bytes) {
                Ok(answer) => break answer.message,
                Err(error) => return Err(JoinError::Broken(error.to_string())),
            },
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(JoinError::Broken(error.to_string())),
            None => return Err(JoinError::Broken("closed before the first answer".into())),
        }
    };
    let first = first.ok_or_else(|| JoinError::Broken("empty first answer".into()))?;
    if let response::Message::Leave(leave) = &first {
        return Err(JoinError::Left(leave.reason()));
    }
    let every = match &first {
        response::Message::Join(join) => Duration::from_secs(join.ping_interval.max(1) as u64),
        _ => Duration::from_secs(5),
    };
    let (outgoing, requests) = mpsc::unbounded_channel();
    let (answers, incoming) = mpsc::unbounded_channel();
    tokio::spawn(pump(socket, every, requests, answers));
    Ok((Signal { outgoing, incoming }, first))
}

/// What a WebSocket runs over, with or without TLS.
trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Line for S {}

async fn stream(url: &str) -> std::io::Result<Box<dyn Line>> {
    let url: http::Uri = url.parse().map_err(std::io::Error::other)?;
    let is_tls = url.scheme_str() == Some("wss");
    // an IPv6 address in a URL has brackets
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let place = (host, url.port_u16().unwrap_or(if is_tls { 443 } else { 80 }));
    if !is_tls {
        return Ok(Box::new(TcpStream::connect(place).await?));
    }
    let address = tokio::net::lookup_host(place).await?.next().ok_or(std::io::ErrorKind::NotFound)?;
    Ok(Box::new(tls::connect(address, host, tls::settings(&tls::Believe::Anything)).await?))
}

/// Moves messages both ways and pings, until either side is gone.
async fn pump(
    socket: WebSocketStream<Box<dyn Line>>,
    every: Duration,
    mut requests: mpsc::UnboundedReceiver<request::Message>,
    answers: mpsc::UnboundedSender<response::Message>,
) {
    let (mut sink, mut source) = socket.split();
    let mut ping = tokio::time::interval(every);
    let started = Instant::now();
    loop {
        let message = tokio::select! {
            message = source.next() => match message {
                Some(Ok(Message::Binary(bytes))) => {
                    if let Ok(proto::SignalResponse { message: Some(answer) }) = proto::SignalResponse::decode(bytes)
                        && answers.send(answer).is_err() { return }
                    continue;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => continue,
            },
            message = requests.recv() => match message {
                Some(message) => message,
                None => { let _ = sink.close().await; return }
            },
            _ = ping.tick() => request::Message::PingReq(proto::Ping {
                timestamp: started.elapsed().as_millis() as i64,
                rtt: 0,
            }),
        };
        let bytes = proto::SignalRequest { message: Some(message) }.encode_to_vec();
        if sink.send(Message::Binary(bytes.into())).await.is_err() {
            return;
        }
    }
}
