//! The request body as JSON, after the contract: an empty body is no body, unknown fields are ignored, the limit is the route's.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use serde::de::DeserializeOwned;

use crate::error::{Error, Kind};

/// Bytes a JSON body may have where the route says nothing else.
const LIMIT_BYTES: usize = 64 << 10;

/// A body that must be there.
pub struct Body<T>(pub T);

/// A body that may be missing: empty, of any content type, is the default.
pub struct MaybeBody<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = read(request, state).await?;
        if bytes.is_empty() {
            return Err(Error::invalid("body_missing", "This request needs a JSON body."));
        }
        parse(&bytes).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = Error;
    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = read(request, state).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
}

async fn read<S: Sync>(request: Request, _: &S) -> Result<Bytes, Error> {
    axum::body::to_bytes(request.into_body(), LIMIT_BYTES).await.map_err(|e| {
        let mut cause: Option<&dyn std::error::Error> = Some(&e);
        while let Some(e) = cause {
            if e.is::<http_body_util::LengthLimitError>() {
                return Error::new(
                    Kind::TooLarge,
                    "body_too_large",
                    "The body of this request is too large.",
                );
            }
            cause = e.source();
        }
        Error::invalid("body_unreadable", "The body of this request broke off.")
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|e| {
        let code = if e.is_data() { "field_invalid" } else { "json_malformed" };
        Error::invalid(code, format!("The JSON body does not fit: {e}."))
    })
}
