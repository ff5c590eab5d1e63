//! One's own passkeys: which there are, what they are called, and without which one still comes in.

use crate::{
    accounts::{Accounts, Passkey, line_of},
    actor::Actor,
    error::{Error, Result},
    limits::Rule,
    names,
    store::{audit, credentials, users},
};

impl Accounts {
    /// One's own passkeys, newest first.
    pub async fn own_passkeys(&self, actor: &Actor) -> Result<Vec<Passkey>> {
        let (user, _) = self.account_of(actor).await?;
        let id = user.id.clone();
        self.0.store.run(move |connection| credentials::passkeys(connection, &id)).await
    }

    /// Calls one of them something else.
    pub async fn rename_passkey(&self, actor: &Actor, id: &str, name: &str) -> Result<()> {
        let (user, _) = self.account_of(actor).await?;
        self.0.limits.by_account(Rule::Api, "passkey", &user.id)?;
        let name = names::person(name, 1)?;
        let (id, user_id) = (id.to_owned(), user.id.clone());
        let renamed = self.0.store.run(move |c| credentials::rename_passkey(c, &user_id, &id, &name)).await?;
        if renamed { Ok(()) } else { Err(Error::not_found("passkey")) }
    }

    /// Removes one of them, but never the last way in.
    pub async fn remove_passkey(&self, actor: &Actor, id: &str) -> Result<()> {
        let (user, _) = self.account_of(actor).await?;
        let line = audit::Line { detail: id.to_owned(), ..line_of(actor, "passkey.remove", &user.id) };
        let (id, user_id, accounts) = (id.to_owned(), user.id.clone(), self.clone());
        let removed = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // of two that are removed at once the second one is counted without the first
                users::lock(connection, &user_id)?;
                if !credentials::delete_passkey(connection, &user_id, &id)? {
                    return Err(Error::not_found("passkey"));
                }
                accounts.must_have_way_in(connection, &user_id)?;
                audit::write(connection, &line)
            })
        });
        removed.await
    }
}
