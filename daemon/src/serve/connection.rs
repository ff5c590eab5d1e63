//! HTTP on one connection: requests to the router, the end when the server stops or nothing happens any more.

use std::{convert::Infallible, time::Duration};

use axum::{Router, body::Body};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::{
    First,
    body::InTime,
    pulse::{Pulse, felt},
};

/// A whole request head has to be there, and the next one after an answer.
const HEADER_READ: Duration = Duration::from_secs(30);
/// Nothing read, nothing written, nothing being answered. WebSockets are no longer ours and are never cut by this.
const QUIET: Duration = Duration::from_secs(120);
/// Browsers open about a hundred streams; more buy nothing.
const STREAMS: u32 = 128;

/// How HTTP is spoken. Cheap to clone.
#[derive(Clone)]
pub(super) struct Http {
    builder: auto::Builder<TokioExecutor>,
    pub(super) stop: CancellationToken,
}

impl Http {
    pub(super) fn new(stop: CancellationToken) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_READ).max_buf_size(64 << 10);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(32 << 10);
        Self { builder, stop }
    }

    /// Serves `router` until the connection ends. `mark` says who the peer is.
    pub(super) async fn serve<S>(
        &self,
        stream: S,
        first: First,
        mark: impl Fn(&mut Request<Incoming>) + Send + 'static,
        router: Router,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let pulse = Pulse::new();
        let requests = pulse.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            mark(&mut request);
            let (busy, answer) = (requests.busy(), router.clone().call(request.map(InTime::new)));
            async move {
                let answer = answer.await.unwrap_or_else(|never| match never {});
                drop(busy);
                Ok::<Response<Body>, Infallible>(answer)
            }
        });
        // told beforehand: the library's own look at the first bytes waits without limit
        let builder = match first {
            First::Http2 => self.builder.clone().http2_only(),
            _ => self.builder.clone().http1_only(),
        };
        let stream = TokioIo::new(felt(stream, &pulse));
        let mut connection = std::pin::pin!(builder.serve_connection_with_upgrades(stream, service));
        let mut ending = false;
        loop {
            let wait = QUIET.saturating_sub(pulse.quiet()).max(Duration::from_secs(1));
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(e) = ended {
                        tracing::debug!("connection: {e}");
                    }
                    return;
                }
                () = self.stop.cancelled(), if !ending => {
                    connection.as_mut().graceful_shutdown();
                    ending = true;
                }
                () = sleep(wait) => if pulse.quiet() >= QUIET {
                    if ending {
                        return;
                    }
                    connection.as_mut().graceful_shutdown();
                    ending = true;
                },
            }
        }
    }
}
