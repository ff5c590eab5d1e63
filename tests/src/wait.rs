//! Waiting for a condition, with a limit that only matters where a test fails.
use std::time::{Duration, Instant};

/// The limit. Generous, because the machine may be busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer; panics with `what` when there is none within [`PATIENCE`].
pub async fn until<T>(what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, ask).await
}

/// The same with another limit, for what takes its time by design.
pub async fn until_within<T>(limit: Duration, what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < limit, "waited {limit:?} in vain for: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
