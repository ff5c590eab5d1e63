//! A new password for whoever has the account's mail address.

use super::{About, RESET, tell_of_password, tokens, tokens::Found};
use crate::{
    accounts::{Accounts, Origin, User, administer::permitted, rules},
    actor::{Actor, Role},
    error::{Error, Result},
    limits::{Pace, Rule},
    store::{Timestamp, audit, credentials, sessions, users},
};

/// Letters to one address: some at once, then one each five minutes.
pub(super) const PACE: Pace = Pace { burst: 3, each_milliseconds: 300_000 };

fn refused() -> Error {
    let s = "This link does not serve: it was used, is over, or the account has changed since. Ask for another one.";
    Error::invalid("reset_invalid", s)
}

/// Whether a password may be set by a link.
pub(super) fn may_reset(user: &User) -> bool {
    user.is_active && user.role != Role::Guest
}

impl Accounts {
    /// Whether this server writes to people.
    pub fn has_mail(&self) -> bool {
        self.0.mail.is_on()
    }

    /// Has a link for a new password sent. For every address the same is done now: whether there is such an account is asked
    /// when the letter is written.
    pub async fn forgot_password(&self, origin: &Origin, email: &str) -> Result<()> {
        self.ask_for(origin, RESET, email).await
    }

    /// Leaves a letter of `kind` to an address that may be nobody's.
    pub(super) async fn ask_for(&self, origin: &Origin, kind: &'static str, email: &str) -> Result<()> {
        self.0.limits.by_address(Rule::Auth, kind, origin.address)?;
        self.0.mail.must_take()?;
        let s = "Give a valid mail address.";
        let email = rules::mail(email).ok_or_else(|| Error::invalid("mail_invalid", s))?;
        self.0.limits.by_account(Rule::Auth, kind, &email)?;
        self.0.limits.pace(PACE, kind, &email)?;
        let wanted = About::by(origin).letter(kind, &email, &email)?;
        let mail = self.0.mail.clone();
        self.0.store.run(move |c| c.transaction(|c| mail.leave(c, &wanted))).await
    }

    /// A link's secret by which somebody sets a new password, for an administrator to hand on; and until when it serves.
    pub async fn reset_token(&self, actor: &Actor, id: &str) -> Result<(String, Timestamp)> {
        let line = audit::Line { target: id.to_owned(), ..permitted(actor, "account.reset_link")? };
        let (id, until) = (id.to_owned(), self.reset_until());
        let made = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let user = users::by_id(connection, &id)?.ok_or_else(|| Error::not_found("user"))?;
                if !may_reset(&user) {
                    let s = "There is no password to set: the account is disabled, or a guest's.";
                    return Err(Error::conflict("no_password", s));
                }
                audit::write(connection, &line)?;
                tokens::make(connection, tokens::Purpose::Reset, &user, until)
            })
        });
        Ok((made.await?, until))
    }

    /// When a link that is made now is over.
    pub(super) fn reset_until(&self) -> Timestamp {
        Timestamp::now().plus_seconds(i64::from(self.0.lifetimes.reset_token_hours) * 3600)
    }

    /// Sets a new password by a link of a letter, and ends every session. The address is proven by that.
    pub async fn reset_password(&self, origin: &Origin, token: &str, new: String) -> Result<()> {
        self.0.limits.by_address(Rule::Auth, "reset-password", origin.address)?;
        // what fails here leaves the link as it was
        rules::password(&new)?;
        let hash = self.0.hashing.hash(new).await?;
        let (token, origin, mail) = (token.to_owned(), origin.clone(), self.0.mail.clone());
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let Found::User(user) = tokens::of(connection, tokens::Purpose::Reset, &token)? else {
                    return Err(refused());
                };
                if !may_reset(&user) {
                    return Err(refused());
                }
                credentials::set_password(connection, &user.id, &hash)?;
                users::password_changed(connection, &user.id)?;
                users::set_verified(connection, &user.id)?;
                sessions::end_all(connection, &user.id, None, "password")?;
                audit::write(connection, &origin.line(&user, "account.reset", &user.id))?;
                tell_of_password(&mail, connection, &user)?;
                Ok(user.id.clone())
            })
        });
        let id = stored.await?;
        self.0.standings.forget_user(&id);
        Ok(())
    }
}
