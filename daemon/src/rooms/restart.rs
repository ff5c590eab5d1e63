//! Restarting the SFU because somebody wants it.

use super::Rooms;
use crate::{
    actor::Actor,
    error::{self, Error, Result},
    store::audit,
};

impl Rooms {
    /// Restarts the SFU under the meetings: people in a call come back by themselves. Answers when it was asked, not
    /// when it is ready.
    pub async fn restart_sfu(&self, actor: &Actor) -> Result<()> {
        error::permitted(actor.administers(), "Only an administrator may restart the SFU.")?;
        let line = audit::Line::by(actor, "sfu.restart");
        let rooms = self.clone();
        // both of it, also when whoever asked is gone
        let restarted = tokio::spawn(async move {
            rooms.0.sfu.restart().await?;
            rooms.0.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await
        });
        restarted.await.map_err(Error::internal)?
    }
}
