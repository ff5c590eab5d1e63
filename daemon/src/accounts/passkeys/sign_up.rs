//! A new account that has a passkey and no password.

use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::PasskeyRegistration;

use super::{Attestation, Creation, attestation, challenge::Purpose, creation, not_made, row, uuid_of};
use crate::{
    accounts::{
        Accounts, Entered, Origin, User,
        register::{self, Way},
        rules,
    },
    error::{Error, Result},
    limits::Rule,
};

/// Who wants an account, until their device has answered.
#[derive(Serialize, Deserialize)]
struct Wanted {
    user_id: String,
    email: String,
    name: String,
    invitation: Option<String>,
    state: PasskeyRegistration,
}

impl Accounts {
    /// What the device of somebody without an account shall be asked. Whether the address is in use is not told before
    /// the device has answered.
    pub async fn passkey_account_wanted(
        &self,
        origin: &Origin,
        email: &str,
        name: &str,
        invitation: Option<&str>,
    ) -> Result<Creation> {
        let party = self.party().await?;
        self.0.limits.by_address(Rule::Auth, "register", origin.address)?;
        let takes = self.takes_accounts().await?;
        let (Some(email), Ok(name)) = (rules::mail(email), rules::name(name)) else {
            return Err(register::refused());
        };
        let invitation = self.invitation_for(takes, invitation, &email).await?;
        let user_id = uuid::Uuid::new_v4().to_string();
        let (asked, state) = party
            .webauthn
            .start_passkey_registration(uuid_of(&user_id)?, &email, &name, None)
            .map_err(Error::internal)?;
        let creation = creation(party, asked, self.0.settings.get().await?.server_name.clone());
        let wanted = Wanted { user_id, email, name, invitation, state };
        self.ask(Purpose::SignUp, &creation.challenge, None, &wanted).await?;
        Ok(creation)
    }

    /// Makes the account with the passkey that the device made, and signs it in, where its address need not be proven first.
    pub async fn passkey_account(&self, origin: &Origin, answer: Attestation) -> Result<Entered> {
        let party = self.party().await?;
        self.takes_accounts().await?;
        let asked = self.asked::<Wanted>(Purpose::SignUp, &answer.client_data_json).await?;
        let (_, wanted) = asked.ok_or_else(|| not_made(&"nobody asked for it"))?;
        let made = party.webauthn.finish_passkey_registration(&attestation(&answer)?, &wanted.state);
        let passkey = row(&made.map_err(|e| not_made(&e))?, wanted.user_id.clone(), String::new())?;
        let user = User { id: wanted.user_id, ..register::account(wanted.email, wanted.name) };
        self.enter_invited(origin, user, Way::Passkey(passkey), wanted.invitation).await
    }
}
