//! What the handlers of a door are given: its parts, shared.

use std::sync::Arc;

/// The parts of one door, shared by every handler; cheap to clone.
pub struct Context<P>(Arc<P>);

impl<P> Context<P> {
    /// Wraps the parts.
    pub fn new(parts: P) -> Self {
        Self(Arc::new(parts))
    }
}

impl<P> Clone for Context<P> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<P> std::ops::Deref for Context<P> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.0
    }
}
