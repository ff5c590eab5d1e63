//! Passkeys: keys that stay in somebody's device, which signs what it is asked. What it is asked and whether the answer
//! proves anything is decided by webauthn-rs; here stands who may ask, and what follows.

mod challenge;
pub mod older;
mod own;
mod register;
mod sign_in;
mod sign_up;

pub(super) use sign_in::refused as passkey_refused;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use webauthn_rs::prelude::{
    CreationChallengeResponse, RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

use super::Accounts;
use crate::{
    error::{Error, Result},
    store::{Timestamp, credentials::Passkey},
};

/// For whom passkeys are made here.
pub struct Party {
    id: String,
    webauthn: Webauthn,
}

impl Party {
    /// The server people reach by `public_url`; none where that names an address, for which no browser makes passkeys
    /// (WebAuthn, *5.4.2*: an RP id is a domain).
    pub(super) fn of(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let id = url.domain()?.to_owned();
        let webauthn = WebauthnBuilder::new(&id, &url).and_then(WebauthnBuilder::build);
        match webauthn {
            Ok(webauthn) => Some(Self { id, webauthn }),
            Err(e) => {
                tracing::warn!("no passkeys for {public_url}: {e}");
                None
            }
        }
    }
}

/// What a device is asked when it shall make a passkey. Binary values are base64url.
pub struct Creation {
    /// To be signed.
    pub challenge: String,
    /// The user's id, as bytes.
    pub user_id: String,
    /// The mail address, by which people tell their passkeys apart.
    pub user_name: String,
    /// The display name.
    pub display_name: String,
    /// The server's name on the network, to which the passkey is bound.
    pub party_id: String,
    /// What the server calls itself.
    pub party_name: String,
    /// COSE numbers of the algorithms that can be checked, best first.
    pub algorithms: Vec<i64>,
    /// Passkeys that the person has already.
    pub known: Vec<String>,
}

/// What a device is asked when somebody signs in.
pub struct Request {
    /// To be signed.
    pub challenge: String,
    /// The server's name on the network.
    pub party_id: String,
    /// The passkeys that may answer; empty where no mail address was given: then the device offers those it has.
    pub allowed: Vec<String>,
}

/// A device's answer to [`Creation`], base64url.
pub struct Attestation {
    /// What the browser says it asked for.
    pub client_data_json: String,
    /// The new key, in CBOR.
    pub attestation_object: String,
    /// What the person calls it.
    pub name: Option<String>,
}

/// A device's answer to [`Request`], base64url.
pub struct Assertion {
    /// Which passkey it was.
    pub credential_id: String,
    /// What the browser says it asked for.
    pub client_data_json: String,
    /// What the device says about itself and the person.
    pub authenticator_data: String,
    /// Over both.
    pub signature: String,
}

impl Accounts {
    /// Whether people may sign in by a passkey here.
    pub async fn has_passkeys(&self) -> Result<bool> {
        Ok(self.0.party.is_some() && self.0.settings.get().await?.passkeys_enabled)
    }

    /// For whom passkeys are made, where they are.
    async fn party(&self) -> Result<&Party> {
        let Some(party) = &self.0.party else {
            let s = "This server is reached by an address, and browsers make passkeys for names only. \
                     Its administrator can set server.domain.";
            return Err(Error::forbidden("passkeys_off", s));
        };
        if !self.0.settings.get().await?.passkeys_enabled {
            return Err(Error::forbidden(
                "passkeys_off",
                "This server takes no passkeys. Use your password.",
            ));
        }
        Ok(party)
    }
}

/// 400: the device's answer makes no passkey.
fn not_made(why: &dyn std::fmt::Display) -> Error {
    tracing::debug!("a passkey was not made: {why}");
    let s = "This passkey was not made: the answer came late or twice, or was meant for another server. Begin again.";
    Error::invalid("passkey_invalid", s)
}

fn creation(party: &Party, asked: CreationChallengeResponse, party_name: String) -> Creation {
    let asked = asked.public_key;
    let excluded = asked.exclude_credentials.unwrap_or_default();
    Creation {
        challenge: BASE64_URL_SAFE_NO_PAD.encode(&asked.challenge),
        user_id: BASE64_URL_SAFE_NO_PAD.encode(&asked.user.id),
        user_name: asked.user.name,
        display_name: asked.user.display_name,
        party_id: party.id.clone(),
        party_name,
        algorithms: asked.pub_key_cred_params.iter().map(|one| one.alg).collect(),
        known: excluded.iter().map(|one| BASE64_URL_SAFE_NO_PAD.encode(&one.id)).collect(),
    }
}

/// The answer in the form that the library reads; it takes the passkey's id from within.
fn attestation(answer: &Attestation) -> Result<RegisterPublicKeyCredential> {
    let read = serde_json::from_value(serde_json::json!({
        "id": "", "rawId": "", "type": "public-key",
        "response": {
            "attestationObject": answer.attestation_object,
            "clientDataJSON": answer.client_data_json,
        },
    }));
    read.map_err(|e| not_made(&e))
}

fn row(made: &webauthn_rs::prelude::Passkey, user_id: String, name: String) -> Result<Passkey> {
    Ok(Passkey {
        id: BASE64_URL_SAFE_NO_PAD.encode(made.cred_id()),
        user_id,
        key: serde_json::to_string(made).map_err(Error::internal)?,
        counter: 0,
        name,
        created_at: Timestamp::now(),
        last_used_at: None,
    })
}

/// A user's id as the library has it; every account's is one.
fn uuid_of(user_id: &str) -> Result<Uuid> {
    Uuid::parse_str(user_id).map_err(Error::internal)
}
