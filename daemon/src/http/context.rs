//! What handlers are given: the deciding modules, built once by `app`.

use std::sync::Arc;

use super::cookies::Cookies;
use crate::{accounts::Accounts, limits::Limits, rooms::Rooms, settings::Settings, store::Store, tls::Tls};

/// Shared by every handler; cheap to clone.
#[derive(Clone)]
pub struct Context(Arc<Parts>);

/// The parts behind a [`Context`].
pub struct Parts {
    /// For plain reads without a decision.
    pub store: Store,
    /// Who somebody is.
    pub accounts: Accounts,
    /// What may happen in a room.
    pub rooms: Rooms,
    /// How often somebody may try.
    pub limits: Limits,
    /// What an administrator may change while the server runs.
    pub settings: Settings,
    /// The served certificate, where this server ends TLS.
    pub tls: Option<Tls>,
    /// Lifetimes and manner of our cookies.
    pub cookies: Cookies,
}

impl Context {
    /// Wraps the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for Context {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
