//! How keeping the certificate goes: when it was last tried, with which failure, when it is tried again; and the way
//! for the operator to have it tried now.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::{sync::watch, time::timeout};

use crate::error::Error;

/// Looks at the clock again at least so often: timers stand still while a machine sleeps.
const LOOK: Duration = Duration::from_secs(3600);

/// What the operator is told.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// True while it is being tried.
    pub is_trying: bool,
    /// When the last try ended; none before the first.
    pub last_try: Option<DateTime<Utc>>,
    /// Why the last try failed; none where it did not.
    pub last_error: Option<String>,
    /// When it is tried again by itself; none where that is not known.
    pub next_try: Option<DateTime<Utc>>,
    wanted: bool,
}

/// Shared by the one that keeps the certificate and those who look.
pub(super) struct Course(watch::Sender<Progress>);

impl Course {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Progress::default()))
    }

    pub(super) fn progress(&self) -> Progress {
        self.0.borrow().clone()
    }

    /// Has it tried soon, or lets the try that runs go on.
    pub(super) fn ask(&self) {
        self.0.send_modify(|now| now.wanted = !now.is_trying);
    }

    /// Waits until nobody wants anything and nothing is being tried.
    pub(super) async fn settled(&self) {
        // an error would be the end of what this is a part of
        let _ = self.0.subscribe().wait_for(|now| !now.wanted && !now.is_trying).await;
    }

    /// Goes on where an earlier process ended.
    pub(super) fn resume(&self, last_error: Option<String>, next_try: Option<DateTime<Utc>>) {
        self.0.send_modify(|now| (now.last_error, now.next_try) = (last_error, next_try));
    }

    /// Waits for this moment, or until somebody asks.
    pub(super) async fn until(&self, moment: DateTime<Utc>) {
        let mut asked = self.0.subscribe();
        loop {
            // a moment that has passed is no span
            let Ok(left) = (moment - Utc::now()).to_std() else { return };
            if timeout(left.min(LOOK), asked.wait_for(|now| now.wanted)).await.is_ok() {
                return;
            }
        }
    }
    /// True where somebody asked and nobody has begun.
    pub(super) fn is_wanted(&self) -> bool {
        self.0.borrow().wanted
    }

    pub(super) fn begin(&self) {
        self.0.send_modify(|now| (now.is_trying, now.wanted) = (true, false));
    }

    pub(super) fn end(&self, failure: Option<&Error>, next_try: Option<DateTime<Utc>>) {
        let last_error = failure.map(Error::to_string);
        let last_try = Some(Utc::now());
        self.0.send_replace(Progress { last_try, last_error, next_try, is_trying: false, wanted: false });
    }
}
