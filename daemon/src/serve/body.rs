//! A request's body: it has to go on arriving, and what a handler leaves of it is read away, so that whoever is still
//! sending sees the answer. How much a route takes, and by when all of it has to be there, is the route's affair.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::{
    runtime::Handle,
    time::{Sleep, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// The longest silence in the middle of a body.
const STALL: Duration = Duration::from_secs(30);
/// What is read of a body that nobody wants, before the connection is closed in the middle of it.
const LEFT_BYTES: usize = 32 << 20;
/// The longest that this is done for.
const LEFT: Duration = Duration::from_secs(30);

/// A body as handlers get it.
pub(super) struct Arriving {
    /// Taken when this is dropped.
    inner: Option<Incoming>,
    deadline: Option<Pin<Box<Sleep>>>,
    /// Nothing more comes, or nobody shall wait for it.
    is_over: bool,
    stop: Arc<CancellationToken>,
}

impl Arriving {
    /// `request` with such a body. What nobody wants of it is not waited for once `stop` is cancelled.
    pub(super) fn of(request: Request<Incoming>, stop: &Arc<CancellationToken>) -> Request<Self> {
        // whoever asks first (RFC 9110, 10.1.1) is answered first, and has sent nothing yet
        let asks_first = request.headers().contains_key(header::EXPECT);
        request.map(|inner| Self {
            is_over: asks_first,
            inner: Some(inner),
            deadline: None,
            stop: stop.clone(),
        })
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        if let Poll::Ready(frame) = Pin::new(inner).poll_frame(context) {
            self.deadline = None;
            self.is_over |= !matches!(frame, Some(Ok(_)));
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(STALL)));
        ready!(deadline.as_mut().poll(context));
        self.is_over = true;
        Poll::Ready(Some(Err("the request's body did not go on in time".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for Arriving {
    /// A close while bytes arrive is a reset, which takes the answer away from whoever has not read it yet.
    fn drop(&mut self) {
        let rest = self.inner.take().filter(|rest| !self.is_over && !rest.is_end_stream());
        if let (Some(rest), Ok(runtime)) = (rest, Handle::try_current()) {
            let stop = self.stop.clone();
            runtime.spawn(async move { stop.run_until_cancelled(timeout(LEFT, read_away(rest))).await });
        }
    }
}

async fn read_away(mut rest: Incoming) {
    let mut seen = 0_usize;
    while let Some(Ok(frame)) = rest.frame().await {
        seen = seen.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if seen > LEFT_BYTES {
            return;
        }
    }
}
