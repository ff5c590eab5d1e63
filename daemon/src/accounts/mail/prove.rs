//! Whether a mail address is whose account it stands in: asked by a letter, answered by its link.

use super::{VERIFY, tokens, tokens::Found};
use crate::{
    accounts::{Accounts, Origin, Session, Tokens, User, session},
    actor::{Actor, Role},
    error::{Error, Kind, Result},
    limits::Rule,
    store::{
        Timestamp, audit,
        sessions::{self, Proof},
        users,
    },
};

/// For somebody who has shown who they are, and whose mail address nobody has proven.
pub(in crate::accounts) fn unproven(user: &User) -> Error {
    let s = "Confirm your mail address first: follow the link in the mail that was sent to you.";
    Error::forbidden("verification_needed", s)
        .with("requiresVerification", true)
        .with("email", user.email.clone().unwrap_or_default())
}

impl Accounts {
    /// Whether only those come in whose mail address is proven.
    pub fn wants_proven_mail(&self) -> bool {
        self.0.lifetimes.require_email_verification
    }

    /// Refuses somebody whose mail address has to be proven first. Guests have none.
    pub(in crate::accounts) fn must_be_verified(&self, user: &User) -> Result<()> {
        let is_missing = user.email_verified_at.is_none() && user.role != Role::Guest;
        if is_missing && self.wants_proven_mail() { Err(unproven(user)) } else { Ok(()) }
    }

    /// Has the letter sent again. For every address the same is done now.
    pub async fn resend_verification(&self, origin: &Origin, email: &str) -> Result<()> {
        self.ask_for(origin, VERIFY, email).await
    }

    /// The same for somebody whom an administrator names.
    pub async fn send_verification_to(&self, actor: &Actor, id: &str) -> Result<()> {
        crate::accounts::administer::permitted(actor, "")?;
        let wanted = id.to_owned();
        let user = self.0.store.run(move |c| users::by_id(c, &wanted)).await?;
        let user = user.ok_or_else(|| Error::not_found("user"))?;
        let email = user.email.clone().filter(|_| user.email_verified_at.is_none());
        let s = "There is no mail address that has to be proven.";
        let email = email.ok_or_else(|| Error::conflict("nothing_to_prove", s))?;
        self.ask_for(&Origin::default(), VERIFY, &email).await
    }

    /// When a link that is made now is over.
    pub(super) fn verify_until(&self) -> Timestamp {
        Timestamp::now().plus_seconds(i64::from(self.0.lifetimes.verification_token_hours) * 3600)
    }

    /// Takes the link of a letter for a proof, and signs in. Once: whoever follows it again hears that it is done.
    pub async fn verify(&self, origin: &Origin, token: &str) -> Result<Tokens> {
        self.0.limits.by_address(Rule::Auth, "verify-mail", origin.address)?;
        let (token, asks) = (token.to_owned(), origin.clone());
        let accounts = self.clone();
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                let user = match tokens::of(connection, tokens::Purpose::Verify, &token)? {
                    Found::User(user) => user,
                    Found::Another => {
                        let s = "The account of this link is gone, or has another mail address.";
                        return Err(Error::new(Kind::NotFound, "account_changed", s));
                    }
                    Found::Nothing => {
                        let s = "This link does not serve, or is over. Ask for another mail.";
                        return Err(Error::unauthorized("verification_invalid", s));
                    }
                };
                if user.email_verified_at.is_some() {
                    let s = "This mail address is confirmed already. Sign in.";
                    return Err(Error::conflict("already_verified", s).with("already_verified", true));
                }
                if !user.is_active {
                    return Err(session::disabled());
                }
                users::set_verified(connection, &user.id)?;
                // a link is no proof of a moment ago that would open what asks for one
                let session = Session {
                    proof: Proof::Password,
                    proved_at: Timestamp(0),
                    ..accounts.new_session(&user, &asks)
                };
                sessions::insert(connection, &session)?;
                audit::write(connection, &asks.line(&user, "account.verify", &user.id))?;
                Ok((user.id.clone(), session))
            })
        });
        let (id, session) = stored.await?;
        self.0.standings.forget_user(&id);
        self.0.signer.pair(&session)
    }
}
