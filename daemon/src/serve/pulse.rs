//! Whether anything still happens on a connection: bytes that move, requests that are being answered.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Shared by a connection's stream, its requests and its watch.
#[derive(Clone)]
pub(super) struct Pulse(Arc<Inner>);

struct Inner {
    since: Instant,
    /// Milliseconds after `since`.
    last: AtomicU64,
    busy: AtomicUsize,
}

impl Pulse {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner { since: Instant::now(), last: AtomicU64::new(0), busy: AtomicUsize::new(0) }))
    }

    fn beat(&self) {
        let now = u64::try_from(self.0.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.0.last.store(now, Ordering::Relaxed);
    }

    /// A request is being answered as long as this is held.
    pub(super) fn busy(&self) -> Busy {
        self.0.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// How long nothing has happened; zero while a request is being answered.
    pub(super) fn quiet(&self) -> Duration {
        if self.0.busy.load(Ordering::Relaxed) > 0 {
            return Duration::ZERO;
        }
        let last = Duration::from_millis(self.0.last.load(Ordering::Relaxed));
        self.0.since.elapsed().saturating_sub(last)
    }
}

pub(super) struct Busy(Pulse);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.beat();
        self.0.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that tells its pulse of every byte.
pub(super) struct Felt<S> {
    inner: S,
    pulse: Pulse,
}

impl<S> Felt<S> {
    pub(super) fn new(inner: S, pulse: Pulse) -> Self {
        Self { inner, pulse }
    }

    fn felt<T>(&self, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.pulse.beat();
        }
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Felt<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.inner).poll_read(context, buffer);
        self.felt(done)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Felt<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.felt(done)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // not felt: a flush with nothing to send is always done
        Pin::new(&mut self.inner).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.felt(done)
    }
    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
