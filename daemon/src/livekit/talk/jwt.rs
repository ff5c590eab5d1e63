//! Signs and verifies HS256 tokens of the SFU's key pair, by a clock that is given: recorded requests verify in tests.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    error::{Error, Result},
    livekit::Keys,
};

/// How far clocks may differ; LiveKit 1.13.5 allows the same (protocol, `auth/verifier.go`).
const LEEWAY_SECONDS: i64 = 60;

pub(crate) fn sign(claims: &impl Serialize, keys: &Keys) -> Result<String> {
    jsonwebtoken::encode(&Header::default(), claims, keys.signing()).map_err(Error::internal)
}

#[derive(Deserialize)]
struct Registered {
    iss: String,
    exp: i64,
    nbf: Option<i64>,
}

/// The claims of a token that this pair signed and that is valid at `now_seconds`. Fails with `token_invalid` or `token_expired`.
pub(crate) fn verify<T: DeserializeOwned>(token: &str, keys: &Keys, now_seconds: i64) -> Result<T> {
    let invalid = || Error::unauthorized("token_invalid", "This token is not ours. Join the room again.");
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false; // by the clock given, below
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Value>(token, keys.verifying(), &validation)
        .map_err(|e| invalid().caused_by(e))?
        .claims;
    let registered = Registered::deserialize(&claims).map_err(|e| invalid().caused_by(e))?;
    if registered.iss != keys.id()
        || registered.nbf.is_some_and(|n| n > now_seconds.saturating_add(LEEWAY_SECONDS))
    {
        return Err(invalid());
    }
    if registered.exp.saturating_add(LEEWAY_SECONDS) <= now_seconds {
        return Err(Error::unauthorized("token_expired", "This token has expired. Join the room again."));
    }
    T::deserialize(&claims).map_err(|e| invalid().caused_by(e))
}
