//! A move of everything into another database while people go on working: begun, watched, given up. The copying is `engine/moving`.

use std::{
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use crate::{
    error::{Error, Result},
    store::{
        Place, Store, audit,
        engine::moving::{self, Progress},
    },
};

/// How long those who are at work may take to end before the last of it is taken over.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Everybody works on, and rows are copied.
    Copying,
    /// Nobody writes, and the last rows are copied.
    Finishing,
    /// It is done, and the new database serves.
    Done,
    /// It failed, and the old database serves.
    Failed,
}

/// A move that goes on, or the last one.
#[derive(Debug)]
pub struct Moving {
    /// Where to.
    pub to: String,
    /// Where it is.
    pub stage: Stage,
    /// Rows copied so far.
    pub rows: u64,
    /// Rows there were when it began.
    pub of: u64,
    /// How long it has taken.
    pub took: Duration,
    /// How long nobody could write.
    pub held: Duration,
    /// Why it failed.
    pub failure: Option<String>,
}

/// What is known of it.
#[derive(Default)]
pub(in crate::store) struct Moves(Mutex<Option<Known>>);

struct Known {
    to: String,
    began: Instant,
    took: Option<Duration>,
    held: Duration,
    stage: Stage,
    failure: Option<String>,
    progress: Arc<Progress>,
}

impl Store {
    /// Begins to move everything to `to`, on the word of `actor`. One at a time.
    pub fn begin_move(&self, to: Place, actor: String) -> Result<()> {
        let progress = Arc::new(Progress::default());
        {
            let mut known = self.moves.known();
            if known.as_ref().is_some_and(|known| known.took.is_none()) {
                let s = "A move goes on already. `bedrudctl database status` shows it.";
                return Err(Error::conflict("move_running", s));
            }
            *known = Some(Known {
                to: to.shown(),
                began: Instant::now(),
                took: None,
                held: Duration::ZERO,
                stage: Stage::Copying,
                failure: None,
                progress: progress.clone(),
            });
        }
        let store = self.clone();
        let begun = std::thread::Builder::new().name("move".to_owned()).spawn(move || {
            let done = store.carry(&to, actor, &progress);
            store.moves.end(done);
        });
        if let Err(e) = begun {
            self.moves.end(Err(Error::internal(e)));
        }
        Ok(())
    }

    fn carry(&self, to: &Place, actor: String, progress: &Progress) -> Result<()> {
        let from = self.place();
        tracing::info!("moving the database from {} to {}", from.shown(), to.shown());
        let line = audit::Line { actor, verb: "database.move", detail: to.shown(), ..audit::Line::default() };
        let copied = moving::Move::copy(&from, to, progress, |source| audit::write(source, &line))?;
        let pool = self.pool_of(to)?;
        let held = Instant::now();
        if !self.threads.hold(PATIENCE) {
            let s = "Somebody's work took too long to end. Nothing has changed; try again.";
            return Err(Error::unavailable("move_held_up", s));
        }
        self.moves.change(|known| known.stage = Stage::Finishing);
        let finished = copied.finish(&from, to);
        match finished {
            Ok(()) => self.serve_from(to, pool),
            Err(_) => self.threads.go_on(None),
        }
        self.moves.change(|known| known.held = held.elapsed());
        finished
    }

    /// The move that goes on, or the last one since the start.
    pub fn moving(&self) -> Option<Moving> {
        let known = self.moves.known();
        let known = known.as_ref()?;
        Some(Moving {
            to: known.to.clone(),
            stage: known.stage,
            rows: known.progress.rows.load(Ordering::Relaxed),
            of: known.progress.of.load(Ordering::Relaxed),
            took: known.took.unwrap_or_else(|| known.began.elapsed()),
            held: known.held,
            failure: known.failure.clone(),
        })
    }

    /// Gives up a move that still copies; false when there is none.
    pub fn give_up_move(&self) -> bool {
        let known = self.moves.known();
        let Some(known) = known.as_ref().filter(|known| known.stage == Stage::Copying) else { return false };
        known.progress.is_given_up.store(true, Ordering::Relaxed);
        true
    }
}

impl Moves {
    fn known(&self) -> std::sync::MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        if let Some(known) = self.known().as_mut() {
            change(known);
        }
    }

    fn end(&self, done: Result<()>) {
        match &done {
            Ok(()) => tracing::info!("the database has moved"),
            Err(e) => tracing::error!(code = e.code, "the database has not moved: {e}"),
        }
        self.change(|known| {
            known.took = Some(known.began.elapsed());
            known.stage = if done.is_ok() { Stage::Done } else { Stage::Failed };
            known.failure = done.err().map(|e| e.to_string());
        });
    }
}
