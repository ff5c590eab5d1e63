//! A request body that has to arrive within its time.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

/// What our routes take is small; who needs longer says it again.
const WHOLE: Duration = Duration::from_secs(60);

/// Fails when it is not there in time. The clock starts when somebody waits for it.
pub(super) struct InTime {
    inner: Incoming,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl InTime {
    pub(super) fn new(inner: Incoming) -> Self {
        Self { inner, deadline: None }
    }
}

impl Body for InTime {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(WHOLE)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Some(Err("the request's body did not come in time".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
