//! How many connections an account of this machine may have at the control socket, which everybody may knock at: nobody
//! takes the places of those who are let in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use nix::unistd::geteuid;

/// A shell needs one at a time, and one for a log that it follows.
const EACH: usize = 32;

/// Hands out places. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Locals(Arc<Mutex<HashMap<u32, usize>>>);

/// One connection's place; dropping it makes room.
pub(super) struct Place {
    uid: u32,
    locals: Locals,
}

impl Locals {
    /// `None` where this account has too many. Root and the daemon's own account have no bound.
    pub(super) fn of(&self, uid: u32) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(uid).or_default();
        if *count >= EACH && uid != 0 && uid != geteuid().as_raw() {
            return None;
        }
        *count += 1;
        Some(Place { uid, locals: self.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.locals.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.uid) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.uid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_takes_no_other_accounts_places() {
        let locals = Locals::default();
        let (somebody, other) = (geteuid().as_raw() + 1000, geteuid().as_raw() + 1001);
        let held: Vec<_> = std::iter::from_fn(|| locals.of(somebody)).take(EACH + 1).collect();
        assert_eq!(held.len(), EACH);
        assert!(locals.of(other).is_some() && locals.of(0).is_some());
        drop(held);
        assert!(locals.of(somebody).is_some());
    }
}
