//! What this server answers an ACME server while an order runs: on port 80 (HTTP-01, RFC 8555, 8.3) and in handshakes for
//! nothing but this (TLS-ALPN-01, RFC 8737).

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use rustls::sign::CertifiedKey;

/// Shared by whoever orders certificates, port 80 and the handshakes. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Challenges(Arc<RwLock<Answers>>);

#[derive(Debug, Default)]
struct Answers {
    by_token: HashMap<String, String>,
    by_name: HashMap<String, Arc<CertifiedKey>>,
}

impl Challenges {
    /// The key authorization for `token`, where one was ordered.
    pub fn answer(&self, token: &str) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_token.get(token).cloned()
    }

    /// The certificate that proves `name`, where one was ordered.
    pub(super) fn certificate(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_name.get(name).cloned()
    }

    /// Answers `token` with `authorization` from now on.
    pub(super) fn set(&self, token: String, authorization: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).by_token.insert(token, authorization);
    }

    /// Forgets one that was set.
    pub(super) fn remove(&self, token: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).by_token.remove(token);
    }

    /// Answers handshakes for `name` with `certificate` from now on.
    pub(super) fn set_certificate(&self, name: String, certificate: CertifiedKey) {
        let mut answers = self.0.write().unwrap_or_else(PoisonError::into_inner);
        answers.by_name.insert(name, Arc::new(certificate));
    }

    /// Forgets everything: the order is over.
    pub(super) fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Answers::default();
    }
}
