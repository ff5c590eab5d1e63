//! One more passkey of somebody who is signed in.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use webauthn_rs::prelude::PasskeyRegistration;

use super::{Attestation, Creation, attestation, challenge::Purpose, creation, not_made, row, uuid_of};
use crate::{
    accounts::{Accounts, Given, line_of, proof::Recent, session::ended},
    actor::Actor,
    error::{Error, Result},
    limits::Rule,
    names,
    store::{ALREADY_EXISTS, Timestamp, audit, credentials, sessions},
};

/// Passkeys of one account; nobody has so many devices.
const MOST: usize = 20;

impl Accounts {
    /// What the person's device shall be asked. A passkey opens the account for good, so whoever adds one proves who they are:
    /// a moment ago, or by what is given.
    pub async fn passkey_wanted(&self, actor: &Actor, given: Given) -> Result<Creation> {
        let party = self.party().await?;
        let (user, session) = self.account_of(actor).await?;
        self.0.limits.by_account(Rule::Api, "passkey", &user.id)?;
        let needed = || {
            let s = "Another passkey asks for your password, or for one of your passkeys. Give one of them and try again.";
            Error::invalid("proof_needed", s)
        };
        self.must_be_proven(actor, (&user, &session), given, Recent::Any, needed).await?;
        let id = user.id.clone();
        let own = self.0.store.run(move |connection| credentials::passkeys(connection, &id)).await?;
        if own.len() >= MOST {
            let s = format!("You have {MOST} passkeys already. Remove one that you do not use any more.");
            return Err(Error::conflict("passkeys_many", s));
        }
        let known = own.iter().filter_map(|one| BASE64_URL_SAFE_NO_PAD.decode(&one.id).ok());
        let known = known.collect();
        let mail = user.email.clone().unwrap_or_else(|| user.id.clone());
        let (asked, state) = party
            .webauthn
            .start_passkey_registration(uuid_of(&user.id)?, &mail, &user.name, Some(known))
            .map_err(Error::internal)?;
        let creation = creation(party, asked, self.0.settings.get().await?.server_name.clone());
        self.ask(Purpose::Register, &creation.challenge, Some(user.id.clone()), &state).await?;
        Ok(creation)
    }

    /// Keeps the passkey that the device made.
    pub async fn register_passkey(&self, actor: &Actor, answer: Attestation) -> Result<()> {
        let party = self.party().await?;
        let (user, session) = self.account_of(actor).await?;
        let name = match answer.name.as_deref().filter(|name| !name.trim().is_empty()) {
            Some(name) => names::person(name, 1)?,
            None => String::new(),
        };
        let asked = self.asked::<PasskeyRegistration>(Purpose::Register, &answer.client_data_json).await?;
        let state = asked.filter(|(whose, _)| whose.as_ref() == Some(&user.id)).map(|(_, state)| state);
        let state = state.ok_or_else(|| not_made(&"nobody asked for it"))?;
        let made = party.webauthn.finish_passkey_registration(&attestation(&answer)?, &state);
        let passkey = row(&made.map_err(|e| not_made(&e))?, user.id.clone(), name)?;
        let line = audit::Line { detail: passkey.name.clone(), ..line_of(actor, "passkey.add", &user.id) };
        let kept = self.0.store.run(move |connection| {
            connection.transaction(|connection| {
                // whoever ended the session meanwhile has seen to the passkeys that there were
                let now = sessions::with_user(connection, &session.id)?;
                if !now.is_some_and(|(user, session)| user.is_active && session.is_open(Timestamp::now())) {
                    return Err(ended());
                }
                credentials::insert_passkey(connection, &passkey)?;
                audit::write(connection, &line)
            })
        });
        kept.await.map_err(|e| match e.code {
            ALREADY_EXISTS => not_made(&"it is somebody's already"),
            _ => e,
        })
    }
}
