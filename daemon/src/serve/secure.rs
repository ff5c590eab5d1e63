//! TLS connections: the handshake in its time, then eight bytes decide between TURN, which is spliced to the SFU's own
//! port on this machine, and HTTP. Whoever speaks plain HTTP here is told so; nothing is ever served without TLS.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional_with_sizes},
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

use super::{
    First,
    first::{Begun, farewell},
    seats::Seat,
};

/// Everything up to a finished handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The SFU is on this machine.
const CONNECT: Duration = Duration::from_secs(3);
/// When the server stops, media goes on for so long: signalling ends first, and whoever moves to another way has one.
/// Longer would keep everybody from coming back, since the next process starts when this one has ended.
const PARTING: Duration = Duration::from_secs(1);
/// One TLS record (RFC 8446, 5.1).
const BUFFER_BYTES: usize = 16 << 10;

/// What an ACME server agrees on that looks for the answer to a challenge (RFC 8737, 6.2).
const ACME: &[u8] = b"acme-tls/1";

const SPEAK_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Connection: close\r\n\r\n\
    This port speaks HTTPS only. Use an address that begins with https:// here.\n";

/// Where TURN that came through TLS goes on: the SFU's unencrypted port, while it has one.
pub type Relay = Arc<dyn Fn() -> Option<SocketAddr> + Send + Sync>;

/// What a TLS listener needs. Cheap to clone.
#[derive(Clone)]
pub struct Secure {
    acceptor: TlsAcceptor,
    relay: Relay,
}

/// A stream after the handshake and its first bytes.
pub(super) type Opened = Begun<TlsStream<TcpStream>, Seat>;

impl Secure {
    /// Certificates and protocols are in `settings`; its resolver may exchange the former at any time.
    pub fn new(settings: Arc<ServerConfig>, relay: Relay) -> Self {
        Self { acceptor: TlsAcceptor::from(settings), relay }
    }

    /// Shakes hands. `None` when it came to nothing, which is the peer's affair.
    pub(super) async fn open(&self, stream: TcpStream, seat: Seat) -> Option<(First, Opened)> {
        let stream = match timeout(HANDSHAKE, self.handshake(stream)).await {
            Ok(stream) => stream?,
            Err(_) => {
                tracing::debug!("a TLS handshake was not finished in time");
                return None;
            }
        };
        if stream.get_ref().1.alpn_protocol() == Some(ACME) {
            // the handshake was all it came for (RFC 8737, 3)
            farewell(stream).await;
            return None;
        }
        let agreed = (stream.get_ref().1.alpn_protocol() == Some(b"h2")).then_some(First::Http2);
        let (first, stream) = match Begun::look(stream, seat).await {
            Ok(Some(begun)) => begun,
            Ok(None) => return None,
            Err(e) => {
                tracing::debug!("a connection broke before it said anything: {e}");
                return None;
            }
        };
        // TURN is TURN whatever was agreed on; HTTP/2 is a promise
        Some((if first == First::Turn { first } else { agreed.unwrap_or(first) }, stream))
    }

    async fn handshake(&self, mut stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        let mut byte = [0];
        let first = match stream.peek(&mut byte).await {
            Ok(1..) => First::decide(&byte),
            Ok(0) => return None,
            Err(e) => {
                tracing::debug!("a connection broke before the handshake: {e}");
                return None;
            }
        };
        if first != Some(First::Tls) {
            if matches!(byte, [b'A'..=b'Z' | b'a'..=b'z']) {
                // a peer that is gone already needs no answer
                let _ = stream.write_all(SPEAK_TLS).await;
            }
            farewell(stream).await;
            return None;
        }
        match self.acceptor.accept(stream).await {
            Ok(stream) => Some(stream),
            Err(e) => {
                tracing::debug!("TLS: {e}");
                None
            }
        }
    }

    /// Joins a TURN connection with the SFU until one of them ends it, or this server, which gives it a moment.
    pub(super) async fn splice(&self, mut client: Opened, stop: &CancellationToken) {
        let Some(address) = (self.relay)() else {
            tracing::debug!("TURN came while the SFU is away");
            return farewell(client).await;
        };
        let mut sfu = match timeout(CONNECT, TcpStream::connect(address)).await {
            Ok(Ok(sfu)) => sfu,
            Ok(Err(e)) => {
                tracing::warn!(%address, "the SFU's TURN port does not answer: {e}");
                return farewell(client).await;
            }
            Err(_) => return farewell(client).await,
        };
        // a refused option costs only latency
        let _ = sfu.set_nodelay(true);
        let joined = copy_bidirectional_with_sizes(&mut client, &mut sfu, BUFFER_BYTES, BUFFER_BYTES);
        let stopped = async {
            stop.cancelled().await;
            sleep(PARTING).await;
        };
        tokio::select! {
            done = joined => if let Err(e) = done { tracing::debug!("a TURN connection broke: {e}") },
            () = stopped => {
                // who does not go by itself has had its time
                let _ = timeout(PARTING, farewell(client)).await;
            }
        }
    }
}
