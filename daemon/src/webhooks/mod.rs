//! Whom outside we tell what happens here: made and changed by administrators, called in order, again when that failed.

mod deliver;
mod manage;
mod send;
mod target;

pub use crate::store::webhooks::{
    deliveries::{Attempt, Delivery},
    table::{Faring, Webhook},
};
pub use manage::Wanted;

use std::sync::Arc;

use crate::{network::Network, store::Store};

/// Outgoing webhooks. Cheap to clone.
#[derive(Clone)]
pub struct Webhooks(Arc<Inner>);

struct Inner {
    store: Store,
    caller: send::Caller,
}

impl Webhooks {
    /// `allowed` are the networks that may be called although they are not of the internet.
    pub fn new(store: Store, allowed: Vec<Network>) -> Self {
        Self(Arc::new(Inner { store, caller: send::Caller::new(target::Rules::new(allowed)) }))
    }
}
