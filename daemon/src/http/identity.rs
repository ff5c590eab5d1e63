//! Who a request comes from: extractors that turn its token into an [`Actor`], and its connection into an [`Origin`].
//! A Bearer token speaks for everything; the cookie alone only for reading, which is the defence against forged requests.

use axum::extract::FromRequestParts;
use http::{Method, header, request::Parts};

use super::{Context, cookies};
use crate::{
    accounts::Origin,
    actor::Actor,
    error::{self, Error, Result},
    serve::ClientAddress,
};

/// Anybody who is signed in, guests included (P).
pub struct SignedIn(pub Actor);

/// The same, also where the mail address has to be proven first: to see that, and to mend it.
pub struct Recognised(pub Actor);

/// Somebody with an account, not a guest (U).
pub struct WithAccount(pub Actor);

/// An administrator of the server (A).
pub struct Administrator(pub Actor);

/// Whoever it is: an unusable cookie counts as none. A Bearer token has to be valid, so that clients know to refresh it.
pub struct MaybeActor(pub Option<Actor>);

/// Where the request comes from, whoever it is.
pub struct Caller(pub Origin);

impl FromRequestParts<Context> for SignedIn {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        context.accounts.authenticate(token(parts)?, address(parts)).await.map(Self)
    }
}

impl FromRequestParts<Context> for Recognised {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        context.accounts.recognise(token(parts)?, address(parts)).await.map(Self)
    }
}

/// For guests.
pub(super) fn account_needed() -> Error {
    Error::forbidden("account_needed", "This needs an account. Sign in with yours.")
}

fn token(parts: &Parts) -> Result<&str> {
    match (bearer(parts)?, cookies::read(&parts.headers, cookies::ACCESS)) {
        (Some(token), _) => Ok(token),
        (None, Some(token)) if reads_only(parts) => Ok(token),
        (None, Some(_)) => {
            let s = "A cookie alone may not change anything. Send the access token as a Bearer token.";
            Err(Error::unauthorized("cookie_not_enough", s))
        }
        (None, None) => Err(Error::unauthorized("not_signed_in", "Sign in first.")),
    }
}

impl FromRequestParts<Context> for WithAccount {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        match SignedIn::from_request_parts(parts, context).await?.0 {
            actor @ Actor::User(_) => Ok(Self(actor)),
            _ => Err(account_needed()),
        }
    }
}

impl FromRequestParts<Context> for Administrator {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        let actor = SignedIn::from_request_parts(parts, context).await?.0;
        error::permitted(actor.administers(), "Only an administrator of this server may do this.")?;
        Ok(Self(actor))
    }
}

impl FromRequestParts<Context> for MaybeActor {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self> {
        let by_bearer = bearer(parts)?.is_some();
        match SignedIn::from_request_parts(parts, context).await {
            Ok(SignedIn(actor)) => Ok(Self(Some(actor))),
            Err(e) if by_bearer => Err(e),
            Err(_) => Ok(Self(None)),
        }
    }
}

impl FromRequestParts<Context> for Caller {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let ours = |key: &&str| key.len() == 36 && key.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
        Ok(Self(Origin {
            address: address(parts),
            agent: agent.unwrap_or_default().chars().take(200).collect(),
            languages: languages(&parts.headers),
            guest_key: cookies::read(&parts.headers, cookies::GUEST).filter(ours).map(str::to_owned),
            refresh_cookie: cookies::read(&parts.headers, cookies::REFRESH).map(str::to_owned),
        }))
    }
}

/// `Accept-Language`, cut.
pub(super) fn languages(headers: &http::HeaderMap) -> String {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.unwrap_or_default().chars().take(200).collect()
}

fn reads_only(parts: &Parts) -> bool {
    matches!(parts.method, Method::GET | Method::HEAD)
}

fn address(parts: &Parts) -> Option<std::net::IpAddr> {
    parts.extensions.get::<ClientAddress>().map(|client| client.0)
}

/// The Bearer token (RFC 6750); another scheme, or one without a token, is refused.
fn bearer(parts: &Parts) -> Result<Option<&str>> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' ')).and_then(|(scheme, token)| {
        (scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()).then_some(token.trim())
    });
    let s = "The Authorization header has to read: Bearer and an access token.";
    token.map(Some).ok_or_else(|| Error::unauthorized("token_invalid", s))
}
