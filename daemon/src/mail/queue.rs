//! Sends what waits: each with a lease, again after a failure, some tries long. Not among the effects: a server that hangs would
//! keep those waiting that put somebody out of a room, and nobody shall wait for a mail.

use std::{
    future::Future,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use super::{Letter, Mail, carry};
use crate::{
    error::{Error, Result},
    store::{
        Timestamp,
        mails::{self, Waiting},
        pause_seconds, until_due,
    },
};

/// Mails sent at the same time.
const AT_ONCE: usize = 4;
/// How long one try may take.
const TRY: Duration = Duration::from_secs(25);
/// How long one is ours: whoever takes longer has ended.
const LEASE_SECONDS: i64 = 60;
/// How often the table is looked at for what another daemon left.
const LOOK: Duration = Duration::from_secs(30);
/// The pause after a failure, doubled with each up to the longest: with this many tries it takes about six hours.
const FIRST_PAUSE_SECONDS: i64 = 5;
const LONGEST_PAUSE_SECONDS: i64 = 3600;
const TRIES: i64 = 15;
/// How long the operator sees what was given up.
const KEPT_SECONDS: i64 = 7 * 86_400;
const FORGET: Duration = Duration::from_secs(3600);

impl Mail {
    /// Sends what waits for as long as it is polled. `write` makes the letter when it is its turn; `None` where nobody needs it
    /// any more.
    pub async fn drain<W>(self, write: impl Fn(Waiting) -> W)
    where
        W: Future<Output = Result<Option<Letter>>> + Send + 'static,
    {
        let mine = self.0.store.holder();
        if let Err(e) = self.0.store.run(move |connection| mails::release(connection, &mine)).await {
            tracing::warn!(code = e.code, "mail of the run before waits for its lease: {e}");
        }
        let (mut at_work, mut forgot_at) = (JoinSet::new(), None::<Instant>);
        loop {
            while at_work.try_join_next().is_some() {}
            if forgot_at.is_none_or(|at| at.elapsed() > FORGET) {
                self.forget().await;
                forgot_at = Some(Instant::now());
            }
            let free = AT_ONCE.saturating_sub(at_work.len());
            let taken = if free == 0 || !self.is_on() { Vec::new() } else { self.take(free).await };
            if taken.is_empty() {
                let pause = self.until_next().await;
                tokio::select! {
                    () = self.0.store.mail_left() => {}
                    () = tokio::time::sleep(pause) => {}
                    Some(_) = at_work.join_next() => {}
                }
            }
            for waiting in taken {
                let (mail, writing) = (self.clone(), write(waiting.clone()));
                at_work.spawn(async move {
                    let sent = match writing.await {
                        Ok(Some(letter)) => mail.send_within(TRY, &waiting.id, &letter).await,
                        Ok(None) => Ok(()),
                        Err(e) => Err(e),
                    };
                    mail.settle(waiting, sent).await;
                });
            }
        }
    }

    async fn take(&self, most: usize) -> Vec<Waiting> {
        let (by, most) = (self.0.store.holder(), i64::try_from(most).unwrap_or(1));
        let taken = self.0.store.run(move |connection| {
            let now = Timestamp::now();
            connection.transaction(|c| mails::take(c, &by, now, now.plus_seconds(LEASE_SECONDS), most))
        });
        taken.await.unwrap_or_else(|e| {
            tracing::warn!(code = e.code, "the mail that waits cannot be read now: {e}");
            Vec::new()
        })
    }

    /// How long until one is due, and how many wait.
    async fn until_next(&self) -> Duration {
        let read = self.0.store.run(|c| Ok((mails::next(c)?, mails::figures(c)?)));
        let Ok((next, figures)) = read.await else { return LOOK };
        self.0.waiting.store(figures.waiting, Ordering::Relaxed);
        until_due(next.filter(|_| self.is_on()), LOOK)
    }

    async fn settle(&self, waiting: Waiting, sent: Result<()>) {
        let (by, now) = (self.0.store.holder(), Timestamp::now());
        let (kind, id) = (waiting.kind.clone(), waiting.id.clone());
        let settled = match sent {
            Ok(()) => {
                tracing::debug!(kind, id, "a mail has left");
                self.0.store.run(move |connection| mails::done(connection, &waiting, &by)).await
            }
            Err(e) => {
                let due_at = due_at(&waiting, &e, now);
                match due_at {
                    Some(due_at) => {
                        let seconds = (due_at.0 - now.0) / 1000;
                        tracing::warn!(kind, id, code = e.code, "a mail is tried again in {seconds} s: {e}");
                    }
                    None => tracing::error!(kind, id, code = e.code, "a mail is given up: {e}"),
                }
                let why = e.to_string();
                self.0.store.run(move |c| mails::failed(c, &waiting, &by, due_at, &why)).await
            }
        };
        if let Err(e) = settled {
            tracing::warn!(code = e.code, "a mail waits for its lease: {e}");
        }
    }

    async fn forget(&self) {
        let before = Timestamp::now().plus_seconds(-KEPT_SECONDS);
        if let Err(e) = self.0.store.run(move |connection| mails::forget(connection, before)).await {
            tracing::warn!(code = e.code, "mail that was given up long ago is not forgotten: {e}");
        }
    }
}

/// When it is tried again; `None` where it is not.
fn due_at(waiting: &Waiting, error: &Error, now: Timestamp) -> Option<Timestamp> {
    if error.code == carry::REFUSED || waiting.attempts >= TRIES {
        return None;
    }
    Some(now.plus_seconds(pause_seconds(waiting.attempts, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)))
}
