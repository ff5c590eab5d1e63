//! Showing and exchanging the secrets that sign tokens, for the operator.

use super::{Accounts, administer::permitted, keys::KeyFacts};
use crate::{
    actor::Actor,
    error::{Error, Result},
    store::audit,
};

impl Accounts {
    /// The keys that sign and check tokens, the one that signs first.
    pub fn keys(&self, actor: &Actor) -> Result<Vec<KeyFacts>> {
        permitted(actor, "")?;
        Ok(self.0.signer.list())
    }

    /// Has a fresh key sign tokens from now on. Nobody is signed out: what the one before signed is believed until it is over.
    pub async fn rotate_keys(&self, actor: &Actor) -> Result<KeyFacts> {
        let line = permitted(actor, "keys.rotate")?;
        let accounts = self.clone();
        // both of it, also when whoever asked is gone
        let rotated = tokio::spawn(async move {
            let ring = accounts.0.signer.clone();
            let facts =
                tokio::task::spawn_blocking(move || ring.rotate()).await.map_err(Error::internal)??;
            tracing::info!(by = line.actor, key = facts.id, "keys.rotate");
            let line = audit::Line { target: facts.id.clone(), ..line };
            accounts.0.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await?;
            Ok(facts)
        });
        rotated.await.map_err(Error::internal)?
    }
}
