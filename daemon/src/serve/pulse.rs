//! Whether anything still happens on a connection: bytes that move, requests that are being answered.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::io::{InspectReader, InspectWriter};

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

/// A stream that tells `pulse` of every byte.
pub(super) fn felt<S: AsyncRead + AsyncWrite>(
    stream: S,
    pulse: &Pulse,
) -> impl AsyncRead + AsyncWrite + use<S> {
    let (reads, writes) = (pulse.clone(), pulse.clone());
    InspectWriter::new(InspectReader::new(stream, move |_| reads.beat()), move |_| writes.beat())
}
