//! What port 80 answers an ACME server (HTTP-01, RFC 8555, 8.3): key authorizations by token, while an order runs.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Shared by whoever orders certificates and port 80. Cheap to clone.
#[derive(Clone, Default)]
pub struct Challenges(Arc<RwLock<HashMap<String, String>>>);

impl Challenges {
    /// The key authorization for `token`, where one was ordered.
    pub fn answer(&self, token: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    /// Answers `token` with `authorization` from now on.
    pub fn set(&self, token: String, authorization: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(token, authorization);
    }

    /// Forgets every token: the order is over.
    pub fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
