//! An account at an authority that wants it bound to one of theirs (RFC 8555, 7.3.4). The library makes accounts without
//! such a binding only; everything after that is the library's again.

use std::{path::Path, sync::Arc};

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use rustls::ClientConfig;
use rustls_acme::acme::{Account, Directory};
use serde_json::{Value, json};

use super::failure::{Failure, NONCES, Refusal};
use crate::error::{Error, Result};

/// The largest answer to a request for an account.
const ANSWER_BYTES: usize = 64 << 10;

/// What the authority gave out for its account.
#[derive(Clone)]
pub(super) struct Binding {
    key_id: String,
    key: Arc<hmac::Key>,
}

impl Binding {
    /// Reads the key's file.
    pub(super) fn read(key_id: &str, file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).map_err(|e| {
            let s = format!(
                "{} cannot be read. Check the path, and that the daemon's user may read it",
                file.display()
            );
            Error::unavailable("file_unreadable", s).caused_by(e)
        })?;
        // some authorities show it with the padding that base64url leaves away, or in the other alphabet
        let text: String = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
        let key = BASE64.decode(text).ok().filter(|key| !key.is_empty()).ok_or_else(|| {
            let s =
                format!("{} holds no key in base64url. Copy it as the authority shows it.", file.display());
            Error::invalid("key_unreadable", s)
        })?;
        Ok(Self { key_id: key_id.to_owned(), key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &key)) })
    }

    /// The account of this `key` (PKCS #8), made where there is none.
    pub(super) async fn account(
        &self,
        client: &Arc<ClientConfig>,
        directory: Directory,
        contact: &[String],
        key: &[u8],
    ) -> Result<Account, Failure> {
        let key_pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key)
            .map_err(|e| Failure::own(&Error::internal(e)))?;
        let url = directory.new_account.clone();
        let public = public_key(&key_pair);
        let payload = json!({
            "termsOfServiceAgreed": true,
            "contact": contact,
            "externalAccountBinding": self.bind(&public, &url),
        });
        for _ in 0..NONCES {
            let nonce = directory.nonce(client).await?;
            let protected = json!({"alg": "ES256", "jwk": public, "nonce": nonce, "url": url});
            let body = signed(&protected, &payload, |input| {
                let signature = key_pair.sign(&SystemRandom::new(), input).map_err(Error::internal)?;
                Ok(signature.as_ref().to_vec())
            });
            let body = body.map_err(|e| Failure::own(&e))?;
            match post(client, &url, &body).await? {
                Posted::Done(kid) => return Ok(Account { key_pair, directory, kid }),
                Posted::Refused(refusal) if refusal.is_about_the_nonce() => {}
                Posted::Refused(refusal) => return Err(refusal.into()),
            }
        }
        Err(Failure::away("The authority refuses every nonce of its own".to_owned()))
    }

    fn bind(&self, public: &Value, url: &str) -> Value {
        let protected = json!({"alg": "HS256", "kid": self.key_id, "url": url});
        let made = signed(&protected, public, |input| Ok(hmac::sign(&self.key, input).as_ref().to_vec()));
        made.unwrap_or_default()
    }
}

/// A JSON Web Key (RFC 7517; RFC 7518, 6.2.1) from an uncompressed point.
fn public_key(key: &EcdsaKeyPair) -> Value {
    let point = key.public_key().as_ref();
    let half = |from: usize| BASE64.encode(point.get(from..from + 32).unwrap_or_default());
    json!({"crv": "P-256", "kty": "EC", "x": half(1), "y": half(33)})
}

/// JWS in its flattened form (RFC 7515, 7.2.2).
fn signed(protected: &Value, payload: &Value, sign: impl Fn(&[u8]) -> Result<Vec<u8>>) -> Result<Value> {
    let [protected, payload] = [protected, payload].map(|part| BASE64.encode(part.to_string()));
    let signature = sign(format!("{protected}.{payload}").as_bytes())?;
    Ok(json!({"protected": protected, "payload": payload, "signature": BASE64.encode(signature)}))
}

enum Posted {
    /// The account's URL.
    Done(String),
    Refused(Refusal),
}

async fn post(client: &Arc<ClientConfig>, url: &str, body: &Value) -> Result<Posted, Failure> {
    let connector =
        HttpsConnectorBuilder::new().with_tls_config((**client).clone()).https_only().enable_http1().build();
    let client = Client::builder(TokioExecutor::new()).build::<_, Full<Bytes>>(connector);
    let request = Request::post(url)
        .header(header::CONTENT_TYPE, "application/jose+json")
        .header(header::USER_AGENT, concat!("bedrud/", env!("CARGO_PKG_VERSION")))
        .body(Full::from(body.to_string()))
        .map_err(|e| Failure::own(&Error::internal(e)))?;
    let away = |e: &dyn std::fmt::Display| Failure::away(format!("The authority cannot be asked: {e}"));
    let answer = client.request(request).await.map_err(|e| away(&e))?;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, ANSWER_BYTES).collect().await.map_err(|e| away(&e))?.to_bytes();
    if !parts.status.is_success() {
        return Ok(Posted::Refused(serde_json::from_slice(&body).unwrap_or_default()));
    }
    let place = parts.headers.get(header::LOCATION).and_then(|place| place.to_str().ok());
    let place = place.ok_or_else(|| Failure::away("The authority names no account".to_owned()))?;
    Ok(Posted::Done(place.to_owned()))
}
