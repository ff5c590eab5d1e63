//! What devices were asked: kept in the store, so that any daemon takes the answer, also after a restart, and takes it once.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    accounts::Accounts,
    error::{Error, Result},
    store::{
        Timestamp,
        challenges::{self, Challenge},
    },
};

/// How long somebody may look for their device.
const LIFE_SECONDS: i64 = 300;

/// What an answer is for: one for something else is none.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// One more passkey of somebody who is signed in.
    Register,
    /// Coming in.
    SignIn,
    /// A new account.
    SignUp,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Register => "register",
            Purpose::SignIn => "sign-in",
            Purpose::SignUp => "sign-up",
        }
    }
}

/// What a browser says that it asked for (WebAuthn, *5.8.1*); the rest is the library's to read.
#[derive(Deserialize)]
struct ClientData {
    challenge: String,
}

impl Accounts {
    /// Keeps a question until it is answered; `challenge` is base64url.
    pub(super) async fn ask(
        &self,
        purpose: Purpose,
        challenge: &str,
        user_id: Option<String>,
        state: &impl Serialize,
    ) -> Result<()> {
        let state = serde_json::to_string(state).map_err(Error::internal)?;
        let expires_at = Timestamp::now().plus_seconds(LIFE_SECONDS);
        let challenge =
            Challenge { id: challenge.to_owned(), purpose: purpose.name(), user_id, state, expires_at };
        self.0.store.run(move |connection| challenges::insert(connection, &challenge)).await
    }

    /// The question that this answer names, with whom it was put to. It is gone then, whatever comes of the answer.
    pub(super) async fn asked<S: DeserializeOwned>(
        &self,
        purpose: Purpose,
        client_data_json: &str,
    ) -> Result<Option<(Option<String>, S)>> {
        let read = BASE64_URL_SAFE_NO_PAD.decode(client_data_json).ok();
        let data = read.and_then(|bytes| serde_json::from_slice::<ClientData>(&bytes).ok());
        let Some(ClientData { challenge }) = data else { return Ok(None) };
        let taken = self.0.store.run(move |connection| {
            challenges::take(connection, &challenge, purpose.name(), Timestamp::now())
        });
        let Some((user_id, state)) = taken.await? else { return Ok(None) };
        // a row that another version wrote is none
        Ok(serde_json::from_str(&state).ok().map(|state| (user_id, state)))
    }
}
