//! An answer's body on its way. While its source has nothing to say the connection counts as busy, however long that
//! takes; while the other side does not read it does not, and is cut like any connection on which nothing happens.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::Body as Inner;
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::pulse::{Busy, Pulse};

pub(super) struct Answer {
    inner: Inner,
    pulse: Pulse,
    /// Held between an empty-handed look at the source and the next.
    waiting: Option<Busy>,
}

impl Answer {
    pub(super) fn new(inner: Inner, pulse: Pulse) -> Self {
        Self { inner, pulse, waiting: None }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let looked = Pin::new(&mut self.inner).poll_frame(context);
        self.waiting = match (&looked, self.waiting.take()) {
            (Poll::Pending, None) => Some(self.pulse.busy()),
            (Poll::Pending, held) => held,
            (Poll::Ready(_), _) => None,
        };
        looked
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
