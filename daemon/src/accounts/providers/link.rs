//! One more way into an account: whoever was signed in when they were sent is who a provider says they are.

use super::enter::link_of;
use crate::{
    accounts::{Accounts, Origin, session::ended},
    error::{Error, Result},
    providers::{Provider, Told},
    store::{ALREADY_EXISTS, Timestamp, audit, credentials, sessions},
};

impl Accounts {
    pub(super) async fn link(
        &self,
        origin: &Origin,
        provider: &Provider,
        told: Told,
        user_id: String,
        session_id: String,
    ) -> Result<()> {
        let elsewhere = || {
            let s = "Somebody else's account here is linked with that one. Sign in by it, and unlink it there first.";
            Error::conflict("provider_linked_elsewhere", s)
        };
        let (link, origin) = (link_of(&told, &user_id), origin.clone());
        let detail = provider.id().to_owned();
        let kept = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // whoever ended the session meanwhile has seen to the ways in that there were
                let now = sessions::with_user(connection, &session_id)?;
                let open = now.filter(|(user, session)| user.is_active && session.is_open(Timestamp::now()));
                let (user, _) = open.filter(|(user, _)| user.id == user_id).ok_or_else(ended)?;
                match credentials::link(connection, &link.issuer, &link.subject)? {
                    Some(known) if known.user_id == user_id => return Ok(()),
                    Some(_) => return Err(elsewhere()),
                    None => credentials::insert_link(connection, &link)?,
                }
                let line = origin.line(&user, "provider.link", &user.id);
                audit::write(connection, &audit::Line { detail: detail.clone(), ..line })
            })
        });
        kept.await.map_err(|e| if e.code == ALREADY_EXISTS { elsewhere() } else { e })
    }
}
