//! How many requests the doors have answered, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
static ANSWERED: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

/// One more answer.
pub(super) fn count(status: u16) {
    if let Some(counter) = ANSWERED.get(usize::from(status / 100).wrapping_sub(1)) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// By the class of their status, since the process began.
pub fn answered() -> impl Iterator<Item = (&'static str, u64)> {
    CLASSES.into_iter().zip(ANSWERED.iter().map(|counter| counter.load(Ordering::Relaxed)))
}
