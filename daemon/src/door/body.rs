//! The request body as JSON, after the contract: an empty body is no body, unknown fields are ignored, the limit is the route's.

use axum::extract::{FromRequest, Request};
use bytes::BytesMut;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use crate::error::{Error, Kind};

/// Bytes a JSON body may have where the route says nothing else.
const LIMIT_BYTES: usize = 64 << 10;

/// Read on so far before refusing: a client that is still sending would not see the answer.
const PATIENCE_BYTES: usize = 4 << 20;

/// A body that must be there.
pub struct Body<T>(pub T);

/// A body that may be missing: empty, of any content type, is the default.
pub struct MaybeBody<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;
    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let bytes = read(request).await?;
        if bytes.is_empty() {
            return Err(Error::invalid("body_missing", "This request needs a JSON body."));
        }
        parse(&bytes).map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeBody<T> {
    type Rejection = Error;
    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        let bytes = read(request).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
}

async fn read(request: Request) -> Result<BytesMut, Error> {
    let mut body = request.into_body();
    let (mut kept, mut seen) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Error::invalid("body_unreadable", "The body of this request broke off."))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= LIMIT_BYTES {
            kept.extend_from_slice(&data);
        } else if seen > PATIENCE_BYTES {
            break;
        }
    }
    if seen <= LIMIT_BYTES {
        return Ok(kept);
    }
    Err(Error::new(Kind::TooLarge, "body_too_large", "The body of this request is too large."))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|e| {
        let code = if e.is_data() { "field_invalid" } else { "json_malformed" };
        Error::invalid(code, format!("The JSON body does not fit: {e}."))
    })
}
