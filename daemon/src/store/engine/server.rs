//! The database's server, as far as it is known here: away, full or read-only. Finds out by itself when that has passed.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::fault::{AWAY, READ_ONLY};
use crate::error::{Error, Kind};

/// What a write is tried with while something is wrong: a row of our own, which nothing reads.
pub(in crate::store) const TRY: &str = "INSERT INTO locks (name, times) VALUES ('written', 1)
     ON CONFLICT (name) DO UPDATE SET times = locks.times + 1";

/// Between two tries to write, however often somebody asks.
const PAUSE: Duration = Duration::from_secs(1);

/// What was last said of it.
#[derive(Default)]
pub(in crate::store) struct Server(Mutex<Option<Trouble>>);

struct Trouble {
    kind: Kind,
    code: &'static str,
    sentence: String,
    tried_at: Option<Instant>,
}

impl Server {
    /// Remembers a failure that the server is to blame for.
    pub(in crate::store) fn explained(&self, error: Error) -> Error {
        if [AWAY, READ_ONLY, "disk_full"].contains(&error.code) {
            let sentence = error.sentence.to_string();
            let mut known = self.known();
            let tried_at = known.as_ref().and_then(|trouble| trouble.tried_at);
            *known = Some(Trouble { kind: error.kind, code: error.code, sentence, tried_at });
        }
        error
    }

    /// What is wrong; and whether it is time to try again.
    pub(in crate::store) fn trouble(&self) -> Option<(Error, bool)> {
        let mut known = self.known();
        let trouble = known.as_mut()?;
        let is_due = trouble.tried_at.is_none_or(|at| at.elapsed() >= PAUSE);
        if is_due {
            trouble.tried_at = Some(Instant::now());
        }
        Some((Error::new(trouble.kind, trouble.code, trouble.sentence.clone()), is_due))
    }

    /// It takes what is written again.
    pub(in crate::store) fn healed(&self) {
        *self.known() = None;
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Trouble>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
