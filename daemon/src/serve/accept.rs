//! Accept loops: one task a connection, HTTP/1.1 and HTTP/2, a cap, backing off when descriptors run out, a stop with a deadline.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use super::{ClientAddress, Peer, Trust};

const HEADER_READ: Duration = Duration::from_secs(15);
const MAX_CONNECTIONS: usize = 20_000;

/// What a long task needs to end with the server.
#[derive(Clone, Default)]
pub struct Shutdown {
    /// Cancelled when the server stops.
    pub token: CancellationToken,
    /// Upgraded connections (WebSockets), which hyper no longer watches.
    pub upgraded: TaskTracker,
}

/// The running accept loops.
pub struct Serving {
    shutdown: Shutdown,
    connections: TaskTracker,
    seats: Arc<Semaphore>,
    builder: auto::Builder<TokioExecutor>,
}

impl Serving {
    /// Nothing listens yet.
    pub fn new(shutdown: Shutdown) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_READ).max_buf_size(64 << 10);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(128).max_header_list_size(32 << 10);
        let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        Self { shutdown, connections: TaskTracker::new(), seats, builder }
    }

    /// Serves `router` to a TCP listener; requests carry [`Peer`] and [`ClientAddress`].
    pub fn tcp(&self, listener: TcpListener, router: Router, trust: Trust) {
        let (builder, shutdown, connections) =
            (self.builder.clone(), self.shutdown.clone(), self.connections.clone());
        let (trust, seats) = (Arc::new(trust), self.seats.clone());
        tokio::spawn(async move {
            loop {
                let Ok(seat) = seats.clone().acquire_owned().await else { return };
                let accepted = tokio::select! {
                    () = shutdown.token.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                let Some((stream, address)) = settled(accepted).await else { continue };
                // a refused option costs only latency
                let _ = stream.set_nodelay(true);
                let (router, trust) = (router.clone(), trust.clone());
                let mark = move |request: &mut Request<Incoming>| {
                    let client = trust.client(address.ip(), request.headers());
                    request.extensions_mut().insert(Peer::Ip { address, tls: false });
                    request.extensions_mut().insert(ClientAddress(client));
                };
                let serve = connection(stream, mark, builder.clone(), router, shutdown.token.clone());
                connections.spawn(async move {
                    serve.await;
                    drop(seat);
                });
            }
        });
    }

    /// Serves `router` to a Unix listener; requests carry [`Peer::Local`].
    pub fn unix(&self, listener: UnixListener, router: Router) {
        let (builder, shutdown, connections) =
            (self.builder.clone(), self.shutdown.clone(), self.connections.clone());
        tokio::spawn(async move {
            loop {
                let accepted = tokio::select! {
                    () = shutdown.token.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                let Some((stream, _)) = settled(accepted).await else { continue };
                let Ok(credentials) =
                    nix::sys::socket::getsockopt(&stream, nix::sys::socket::sockopt::PeerCredentials)
                else {
                    continue; // without credentials nobody is let in
                };
                let peer =
                    Peer::Local { uid: credentials.uid(), gid: credentials.gid(), pid: credentials.pid() };
                let mark = move |request: &mut Request<Incoming>| {
                    request.extensions_mut().insert(peer);
                };
                connections.spawn(connection(
                    stream,
                    mark,
                    builder.clone(),
                    router.clone(),
                    shutdown.token.clone(),
                ));
            }
        });
    }

    /// Stops: listeners close, requests in flight end, WebSockets are told; at most `grace`.
    pub async fn finish(self, grace: Duration) {
        self.shutdown.token.cancel();
        self.connections.close();
        self.shutdown.upgraded.close();
        let drained = async {
            self.connections.wait().await;
            self.shutdown.upgraded.wait().await;
        };
        if timeout(grace, drained).await.is_err() {
            tracing::warn!("connections were still open after {} s", grace.as_secs());
        }
    }
}

/// Out of descriptors (EMFILE and friends) is waited out instead of spun on.
async fn settled<T>(accepted: std::io::Result<T>) -> Option<T> {
    match accepted {
        Ok(accepted) => Some(accepted),
        Err(e) => {
            tracing::warn!("cannot accept a connection: {e}");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn connection<S>(
    stream: S,
    mark: impl Fn(&mut Request<Incoming>) + Send + 'static,
    builder: auto::Builder<TokioExecutor>,
    router: Router,
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        mark(&mut request);
        let answer = router.clone().call(request);
        async move { Ok::<Response<Body>, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut connection =
        std::pin::pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(e) = ended {
        tracing::debug!("connection: {e}");
    }
}
