//! The cache of sessions with their people, so that most requests ask no database. `accounts` owns it: every change it
//! makes is told here at once, and a change made by another daemon shows after a second.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::{Session, User};

const FRESH: Duration = Duration::from_secs(1);
const MOST: usize = 20_000;

/// An open session and its person as the store knew them a moment ago.
pub(super) struct Standing {
    pub(super) user: Arc<User>,
    pub(super) session: Session,
    read_at: Instant,
}

/// Standings by session id.
#[derive(Default)]
pub(super) struct Standings {
    by_session: RwLock<HashMap<String, Arc<Standing>>>,
    changes: AtomicU64,
}

impl Standings {
    pub(super) fn get(&self, session_id: &str) -> Option<Arc<Standing>> {
        let known = self.by_session.read().unwrap_or_else(PoisonError::into_inner);
        known.get(session_id).filter(|standing| standing.read_at.elapsed() < FRESH).cloned()
    }

    /// To be taken before the store is read, and given to [`Self::put`].
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Keeps what was read, unless something has changed since `changes`: then it may be old already.
    pub(super) fn put(&self, user: User, session: Session, changes: u64) -> Arc<Standing> {
        let standing = Arc::new(Standing { user: Arc::new(user), session, read_at: Instant::now() });
        let mut known = self.write();
        if changes == self.changes() {
            if known.len() >= MOST {
                known.retain(|_, standing| standing.read_at.elapsed() < FRESH);
            }
            if known.len() < MOST {
                known.insert(standing.session.id.clone(), standing.clone());
            }
        }
        standing
    }

    /// A session has changed in the store.
    pub(super) fn forget_session(&self, session_id: &str) {
        let mut known = self.write();
        self.changes.fetch_add(1, Ordering::SeqCst);
        known.remove(session_id);
    }

    /// A person, or any of their sessions, has changed in the store.
    pub(super) fn forget_user(&self, user_id: &str) {
        let mut known = self.write();
        self.changes.fetch_add(1, Ordering::SeqCst);
        known.retain(|_, standing| standing.user.id != user_id);
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<String, Arc<Standing>>> {
        self.by_session.write().unwrap_or_else(PoisonError::into_inner)
    }
}
