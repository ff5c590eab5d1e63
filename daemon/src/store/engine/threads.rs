//! The threads on which the database is used: at most as many as the pool has connections, and one queue. Most queries take
//! less time than waking a thread does, so one goes from job to job, and more are called only when it is held up.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::pool::Pool;
use crate::{
    error::{Error, Result},
    store::Connection,
};

/// A thread without work for so long ends.
const IDLE: Duration = Duration::from_secs(10);
/// More jobs than these are more than one thread's.
const BACKLOG: usize = 32;

/// Work with a connection, or with the reason why there is none.
pub(in crate::store) type Job = Box<dyn FnOnce(Result<&mut Connection>) + Send>;

/// Makes a failure of the reason why there is no connection.
pub(in crate::store) type Gone = fn(String) -> Error;

/// The threads. Dropping this ends them, and closes the pool when the last job is done.
pub(in crate::store) struct Threads(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    called: Condvar,
    most: u32,
    rested: Condvar,
}

struct Queue {
    /// Nobody may begin anything; jobs wait.
    is_held: bool,
    /// Threads that have, or are about to get, a connection.
    at_work: u32,
    /// `None` once nobody can ask for anything any more.
    pool: Option<Pool>,
    /// What somebody is told when there is no connection.
    gone: Gone,
    jobs: VecDeque<Job>,
    threads: u32,
    asleep: u32,
    /// A thread was called and has not arrived yet.
    is_one_coming: bool,
}

impl Queue {
    fn is_served(&self) -> bool {
        self.threads > self.asleep && self.jobs.len() <= BACKLOG
    }
}

impl Threads {
    /// None runs yet.
    pub(in crate::store) fn new(pool: Pool, gone: Gone) -> Self {
        let most = pool.max_size();
        let jobs = VecDeque::new();
        let queue = Queue {
            is_held: false,
            at_work: 0,
            pool: Some(pool),
            gone,
            jobs,
            threads: 0,
            asleep: 0,
            is_one_coming: false,
        };
        let rested = Condvar::new();
        Self(Arc::new(Shared { queue: Mutex::new(queue), called: Condvar::new(), most, rested }))
    }

    /// Has `job` done by the next thread that is free. A job that panics is given up, and nothing else.
    pub(in crate::store) fn give(&self, job: Job) {
        let mut queue = self.0.queue();
        queue.jobs.push_back(job);
        if !queue.is_served() {
            self.0.call(queue);
        }
    }

    /// Lets what is being done end, and nothing begin; what is given meanwhile waits. False, and as before, when something
    /// takes longer than `patience`.
    pub(in crate::store) fn hold(&self, patience: Duration) -> bool {
        let mut queue = self.0.queue();
        queue.is_held = true;
        let still = self.0.rested.wait_timeout_while(queue, patience, |queue| queue.at_work > 0);
        let (queue, waited) = still.unwrap_or_else(PoisonError::into_inner);
        drop(queue);
        if waited.timed_out() {
            self.go_on(None);
        }
        !waited.timed_out()
    }

    /// Goes on after [`Self::hold`], with another pool where one is given.
    pub(in crate::store) fn go_on(&self, other: Option<(Pool, Gone)>) {
        let mut queue = self.0.queue();
        queue.is_held = false;
        let mut before = None;
        if let (Some((pool, gone)), Some(_)) = (other, &queue.pool) {
            before = queue.pool.replace(pool);
            queue.gone = gone;
        }
        drop(queue);
        closed(before);
        self.0.called.notify_all();
        self.0.call(self.0.queue());
    }

    /// For whoever has waited long: gets one more thread to the jobs that wait.
    pub(in crate::store) fn hasten(&self) {
        self.0.call(self.0.queue());
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let pool = self.0.queue().pool.take();
        closed(pool);
        self.0.called.notify_all();
    }
}

/// Closing is nothing to do under the lock, and for the client of a server nothing to do on a thread of the runtime.
fn closed(pool: Option<Pool>) {
    drop(thread::spawn(move || drop(pool)).join());
}

/// A thread that is at work, until it is dropped.
struct AtWork<'a>(&'a Shared);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.at_work = queue.at_work.saturating_sub(1);
        drop(queue);
        self.0.rested.notify_all();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gets one more thread to the jobs that wait, unless one is coming.
    fn call(self: &Arc<Self>, mut queue: MutexGuard<'_, Queue>) {
        if queue.jobs.is_empty() || queue.is_one_coming || queue.is_held {
            return;
        }
        if queue.asleep > 0 {
            queue.is_one_coming = true;
            drop(queue);
            self.called.notify_one();
        } else if queue.threads < self.most {
            let shared = self.clone();
            match thread::Builder::new().name("store".to_owned()).spawn(move || shared.work()) {
                Ok(_) => (queue.threads, queue.is_one_coming) = (queue.threads + 1, true),
                // those that run take the job; without any it is dropped, and whoever waits for it is told
                Err(_) if queue.threads > 0 => {}
                Err(_) => queue.jobs.clear(),
            }
        }
    }

    /// The life of a thread. It keeps its connection from job to job and gives it back before it sleeps.
    fn work(self: Arc<Self>) {
        while let Some(pool) = self.arrive() {
            // ends after the connection, which is declared later, is given back
            let _at_work = AtWork(&self);
            let pool = pool;
            let mut connection = match pool.get() {
                Ok(connection) => connection,
                Err(e) if self.is_needed() => {
                    self.refuse(&e.to_string());
                    continue;
                }
                Err(_) => return,
            };
            while let Some(job) = self.next() {
                let done = catch_unwind(AssertUnwindSafe(|| job(Ok(&mut connection))));
                if done.is_err() || connection.is_broken() {
                    break; // the pool closes a connection that broke, or was left in the middle of something
                }
            }
        }
    }

    /// Sleeps until there is a job; `None` when there was none for a while or never will be: this thread has to end.
    fn arrive(&self) -> Option<Pool> {
        let mut queue = self.queue();
        loop {
            queue.is_one_coming = false;
            queue.pool.as_ref()?;
            if !queue.jobs.is_empty() && !queue.is_held {
                queue.at_work += 1;
                return queue.pool.clone();
            }
            queue.asleep += 1;
            let (woken, slept) =
                self.called.wait_timeout(queue, IDLE).unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            queue.asleep -= 1;
            if queue.jobs.is_empty() && slept.timed_out() {
                queue.is_one_coming = false;
                queue.threads -= 1;
                return None;
            }
        }
    }

    /// Whether nobody else is at work, who would do the jobs that wait: a thread without a connection leaves them to
    /// those who have one, and ends.
    fn is_needed(&self) -> bool {
        let mut queue = self.queue();
        let is_needed = queue.threads <= queue.asleep + 1;
        if !is_needed {
            queue.threads -= 1;
        }
        is_needed
    }

    /// Tells everybody who waits that there is no connection.
    fn refuse(&self, why: &str) {
        let (jobs, gone) = {
            let mut queue = self.queue();
            (std::mem::take(&mut queue.jobs), queue.gone)
        };
        for job in jobs {
            // whoever asked may panic at what they are told; the others are told all the same
            let _ = catch_unwind(AssertUnwindSafe(|| job(Err(gone(why.to_owned())))));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        if queue.is_held { None } else { queue.jobs.pop_front() }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use crate::store::{Connection, Store};

    fn store(folder: &tempfile::TempDir) -> Store {
        Store::open(&folder.path().join("test.db"), 2).expect("store")
    }

    fn one(connection: &mut Connection) -> crate::error::Result<Option<i64>> {
        connection.first("SELECT $1 + 0", &[&1], |row| row.get(0))
    }

    #[tokio::test]
    async fn a_job_that_takes_long_holds_nobody_up() {
        let folder = tempfile::tempdir().expect("directory");
        let store = store(&folder);
        let (release, held) = mpsc::channel();
        let long = tokio::spawn({
            let store = store.clone();
            async move { store.run(move |_| Ok(held.recv_timeout(Duration::from_secs(60)).is_ok())).await }
        });
        let short = async {
            for _ in 0..100 {
                assert_eq!(store.run(one).await.expect("an answer"), Some(1));
            }
        };
        tokio::time::timeout(Duration::from_secs(30), short).await.expect("while the other is held");
        release.send(()).expect("still held");
        assert!(long.await.expect("a task").expect("an answer"));
    }

    #[tokio::test]
    async fn a_thread_without_a_connection_leaves_jobs_to_those_with_one() {
        let folder = tempfile::tempdir().expect("directory");
        let store = store(&folder);
        // one connection there is; a second one cannot be had
        let away = folder.path().with_extension("away");
        std::fs::rename(folder.path(), &away).expect("moved away");
        let (release, held) = mpsc::channel();
        let (begins, begun) = tokio::sync::oneshot::channel();
        let long = tokio::spawn({
            let store = store.clone();
            let work = move |_: &mut Connection| {
                begins.send(()).expect("somebody waits");
                Ok(held.recv_timeout(Duration::from_secs(60)).is_ok())
            };
            async move { store.run(work).await }
        });
        begun.await.expect("it has the connection");
        let mut short = Box::pin(store.run(one));
        // longer than the second thread waits for its connection
        let told = tokio::time::timeout(Duration::from_secs(7), &mut short).await;
        assert!(told.is_err(), "nobody is told what one thread does not get: {told:?}");
        release.send(()).expect("still held");
        assert!(long.await.expect("a task").expect("an answer"));
        assert_eq!(short.await.expect("an answer"), Some(1));
        std::fs::rename(&away, folder.path()).expect("moved back");
    }

    #[tokio::test]
    async fn a_panic_costs_one_job() {
        let folder = tempfile::tempdir().expect("directory");
        let store = store(&folder);
        let broken = store.run(|connection| {
            connection.transaction(|connection| {
                connection.execute("CREATE TABLE half (done BIGINT)", &[])?;
                assert!(!connection.is_broken(), "on purpose");
                Ok(())
            })
        });
        assert_eq!(broken.await.expect_err("no answer").code, "internal");
        assert_eq!(store.run(one).await.expect("an answer"), Some(1));
        let half = store.run(|c| c.execute("INSERT INTO half VALUES (1)", &[])).await;
        assert_eq!(half.expect_err("rolled back").code, "internal");
    }
}
