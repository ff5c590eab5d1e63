//! `/livekit`: clients on their way to the SFU. `rooms` stands at the gate; everything but signalling is a 404.

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};

use super::{Context, identity::Caller};
use crate::{error::Error, rooms::Visitor};

/// Any method and path below `/livekit`.
pub(super) async fn connect(
    State(context): State<Context>,
    Caller(origin): Caller,
    request: Request<Body>,
) -> Response {
    let visitor = Visitor { guest_key: origin.guest_key, address: origin.address };
    // the raw path: what is compared must not be decoded before
    let path = request.uri().path().strip_prefix("/livekit").unwrap_or_default().to_owned();
    // livekit-client asks so whether there is a network again, and then reconnects at once
    if request.method() == Method::HEAD && matches!(path.as_str(), "" | "/") {
        return StatusCode::OK.into_response();
    }
    let mut answer =
        context.rooms.connect(visitor, &path, request).await.unwrap_or_else(Error::into_response);
    // LiveKit lets pages of every origin read these answers: the token is what counts
    answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}
