//! How often somebody may try: counts in fixed windows by client address (IPv6 by /64) and by account. Counting is in
//! memory and per daemon; the counters are written down every second and on stop, so that a restart does not forgive.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{RateLimit, Window},
    error::{Error, Result},
    network::subscriber,
    store::{Store, Timestamp, tries},
};

/// So many times the limit of one person may people with a right of their own come from one address.
const CROWD: u32 = 20;
/// Counters lost at most by a crash.
const FLUSH: Duration = Duration::from_secs(1);

/// An account that is tried too often from everywhere is tried once in this time, by whoever comes.
const TURN_MILLISECONDS: i64 = 1000;
/// Whoever would wait longer for their turn is told to come again.
const LONGEST_TURN_MILLISECONDS: i64 = 8000;

/// How fast somebody may go on with what people do often: so many at once, and from then on one in every so many
/// milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// At once, after a rest.
    pub burst: u32,
    /// One more is earned in this time.
    pub each_milliseconds: u32,
}

/// Which window of the configuration applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Login, register, set-up, password.
    Auth,
    /// Guests, and rooms that are not there.
    Guest,
    /// Join and join tokens, and rooms that are not there.
    Join,
    /// Creating, changing, refreshing.
    Api,
}

#[derive(Clone, Copy)]
struct Counter {
    started_at: Timestamp,
    count: u32,
}

#[derive(Default)]
struct Counters {
    by_bucket: HashMap<String, Counter>,
    unwritten: HashSet<String>,
    /// When the next turn upon an account begins, where there is a queue.
    turns: HashMap<String, Timestamp>,
}

/// The counters; cheap to clone.
#[derive(Clone)]
pub struct Limits {
    config: Arc<ArcSwap<RateLimit>>,
    store: Store,
    counters: Arc<Mutex<Counters>>,
}

impl Limits {
    /// Reads the counters that a run before this one wrote.
    pub async fn open(store: Store, config: RateLimit) -> Result<Self> {
        let since = Timestamp::now().plus_seconds(-longest(&config));
        let rows = store.run(move |connection| tries::since(connection, since)).await?;
        let by_bucket =
            rows.into_iter().map(|(name, started_at, count)| (name, Counter { started_at, count })).collect();
        let counters = Arc::new(Mutex::new(Counters { by_bucket, ..Counters::default() }));
        Ok(Self { config: Arc::new(ArcSwap::from_pointee(config)), store, counters })
    }

    /// Counts by these windows from now on.
    pub fn change(&self, config: RateLimit) {
        self.config.store(Arc::new(config));
    }

    /// Counts one try of `verb` by a client address; 429 with the time to wait when the window is full.
    /// Who has no address (the shell, a Unix socket) is not counted.
    pub fn by_address(&self, rule: Rule, verb: &str, address: Option<IpAddr>) -> Result<()> {
        let Some(address) = address else { return Ok(()) };
        self.take(self.window(rule), verb, &subscriber(address))
    }

    /// The same where a class or an office may come at once, each with a right of their own: counts as far as no crowd comes.
    pub fn by_crowd(&self, rule: Rule, verb: &str, address: Option<IpAddr>) -> Result<()> {
        let Some(address) = address else { return Ok(()) };
        let window = self.window(rule);
        let window = Window { max: window.max.saturating_mul(CROWD), ..window };
        self.take(window, verb, &subscriber(address))
    }

    /// Does `work` for a client address that may guess: only what `is_wrong` is counted, so that many people who know
    /// what they do can come from one address. 429 before the work, and after it, once too much was wrong: who tries
    /// many things at once shall not learn which of them was right.
    pub async fn guessing<T>(
        &self,
        rule: Rule,
        verb: &str,
        address: Option<IpAddr>,
        is_wrong: impl Fn(&Error) -> bool,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(subscriber) = address.map(subscriber) else { return work.await };
        let window = self.window(rule);
        self.has_room(window, verb, &subscriber)?;
        let done = work.await;
        match &done {
            Err(e) if is_wrong(e) => self.take(window, verb, &subscriber)?,
            _ => self.has_room(window, verb, &subscriber)?,
        }
        done
    }

    /// Counts one try of `verb` upon an account, by id or mail address, from wherever it comes.
    pub fn by_account(&self, rule: Rule, verb: &str, account: &str) -> Result<()> {
        self.take(self.window(rule), verb, account)
    }

    /// Counts one try of `verb` upon an account, from wherever it comes, and says how long to wait before going on. Strangers
    /// who try an account all the time make others slow, and keep nobody out: only a long queue is a 429.
    pub fn turn(&self, rule: Rule, verb: &str, account: &str) -> Result<Duration> {
        if self.take(self.window(rule), verb, account).is_ok() {
            return Ok(Duration::ZERO);
        }
        let ahead = self.line_up(verb, account, TURN_MILLISECONDS, LONGEST_TURN_MILLISECONDS);
        let wait = ahead.map_err(|ahead| Error::too_many(ahead.div_ceil(1000)))?;
        Ok(Duration::from_millis(wait))
    }

    /// Counts one of what `whose` does often, which nobody meets who does it by hand; 429 with the time until the next is
    /// earned. A restart forgives: a rest of seconds does too.
    pub fn pace(&self, pace: Pace, verb: &str, whose: &str) -> Result<()> {
        let each = i64::from(pace.each_milliseconds);
        let most = i64::from(pace.burst.saturating_sub(1)).saturating_mul(each);
        let earned = |ahead: u64| ahead.saturating_sub(u64::try_from(most).unwrap_or(0)).div_ceil(1000);
        self.line_up(verb, whose, each, most).map(drop).map_err(|ahead| Error::too_many(earned(ahead)))
    }

    /// Takes a place in a line in which one goes on every `each` milliseconds, and says for how long the line was; an error with
    /// that where it was longer than `most`.
    fn line_up(&self, verb: &str, whose: &str, each: i64, most: i64) -> std::result::Result<u64, u64> {
        let now = Timestamp::now();
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let end = counters.turns.entry(format!("{verb} {whose}")).or_insert(now);
        let mine = if *end < now { now } else { *end };
        let ahead = mine.0 - now.0;
        let told = u64::try_from(ahead).unwrap_or(0);
        if ahead > most {
            return Err(told);
        }
        *end = Timestamp(mine.0 + each);
        Ok(told)
    }

    /// Counts one, or says how long to wait.
    fn take(&self, window: Window, verb: &str, whose: &str) -> Result<()> {
        self.look(window, verb, whose, 1)
    }

    /// Whether one more would be counted.
    fn has_room(&self, window: Window, verb: &str, whose: &str) -> Result<()> {
        self.look(window, verb, whose, 0)
    }

    fn look(&self, window: Window, verb: &str, whose: &str, more: u32) -> Result<()> {
        if window.max == 0 {
            return Ok(());
        }
        let length = i64::from(window.window_seconds) * 1000;
        let now = Timestamp::now();
        let bucket = format!("{verb} {whose}");
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if more == 0 && !counters.by_bucket.contains_key(&bucket) {
            return Ok(());
        }
        let counter =
            counters.by_bucket.entry(bucket.clone()).or_insert(Counter { started_at: now, count: 0 });
        // a clock set back must not lengthen a window
        if !(0..length).contains(&(now.0 - counter.started_at.0)) {
            *counter = Counter { started_at: now, count: 0 };
        }
        if counter.count >= window.max {
            let left = counter.started_at.0 + length - now.0;
            return Err(Error::too_many(u64::try_from(left).unwrap_or(0).div_ceil(1000).max(1)));
        }
        counter.count += more;
        if more > 0 {
            counters.unwritten.insert(bucket);
        }
        Ok(())
    }

    fn window(&self, rule: Rule) -> Window {
        let config = self.config.load();
        match rule {
            Rule::Auth => config.auth,
            Rule::Guest => config.guest,
            Rule::Join => config.join,
            Rule::Api => config.api,
        }
    }

    /// Writes down what changed since the last time and forgets windows that are over.
    pub async fn flush(&self) -> Result<()> {
        let before = Timestamp::now().plus_seconds(-longest(&self.config.load()));
        let (changed, gone) = {
            let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
            let unwritten = std::mem::take(&mut counters.unwritten);
            let known = counters.by_bucket.len();
            counters.by_bucket.retain(|_, counter| counter.started_at >= before);
            counters.turns.retain(|_, next| *next >= before);
            let changed: Vec<_> = unwritten
                .into_iter()
                .filter_map(|bucket| {
                    let counter = counters.by_bucket.get(&bucket)?;
                    Some((bucket, counter.started_at, counter.count))
                })
                .collect();
            (changed, known > counters.by_bucket.len())
        };
        if changed.is_empty() && !gone {
            return Ok(());
        }
        let names: Vec<String> = changed.iter().map(|(bucket, ..)| bucket.clone()).collect();
        let written = self.store.run(move |connection| {
            connection.transaction(|connection| {
                tries::put(connection, &changed)?;
                tries::delete_before(connection, before)
            })
        });
        let written = written.await.map(|_| ());
        if written.is_err() {
            // the next time, or a restart would forgive them
            self.counters.lock().unwrap_or_else(PoisonError::into_inner).unwritten.extend(names);
        }
        written
    }

    /// Flushes every second until `stop`. Whoever stops the daemon flushes once more when the last request is done.
    pub async fn keep(self, stop: CancellationToken) {
        let mut was_failing = false;
        while stop.run_until_cancelled(tokio::time::sleep(FLUSH)).await.is_some() {
            let failed = self.flush().await.err();
            if let (Some(e), false) = (&failed, was_failing) {
                tracing::warn!(code = e.code, "counters of tries cannot be written; it goes on trying: {e}");
            }
            was_failing = failed.is_some();
        }
    }
}

fn longest(config: &RateLimit) -> i64 {
    let windows = [config.auth, config.guest, config.join, config.api];
    windows.iter().map(|window| i64::from(window.window_seconds)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("address"))
    }

    #[tokio::test]
    async fn windows_fill_by_address_and_outlive_a_restart() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 2).expect("store");
        let config = RateLimit { auth: Window { max: 2, window_seconds: 60 }, ..RateLimit::default() };
        let limits = Limits::open(store.clone(), config.clone()).await.expect("limits");
        let login = |limits: &Limits, from| limits.by_address(Rule::Auth, "login", address(from));
        login(&limits, "2001:db8:1:2::1").expect("first");
        login(&limits, "2001:db8:1:2::2").expect("second, same /64");
        let full = login(&limits, "2001:db8:1:2:ffff::3").expect_err("third");
        assert!(matches!(full.kind, Kind::TooMany { retry_after_seconds: 1..=60 }));
        login(&limits, "2001:db8:1:3::1").expect("another /64");
        login(&limits, "192.0.2.1").expect("another family");
        limits.by_address(Rule::Auth, "register", address("2001:db8:1:2::1")).expect("another verb");
        limits.flush().await.expect("written");

        let wrong = |from| {
            limits.guessing(Rule::Auth, "guess", address(from), |_| true, async {
                Err::<(), _>(Error::not_found("room"))
            })
        };
        let right = |from| limits.guessing(Rule::Auth, "guess", address(from), |_| true, async { Ok(()) });
        for _ in 0..9 {
            right("192.0.2.1").await.expect("knows");
        }
        for kind in ["not_found", "not_found", "too_many_requests"] {
            assert!(wrong("192.0.2.1").await.expect_err("wrong").code.ends_with(kind), "{kind}");
        }
        right("192.0.2.1").await.expect_err("a guesser would learn something");
        right("192.0.2.2").await.expect("another address");
        for _ in 0..40 {
            limits.by_crowd(Rule::Auth, "crowd", address("192.0.2.1")).expect("a class");
        }
        limits.by_crowd(Rule::Auth, "crowd", address("192.0.2.1")).expect_err("no class");

        let again = Limits::open(store, config).await.expect("limits");
        login(&again, "2001:db8:1:2::1").expect_err("still full");
    }

    #[tokio::test]
    async fn tries_that_could_not_be_written_are_written_later() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 1).expect("store");
        let set = async |sql: &'static str| store.run(move |connection| connection.execute(sql, &[])).await;
        let config = RateLimit { auth: Window { max: 1, window_seconds: 60 }, ..RateLimit::default() };
        let limits = Limits::open(store.clone(), config.clone()).await.expect("limits");
        limits.by_address(Rule::Auth, "login", address("192.0.2.1")).expect("first");
        set("PRAGMA query_only = 1").await.expect("as on a full disk");
        limits.flush().await.expect_err("not written");
        set("PRAGMA query_only = 0").await.expect("and back");
        limits.flush().await.expect("written");
        let again = Limits::open(store.clone(), config).await.expect("limits");
        again.by_address(Rule::Auth, "login", address("192.0.2.1")).expect_err("not forgiven by a restart");
    }

    #[tokio::test]
    async fn who_goes_on_faster_than_the_pace_waits_for_the_next() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 1).expect("store");
        let limits = Limits::open(store, RateLimit::default()).await.expect("limits");
        let pace = Pace { burst: 3, each_milliseconds: 60_000 };
        for _ in 0..3 {
            limits.pace(pace, "chat", "alice").expect("at once");
        }
        let full = limits.pace(pace, "chat", "alice").expect_err("too fast");
        assert!(matches!(full.kind, Kind::TooMany { retry_after_seconds: 59..=60 }), "{full:?}");
        limits.pace(pace, "chat", "bob").expect("another person");
        let quick = Pace { burst: 1, each_milliseconds: 1 };
        limits.pace(quick, "hum", "alice").expect("first");
        tokio::time::sleep(Duration::from_millis(5)).await;
        limits.pace(quick, "hum", "alice").expect("earned again");
    }
}
