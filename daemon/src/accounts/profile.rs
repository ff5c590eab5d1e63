//! What people change about themselves: name, mail address, preferences.

use std::sync::Arc;

use super::{Accounts, Given, Origin, Tokens, User, line_of, mail, proof::Recent, rules};
use crate::{
    actor::Actor,
    error::{Error, Kind, Result},
    limits::Rule,
    rooms,
    store::{ALREADY_EXISTS, audit, users},
};

const PREFERENCES_BYTES: usize = 4096;

/// A changed profile.
pub struct Profile {
    /// The person as they are now.
    pub user: Arc<User>,
    /// The session's tokens, when the mail address has changed: old clients replace theirs then.
    pub tokens: Option<Tokens>,
}

impl Accounts {
    /// Changes one's own name and, where given, mail address. Another address asks for `current`, since
    /// whoever has the address can get another password; one in use is refused as an invalid one is. The old address is
    /// told, and the new one asked.
    pub async fn change_profile(
        &self,
        actor: &Actor,
        origin: &Origin,
        name: &str,
        email: Option<&str>,
        current: Given,
    ) -> Result<Profile> {
        let (user, session) = self.account_of(actor).await?;
        self.0.limits.by_account(Rule::Api, "profile", &user.id)?;
        // a name of before today's rule stays until somebody changes it
        let name = if name == user.name { user.name.clone() } else { rules::name(name)? };
        let old = user.email.clone().unwrap_or_default();
        let email = match email {
            Some(given) => rules::mail(given).ok_or_else(rules::mail_invalid)?,
            None => old.clone(),
        };
        let moved = email != old;
        if moved {
            let needed =
                || Error::invalid("password_needed", "Another mail address asks for your current password.");
            self.must_be_proven(actor, (&user, &session), current, Recent::Passkey, needed).await?;
        }
        let line = line_of(actor, "account.profile", &user.id);
        let id = user.id.clone();
        let (before, post, origin) = (user.clone(), self.0.mail.clone(), origin.clone());
        let changed = self.0.outbox.decide(move |connection| {
            users::set_profile(connection, &id, &name, &email)?;
            rooms::person_changed(connection, &id)?;
            audit::write(connection, &line)?;
            if moved {
                mail::tell_of_address(&post, connection, &before, &email)?;
                mail::ask_to_verify(&post, connection, &email, &origin)?;
            }
            users::by_id(connection, &id)?.ok_or_else(|| Error::not_found("user"))
        });
        let changed =
            changed.await.map_err(|e| if e.code == ALREADY_EXISTS { rules::mail_invalid() } else { e })?;
        self.0.standings.forget_user(&user.id);
        let tokens = match moved {
            true => {
                let pair = self.0.signer.pair(&session)?;
                Some(Tokens { access: self.0.signer.fresh_access(&session)?, ..pair })
            }
            false => None,
        };
        Ok(Profile { user: changed.into(), tokens })
    }

    /// One's own preferences, a JSON object as text.
    pub async fn preferences(&self, actor: &Actor) -> Result<String> {
        let id = self.me(actor).await?.id.clone();
        let found = self.0.store.run(move |connection| users::preferences(connection, &id)).await?;
        found.ok_or_else(|| Error::not_found("user"))
    }

    /// Replaces them; at most 4096 bytes.
    pub async fn set_preferences(&self, actor: &Actor, json: String) -> Result<()> {
        if json.len() > PREFERENCES_BYTES {
            let s = "Preferences may have 4096 bytes. Keep fewer.";
            return Err(Error::new(Kind::TooLarge, "preferences_too_large", s));
        }
        if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&json).is_err() {
            return Err(Error::invalid("preferences_invalid", "Preferences must be a JSON object as text."));
        }
        let id = self.me(actor).await?.id.clone();
        self.0.limits.by_account(Rule::Api, "preferences", &id)?;
        self.0.store.run(move |connection| users::set_preferences(connection, &id, &json)).await
    }
}
