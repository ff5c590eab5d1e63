//! Who it is, asked once more: before something that a stolen session must not do.

use super::{
    Accounts, Origin, Session, User,
    passkeys::{Assertion, passkey_refused},
};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    limits::Rule,
    store::{
        Timestamp, credentials,
        sessions::{self, Proof},
    },
};

/// For so long what somebody proved stands for the person.
const PROOF_SECONDS: i64 = 600;

/// What somebody gives who is asked once more.
pub enum Given {
    /// What they proved a moment ago has to do.
    Nothing,
    /// Their password.
    Password(String),
    /// What one of their passkeys signed.
    Passkey(Assertion),
}

/// Which proof of a moment ago does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recent {
    /// A passkey, or a provider's word: whoever has a password types it again.
    Passkey,
    /// A password as well.
    Any,
}

impl Accounts {
    /// Asks once more who it is: by what is given, else by what was proven a moment ago. What is wrong is 400: a 401 would
    /// make clients refresh. What is given is a try, counted for the account.
    pub(super) async fn must_be_proven(
        &self,
        actor: &Actor,
        (user, session): (&User, &Session),
        given: Given,
        recent: Recent,
        needed: impl FnOnce() -> Error,
    ) -> Result<()> {
        if !matches!(given, Given::Nothing) {
            self.0.limits.by_account(Rule::Auth, "password", &user.id)?;
        }
        match given {
            Given::Password(given) => self.must_be_own_password(user, given).await,
            Given::Passkey(answer) => self.must_be_own_passkey(actor, user, session, answer).await,
            Given::Nothing => {
                let is_fresh = session.proved_at.plus_seconds(PROOF_SECONDS) > Timestamp::now();
                let is_strong = matches!(session.proof, Proof::Passkey | Proof::Provider);
                let does = is_strong || recent == Recent::Any;
                if is_fresh && does { Ok(()) } else { Err(needed()) }
            }
        }
    }

    async fn must_be_own_password(&self, user: &User, given: String) -> Result<()> {
        let id = user.id.clone();
        let hash = self.0.store.run(move |connection| credentials::password(connection, &id)).await?;
        if self.0.hashing.is_right(given, hash).await? {
            return Ok(());
        }
        Err(Error::invalid("password_wrong", "The current password is not right."))
    }

    /// The session is as fresh as one that begins by this passkey.
    async fn must_be_own_passkey(
        &self,
        actor: &Actor,
        user: &User,
        session: &Session,
        answer: Assertion,
    ) -> Result<()> {
        let address = actor.person().and_then(|person| person.address);
        let origin = Origin { address, ..Origin::default() };
        let wrong = |e: Error| match e.kind {
            Kind::Unauthorized => Error { kind: Kind::Invalid, ..e },
            _ => e,
        };
        let right = self.right(&origin, answer).await.map_err(wrong)?;
        if right.user.id != user.id {
            return Err(wrong(passkey_refused(&"it is somebody else's")));
        }
        let id = session.id.clone();
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                right.keep(connection)?;
                sessions::proved(connection, &id, Proof::Passkey)
            })
        });
        stored.await.map_err(wrong)?;
        self.0.standings.forget_session(&session.id);
        Ok(())
    }
}
