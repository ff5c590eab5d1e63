//! Right after each commit, and again later where that failed: tells webhooks what they wait for.

use crate::webhooks::Webhooks;

pub(super) async fn run(webhooks: Webhooks) {
    webhooks.deliver().await;
}
