//! A request's body, as JSON or written somewhere: how much of it a route takes and by when it has to be there is the
//! route's own ([`Takes`]). After the contract an empty body is no body, and unknown fields are ignored.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use crate::error::{Error, Kind};

/// What a route takes; it stands beside the route, as an extension of its requests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    /// The most bytes of a body.
    pub bytes: u64,
    /// How long all of it may take to arrive.
    pub within: Duration,
}

impl Default for Takes {
    /// Where a route says nothing: JSON that somebody typed.
    fn default() -> Self {
        Self { bytes: 64 << 10, within: Duration::from_secs(60) }
    }
}

impl Takes {
    fn of(request: &Request) -> Self {
        request.extensions().get().copied().unwrap_or_default()
    }
}

/// A body that must be there.
pub struct Body<T>(pub T);

/// A body that may be missing: empty, of any content type, is the default.
pub struct MaybeBody<T>(pub T);

/// A body of any kind, as it came.
pub(crate) struct Bytes(pub Vec<u8>);

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

impl<S: Sync> FromRequest<S> for Bytes {
    type Rejection = Error;
    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        read(request).await.map(Self)
    }
}

async fn read(request: Request) -> Result<Vec<u8>, Error> {
    let mut kept = Vec::new();
    write(request, &mut kept).await?;
    Ok(kept)
}

/// Writes the body of `request` to `place`, such as a file, as it arrives; says how many bytes it had. What was written
/// before a failure stays there. The rest of a body that is refused is read by whoever owns the connection.
pub(crate) async fn write(request: Request, place: &mut (impl AsyncWrite + Unpin)) -> Result<u64, Error> {
    let Takes { bytes: most, within } = Takes::of(&request);
    let too_large = || {
        let s = format!("The body of this request is too large. This route takes {most} bytes.");
        Error::new(Kind::TooLarge, "body_too_large", s)
    };
    let mut body = request.into_body();
    if axum::body::HttpBody::size_hint(&body).lower() > most {
        return Err(too_large());
    }
    let broken = || Error::invalid("body_unreadable", "The body of this request broke off.");
    let write = async {
        let mut written = 0_u64;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| broken())?.into_data() else { continue };
            written = written.saturating_add(data.len() as u64);
            if written > most {
                return Err(too_large());
            }
            place.write_all(&data).await.map_err(unwritable)?;
        }
        place.flush().await.map_err(unwritable)?;
        Ok(written)
    };
    timeout(within, write).await.unwrap_or_else(|_| Err(broken()))
}

fn unwritable(cause: std::io::Error) -> Error {
    Error::internal(cause)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|e| {
        let code = if e.is_data() { "field_invalid" } else { "json_malformed" };
        Error::invalid(code, format!("The JSON body does not fit: {e}."))
    })
}

#[cfg(test)]
mod tests {
    use axum::body;
    use futures_util::stream;

    use super::*;

    fn request(parts: usize, takes: Takes) -> Request {
        let part = || Ok::<_, std::convert::Infallible>(vec![b'x'; 1000]);
        let body = body::Body::from_stream(stream::iter((0..parts).map(move |_| part())));
        let mut request = Request::new(body);
        request.extensions_mut().insert(takes);
        request
    }

    #[tokio::test]
    async fn a_large_body_goes_to_a_file_as_far_as_the_route_takes_it() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("upload");
        let takes = Takes { bytes: 5_000_000, ..Takes::default() };
        let mut file = tokio::fs::File::create(&path).await.expect("a file");
        assert_eq!(write(request(5000, takes), &mut file).await.expect("written"), 5_000_000);
        assert_eq!(std::fs::metadata(&path).expect("there").len(), 5_000_000);
        let refused = write(request(5001, takes), &mut file).await.expect_err("one part too many");
        assert_eq!((refused.kind, refused.code), (Kind::TooLarge, "body_too_large"));
    }

    #[tokio::test]
    async fn a_body_has_its_time() {
        let slow = stream::pending::<Result<Vec<u8>, std::convert::Infallible>>();
        let mut request = Request::new(body::Body::from_stream(slow));
        request.extensions_mut().insert(Takes { within: Duration::from_millis(50), ..Takes::default() });
        assert_eq!(write(request, &mut Vec::new()).await.expect_err("in vain").code, "body_unreadable");
    }
}
