//! Commit, then effect, once: a decision leaves rows in its own transaction of what is to be done outside of the database,
//! and they are done right after the commit, again when that failed, and by the next start when the daemon ended in between.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::JoinSet,
    time::timeout,
};

use crate::{
    error::{Error, Result},
    store::{
        Connection, Store, Timestamp,
        effects::{self, Effect, Left},
        pause_seconds, until_due,
    },
};

/// How long one try may take.
const TRY: Duration = Duration::from_secs(30);
/// How long an effect is ours: whoever takes longer has ended.
const LEASE_SECONDS: i64 = 45;
/// Effects tried at the same time.
const AT_ONCE: usize = 32;
/// How often the table is looked at for effects that another daemon left.
const LOOK: Duration = Duration::from_secs(10);
/// The pause after a failure, doubled with each up to the longest.
const FIRST_PAUSE_SECONDS: i64 = 1;
const LONGEST_PAUSE_SECONDS: i64 = 300;
/// What could not be done for so long is given up.
const GIVEN_UP_SECONDS: i64 = 3 * 86_400;
/// How long whoever decided waits for the first try of what they left.
const WAIT: Duration = Duration::from_secs(15);
/// Tries told at the same time; who misses one waits no longer.
const TOLD: usize = 1024;

/// The effects of this database. Cheap to clone.
#[derive(Clone)]
pub struct Outbox(Arc<Inner>);

struct Inner {
    store: Store,
    tried: broadcast::Sender<Option<Left>>,
    is_drained: AtomicBool,
}

impl Outbox {
    /// Nothing is done before [`Self::drain`].
    pub fn new(store: Store) -> Self {
        let (tried, _) = broadcast::channel(TOLD);
        Self(Arc::new(Inner { store, tried, is_drained: AtomicBool::new(false) }))
    }

    /// Runs `decision` in one transaction, then waits until what it left (`effects::leave`) has been tried once. A failed try
    /// is no failure of the decision: it is logged, and tried again.
    pub async fn decide<T: Send + 'static>(
        &self,
        decision: impl Fn(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let told = self.0.tried.subscribe();
        let decided = self.0.store.run(move |connection| {
            let decided = connection.transaction(decision)?;
            Ok((decided, effects::left(connection)))
        });
        let (decided, left) = decided.await?;
        if self.0.is_drained.load(Ordering::SeqCst) && !left.is_empty() {
            // longer than that: it is written down, and whoever asked has waited enough
            timeout(WAIT, all_tried(told, left)).await.ok();
        }
        Ok(decided)
    }

    /// Does what is left, by `perform`, for as long as it is polled. Performing twice must do no harm.
    pub async fn drain<P>(self, perform: impl Fn(Effect) -> P)
    where
        P: Future<Output = Result<()>> + Send + 'static,
    {
        let mine = self.0.store.holder();
        if let Err(e) = self.0.store.run(move |connection| effects::release(connection, &mine)).await {
            tracing::warn!(code = e.code, "effects of the run before wait for their lease: {e}");
        }
        let _drained = Drained::begin(&self.0);
        let mut at_work = JoinSet::new();
        loop {
            while at_work.try_join_next().is_some() {}
            let free = AT_ONCE.saturating_sub(at_work.len());
            let taken = if free == 0 { Vec::new() } else { self.take(free).await };
            if taken.is_empty() {
                let pause = self.until_next().await;
                tokio::select! {
                    () = self.0.store.effect_left() => {}
                    () = tokio::time::sleep(pause) => {}
                    Some(_) = at_work.join_next() => {}
                }
            }
            for effect in taken {
                let (outbox, performing) = (self.clone(), perform(effect.clone()));
                at_work.spawn(async move {
                    let late = || Error::unavailable("effect_late", "It took too long.");
                    let done = timeout(TRY, performing).await.unwrap_or_else(|_| Err(late()));
                    outbox.settle(effect, done).await;
                });
            }
        }
    }

    async fn take(&self, most: usize) -> Vec<Effect> {
        let (by, most) = (self.0.store.holder(), i64::try_from(most).unwrap_or(1));
        let taken = self.0.store.run(move |connection| {
            let now = Timestamp::now();
            connection.transaction(|c| effects::take(c, &by, now, now.plus_seconds(LEASE_SECONDS), most))
        });
        taken.await.unwrap_or_else(|e| {
            tracing::warn!(code = e.code, "effects cannot be read now: {e}");
            Vec::new()
        })
    }

    /// How long until one is due. A moment at least, so that a clock that runs apart makes no busy loop.
    async fn until_next(&self) -> Duration {
        until_due(self.0.store.run(effects::next).await.ok().flatten(), LOOK)
    }

    async fn settle(&self, effect: Effect, done: Result<()>) {
        let tried = Left { kind: effect.kind.clone(), key: effect.key.clone(), id: effect.id.clone() };
        let by = self.0.store.holder();
        let now = Timestamp::now();
        let settled = match done {
            Ok(()) => self.0.store.run(move |connection| effects::done(connection, &effect, &by)).await,
            Err(e) if now > effect.created_at.plus_seconds(GIVEN_UP_SECONDS) => {
                tracing::error!(effect = effect.kind, key = effect.key, "given up: {e}");
                self.0.store.run(move |connection| effects::done(connection, &effect, &by)).await
            }
            Err(e) => {
                let pause = pause_seconds(effect.attempts, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS);
                tracing::warn!(
                    effect = effect.kind,
                    key = effect.key,
                    "not done yet, again in {pause} s: {e}"
                );
                let due_at = now.plus_seconds(pause);
                self.0.store.run(move |c| effects::failed(c, &effect, &by, due_at, &e.to_string())).await
            }
        };
        if let Err(e) = settled {
            tracing::warn!(code = e.code, "an effect waits for its lease: {e}");
        }
        // nobody may be waiting
        self.0.tried.send(Some(tried)).ok();
    }
}

/// Waits until each of `left`, or what took its place, was tried.
async fn all_tried(mut told: broadcast::Receiver<Option<Left>>, mut left: Vec<Left>) {
    while !left.is_empty() {
        match told.recv().await {
            // ids are in the order of time
            Ok(Some(tried)) => {
                left.retain(|l| (&l.kind, &l.key) != (&tried.kind, &tried.key) || l.id > tried.id)
            }
            Ok(None) | Err(RecvError::Closed | RecvError::Lagged(_)) => return,
        }
    }
}

/// Says that effects are being done; and when that ends, that nobody need wait.
struct Drained(Arc<Inner>);

impl Drained {
    fn begin(inner: &Arc<Inner>) -> Self {
        inner.is_drained.store(true, Ordering::SeqCst);
        Self(inner.clone())
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        self.0.is_drained.store(false, Ordering::SeqCst);
        self.0.tried.send(None).ok();
    }
}
