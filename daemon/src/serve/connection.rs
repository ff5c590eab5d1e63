//! HTTP on one connection: requests to the router, the end when the server stops or nothing happens any more.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::body::Body;
use http::Request;
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

use super::{
    Answers, First,
    answer::Answer,
    body::Arriving,
    linger::Lingering,
    pulse::{Pulse, felt},
};

/// A whole request head has to be there, and the next one after an answer.
const HEADER_READ: Duration = Duration::from_secs(30);
/// Nothing read, nothing written, nothing being answered. WebSockets are no longer ours and are never cut by this.
const QUIET: Duration = Duration::from_secs(120);
/// At most so often is this looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Browsers open about a hundred streams; more buy nothing.
const STREAMS: u32 = 128;

/// How HTTP is spoken. Cheap to clone.
#[derive(Clone)]
pub(super) struct Http {
    builder: auto::Builder<TokioExecutor>,
    quiet: Duration,
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
        Self { builder, quiet: QUIET, stop }
    }

    /// Serves what `answers` says until the connection ends. `mark` says who the peer is.
    pub(super) async fn serve<S>(
        &self,
        stream: S,
        first: First,
        mark: impl Fn(&mut Request<Incoming>) + Send + 'static,
        answers: impl Answers,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let pulse = Pulse::new();
        // a copy of the token itself takes a lock that all connections share
        let (requests, stop) = (pulse.clone(), Arc::new(self.stop.clone()));
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            mark(&mut request);
            let (busy, pulse) = (requests.busy(), requests.clone());
            let answer = answers.clone().answer(Arriving::of(request, &stop).map(Body::new));
            async move {
                let answer = answer.await;
                drop(busy);
                Ok::<_, Infallible>(answer.map(|body| Answer::new(body, pulse)))
            }
        });
        // told beforehand: the library's own look at the first bytes waits without limit
        let builder = match first {
            First::Http2 => self.builder.clone().http2_only(),
            _ => self.builder.clone().http1_only(),
        };
        let stream = TokioIo::new(felt(Lingering::new(stream), &pulse));
        let mut connection = std::pin::pin!(builder.serve_connection_with_upgrades(stream, service));
        let mut ending = false;
        loop {
            let wait = self.quiet.saturating_sub(pulse.quiet()).max(LOOK);
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
                () = sleep(wait) => if pulse.quiet() >= self.quiet {
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

#[cfg(test)]
mod tests {
    use axum::{Router, routing::get};
    use bytes::Bytes;
    use futures_util::stream;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
        task::JoinHandle,
    };

    use super::*;

    /// A connection that is cut after a second on which nothing happens, after `GET /`.
    async fn asked(answer: fn() -> Body) -> (DuplexStream, JoinHandle<()>) {
        let (mut near, far) = tokio::io::duplex(1024);
        let http = Http { quiet: Duration::from_secs(1), ..Http::new(CancellationToken::new()) };
        let router = Router::new().route("/", get(move || async move { answer() }));
        let served = tokio::spawn(async move { http.serve(far, First::Http1, |_| {}, router).await });
        near.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        (near, served)
    }

    fn rare() -> Body {
        Body::from_stream(stream::unfold(0_u32, |said| async move {
            sleep(Duration::from_millis(3500)).await;
            (said < 2).then(|| (Ok::<_, Infallible>(Bytes::from_static(b"a line\n")), said + 1))
        }))
    }

    fn endless() -> Body {
        let line = || Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 512]));
        Body::from_stream(stream::unfold((), move |()| async move { Some((line(), ())) }))
    }

    #[tokio::test]
    async fn an_answer_may_be_silent_as_long_as_it_wants() {
        let ((mut near, _), mut all) = (asked(rare).await, Vec::new());
        let read = near.read_to_end(&mut all);
        tokio::time::timeout(Duration::from_secs(30), read).await.expect("an end").expect("read");
        let all = String::from_utf8_lossy(&all);
        assert_eq!(all.matches("a line").count(), 2, "{all}");
        assert!(all.ends_with("0\r\n\r\n"), "it ended by itself: {all}");
    }

    #[tokio::test]
    async fn whoever_does_not_read_is_cut() {
        let (_near, served) = asked(endless).await;
        tokio::time::timeout(Duration::from_secs(30), served).await.expect("cut").expect("no panic");
    }
}
