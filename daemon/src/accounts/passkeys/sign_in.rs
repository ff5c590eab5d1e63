//! Signing in by a passkey, with or without saying who one is.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential, WebauthnError};

use super::{Assertion, Request, challenge::Purpose, older};
use crate::{
    accounts::{Accounts, Login, Origin, Session, User, mail, rules, session::disabled},
    error::{Error, Result},
    limits::Rule,
    store::{
        Connection, audit, credentials,
        sessions::{self, Proof},
        users,
    },
};

const REFUSED: &str = "passkey_refused";

/// One text for everything that may be wrong.
pub(in crate::accounts) fn refused(why: &dyn std::fmt::Display) -> Error {
    tracing::debug!("a passkey was refused: {why}");
    let s =
        "This passkey opens nothing here, or it was used too late. Try again, or sign in by your password.";
    Error::unauthorized(REFUSED, s)
}

/// A device's answer that proves who it is.
pub(in crate::accounts) struct Right {
    /// Whose passkey it is.
    pub(in crate::accounts) user: User,
    passkey_id: String,
    key: String,
    counter: i64,
}

impl Accounts {
    /// What a device shall be asked. For a mail address these are the passkeys of its account, or made-up ones that are
    /// the same each time, so that nobody learns who has an account.
    pub async fn passkey_asked(&self, origin: &Origin, email: Option<&str>) -> Result<Request> {
        let party = self.party().await?;
        self.0.limits.by_crowd(Rule::Auth, "passkey-begin", origin.address)?;
        let (asked, state) = party.webauthn.start_discoverable_authentication().map_err(Error::internal)?;
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(&asked.public_key.challenge);
        let allowed = match email.map(str::trim).filter(|email| !email.is_empty()) {
            Some(email) => self.passkeys_of(email).await?,
            None => Vec::new(),
        };
        self.ask(Purpose::SignIn, &challenge, None, &state).await?;
        Ok(Request { challenge, party_id: party.id.clone(), allowed })
    }

    async fn passkeys_of(&self, email: &str) -> Result<Vec<String>> {
        let email = rules::mail(email).unwrap_or_else(|| email.to_owned());
        let wanted = email.clone();
        let known = self.0.store.run(move |c| credentials::passkeys_of_mail(c, &wanted)).await?;
        // by the oldest key, so that a key's exchange does not tell them from the others
        let mark = self.0.signer.marks("made-up passkey", &email).pop().unwrap_or_default();
        // as long as those of the two commonest kinds of devices
        let length = if mark.last().is_some_and(|byte| byte % 2 == 0) { 20 } else { 32 };
        let made_up = BASE64_URL_SAFE_NO_PAD.encode(mark.get(..length).unwrap_or_default());
        Ok(if known.is_empty() { vec![made_up] } else { known })
    }

    /// Signs in by a device's answer. Only what is wrong is counted, and apart from passwords: whoever is kept from those
    /// comes in by a passkey.
    pub async fn passkey_login(&self, origin: &Origin, answer: Assertion) -> Result<Login> {
        self.party().await?;
        let is_wrong = |e: &Error| e.code == REFUSED;
        let trying = self.open_by(origin, answer);
        self.0.limits.guessing(Rule::Auth, "passkey", origin.address, is_wrong, trying).await
    }

    async fn open_by(&self, origin: &Origin, answer: Assertion) -> Result<Login> {
        let right = self.right(origin, answer).await?;
        let user = right.user.clone();
        if !user.is_active {
            return Err(disabled());
        }
        self.must_be_verified(&user)?;
        let (post, cookie_of) = (self.0.mail.clone(), self.cookie_of(origin));
        let session = Session { proof: Proof::Passkey, ..self.new_session(&user, origin) };
        let login = self.login_of(user.clone(), &session)?;
        let line =
            audit::Line { detail: "passkey".to_owned(), ..origin.line(&user, "account.login", &user.id) };
        let stored = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // what was checked may have changed meanwhile
                if !users::by_id(connection, &user.id)?.is_some_and(|now| now.is_active) {
                    return Err(refused(&"its account is gone"));
                }
                right.keep(connection)?;
                mail::tell_of_device(&post, connection, &user, &session, cookie_of.as_deref())?;
                sessions::insert(connection, &session)?;
                audit::write(connection, &line)
            })
        });
        stored.await.map(|()| login)
    }

    /// Checks a device's answer; it counts when it is kept.
    pub(in crate::accounts) async fn right(&self, origin: &Origin, answer: Assertion) -> Result<Right> {
        let party = self.party().await?;
        let asked =
            self.asked::<DiscoverableAuthentication>(Purpose::SignIn, &answer.client_data_json).await?;
        let (_, state) = asked.ok_or_else(|| refused(&"nobody asked for it"))?;
        let id = answer.credential_id.clone();
        let found = self.0.store.run(move |connection| {
            let Some(passkey) = credentials::passkey(connection, &id)? else { return Ok(None) };
            Ok(users::by_id(connection, &passkey.user_id)?.map(|user| (user, passkey)))
        });
        let (user, passkey) = found.await?.ok_or_else(|| refused(&"it is nobody's"))?;
        let mut key = older::key(&passkey.key, &answer.authenticator_data)?;
        let proof = party.webauthn.finish_discoverable_authentication_v2(&assertion(&answer)?, state, &key);
        let proof = match proof {
            Err(WebauthnError::CredentialPossibleCompromise) => {
                return Err(self.copied(origin, &user, &passkey.id).await);
            }
            proof => proof.map_err(|e| refused(&e))?,
        };
        key.update_credential(&proof);
        let key = serde_json::to_string(&key).map_err(Error::internal)?;
        Ok(Right { user, passkey_id: passkey.id, key, counter: i64::from(proof.counter()) })
    }

    /// Its count went back: somebody may have a copy of the device.
    async fn copied(&self, origin: &Origin, user: &User, passkey_id: &str) -> Error {
        let line = origin.line(user, "passkey.copied", passkey_id);
        if let Err(e) = self.0.store.run(move |connection| audit::write(connection, &line)).await {
            tracing::warn!(code = e.code, "a copied passkey is not in the audit log: {e}");
        }
        tracing::warn!(
            user = user.id,
            "a passkey counts less than before: there may be a copy of its device"
        );
        let s = "This passkey was used with a later count before, so there may be a copy of it. Sign in another way \
                 and remove it.";
        Error::unauthorized("passkey_copied", s)
    }
}

impl Right {
    /// Notes that the passkey was used, in the transaction of what it opens.
    pub(in crate::accounts) fn keep(&self, connection: &mut Connection) -> Result<()> {
        if credentials::passkey_used(connection, &self.passkey_id, &self.key, self.counter)? {
            return Ok(());
        }
        Err(refused(&"it is gone, or was used at the same time"))
    }
}

/// The answer in the form that the library reads.
fn assertion(answer: &Assertion) -> Result<PublicKeyCredential> {
    let read = serde_json::from_value(serde_json::json!({
        "id": answer.credential_id, "rawId": answer.credential_id, "type": "public-key",
        "response": {
            "authenticatorData": answer.authenticator_data,
            "clientDataJSON": answer.client_data_json,
            "signature": answer.signature,
            "userHandle": null,
        },
    }));
    read.map_err(|e| refused(&e))
}
