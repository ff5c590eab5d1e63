//! Access tokens (JWT, RFC 7519, HS256 only) and refresh tokens (opaque, signed, nothing of them is stored). Pure.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    store::{Timestamp, sessions::Session},
};

/// What an access token says.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    /// User id.
    pub sub: String,
    /// Session id.
    pub sid: String,
    /// Always `access`: no other token opens the API.
    typ: String,
    /// With which refresh token it came; 0 in one of a version that did not say.
    #[serde(default, rename = "gen")]
    pub generation: i64,
    iat: i64,
    exp: i64,
}

const ACCESS: &str = "access";

/// Signs and checks both kinds with keys of their own, derived from one secret.
pub(super) struct Signer {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    refresh: hmac::Key,
    root: hmac::Key,
    access_seconds: i64,
}

impl Signer {
    pub(super) fn new(secret: &[u8], access_minutes: u32) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let derive = |purpose: &str| hmac::sign(&root, purpose.as_bytes()).as_ref().to_vec();
        let (access, refresh) = (derive("bedrud access token"), derive("bedrud refresh token"));
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.validate_aud = false;
        Self {
            signing: EncodingKey::from_secret(&access),
            verifying: DecodingKey::from_secret(&access),
            validation,
            refresh: hmac::Key::new(hmac::HMAC_SHA256, &refresh),
            root,
            access_seconds: i64::from(access_minutes) * 60,
        }
    }

    /// What only this server can say about `text`: the same each time, under a key of its own for each purpose.
    pub(super) fn mark(&self, purpose: &str, text: &str) -> [u8; 32] {
        let derived = hmac::sign(&self.root, format!("bedrud {purpose}").as_bytes());
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()), text.as_bytes());
        let mut mark = [0; 32];
        mark.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        mark
    }

    /// Both tokens of a session's latest generation: the same ones for the same `rotated_at`.
    pub(super) fn pair(&self, session: &Session) -> Result<super::Tokens> {
        let iat = session.rotated_at.seconds();
        Ok(super::Tokens {
            access: self.access(session, iat)?,
            refresh: self.refresh(&session.id, session.generation),
        })
    }

    fn access(&self, session: &Session, iat: i64) -> Result<String> {
        let claims = Claims {
            sub: session.user_id.clone(),
            sid: session.id.clone(),
            typ: ACCESS.to_owned(),
            generation: session.generation,
            iat,
            exp: iat + self.access_seconds,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(Error::internal)
    }

    /// An access token that begins now, for a session that goes on.
    pub(super) fn fresh_access(&self, session: &Session) -> Result<String> {
        self.access(session, Timestamp::now().seconds())
    }

    /// Reads an access token.
    pub(super) fn check(&self, access_token: &str) -> Result<Claims> {
        let read = jsonwebtoken::decode::<Claims>(access_token, &self.verifying, &self.validation);
        match read {
            Ok(token) if token.claims.typ == ACCESS => Ok(token.claims),
            Err(e) if matches!(e.kind(), ErrorKind::ExpiredSignature) => {
                Err(Error::unauthorized("token_expired", "The access token has expired. Refresh it."))
            }
            _ => Err(Error::unauthorized("token_invalid", "The access token is not valid. Sign in.")),
        }
    }

    fn refresh(&self, session_id: &str, generation: i64) -> String {
        let tag = hmac::sign(&self.refresh, signed_text(session_id, generation).as_bytes());
        format!("v1.{session_id}.{generation}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
    }

    /// Session id and generation of a refresh token that is one of ours.
    pub(super) fn check_refresh(&self, refresh_token: &str) -> Option<(String, i64)> {
        let mut parts = refresh_token.split('.');
        let (Some("v1"), Some(session_id), Some(generation), Some(tag), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let generation = generation.parse().ok()?;
        let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&self.refresh, signed_text(session_id, generation).as_bytes(), &tag).ok()?;
        Some((session_id.to_owned(), generation))
    }
}

fn signed_text(session_id: &str, generation: i64) -> String {
    format!("refresh|{session_id}|{generation}")
}
