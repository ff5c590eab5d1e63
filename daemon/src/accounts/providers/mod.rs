//! Signing in by the word of a provider: who is sent there, who comes back, whose account that opens, and which of them belong
//! to an account.

mod begin;
mod come;
mod enter;
mod link;
mod own;

pub use begin::{Sent, Wish};
pub use come::{Back, Came};
pub use own::Linked;

use super::Accounts;
use crate::providers::Provider;

impl Accounts {
    /// By whom people may sign in here.
    pub fn providers(&self) -> &[Provider] {
        self.0.providers.all()
    }
}

/// Where a provider sends people back to; `own` is this server's URL.
fn redirect(own: &str, provider: &Provider) -> String {
    format!("{own}/api/auth/{}/callback", provider.id())
}
