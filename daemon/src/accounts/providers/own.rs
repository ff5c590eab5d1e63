//! One's own links: which there are, and without which one still comes in.

use crate::{
    accounts::{Accounts, line_of},
    actor::Actor,
    error::{Error, Result},
    store::{
        Connection, audit,
        credentials::{self, Link},
        digest_of, users,
    },
};

/// A link, and by whom it is.
pub struct Linked {
    /// Names it in requests.
    pub id: String,
    /// Id and name of the provider; none where nobody signs in by it any more.
    pub provider: Option<(String, String)>,
    /// What is kept.
    pub link: Link,
}

fn id_of(link: &Link) -> String {
    digest_of(&format!("{} {}", link.issuer, link.subject))
}

impl Accounts {
    /// One's own links, newest first.
    pub async fn own_links(&self, actor: &Actor) -> Result<Vec<Linked>> {
        let (user, _) = self.account_of(actor).await?;
        let id = user.id.clone();
        let links = self.0.store.run(move |connection| credentials::links(connection, &id)).await?;
        let linked = |link: Link| {
            let provider = self.providers().iter().find(|one| one.issuer() == link.issuer);
            let provider = provider.map(|one| (one.id().to_owned(), one.name().to_owned()));
            Linked { id: id_of(&link), provider, link }
        };
        Ok(links.into_iter().map(linked).collect())
    }

    /// Removes one of them, but never the last way in.
    pub async fn unlink(&self, actor: &Actor, id: &str) -> Result<()> {
        let (user, _) = self.account_of(actor).await?;
        let line = line_of(actor, "provider.unlink", &user.id);
        let (id, user_id, accounts) = (id.to_owned(), user.id.clone(), self.clone());
        let removed = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // of two that are removed at once the second one is counted without the first
                users::lock(connection, &user_id)?;
                let links = credentials::links(connection, &user_id)?;
                let link = links.into_iter().find(|link| id_of(link) == id);
                let link = link.ok_or_else(|| Error::not_found("link"))?;
                credentials::delete_link(connection, &link)?;
                accounts.must_have_way_in(connection, &user_id)?;
                audit::write(connection, &audit::Line { detail: link.issuer, ..line.clone() })
            })
        });
        removed.await
    }

    /// Refuses where somebody could not come in any more: by a provider that is not asked here nobody does.
    pub(in crate::accounts) fn must_have_way_in(
        &self,
        connection: &mut Connection,
        user_id: &str,
    ) -> Result<()> {
        if credentials::ways_in(connection, user_id)? > 0 {
            return Ok(());
        }
        let is_asked = |link: &Link| self.providers().iter().any(|one| one.issuer() == link.issuer);
        if credentials::links(connection, user_id)?.iter().any(is_asked) {
            return Ok(());
        }
        let s = "This is your only way in. Set a password, add a passkey or link another account first.";
        Err(Error::conflict("last_way_in", s))
    }
}
