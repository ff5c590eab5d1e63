//! As soon as one waits: has a letter written and sent.

use std::sync::Arc;

use crate::{accounts::Accounts, mail::Mail};

/// What it takes to write one.
pub struct Letters {
    /// What waits, and who carries it.
    pub mail: Mail,
    /// What a letter says.
    pub accounts: Accounts,
    /// The URL people type, as it is now.
    pub url: Arc<dyn Fn() -> String + Send + Sync>,
}

pub(super) async fn run(letters: Letters) {
    let Letters { mail, accounts, url } = letters;
    let write = move |waiting| {
        let (accounts, url) = (accounts.clone(), url());
        async move { accounts.letter(&waiting, &url).await }
    };
    mail.drain(write).await;
}
