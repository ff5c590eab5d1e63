//! `/livekit`: clients on their way to the SFU. `rooms` stands at the gate; everything but signalling is a 404.

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};

use super::{Context, identity::Caller};
use crate::{error::Result, rooms::Visitor};

/// Any method and path below `/livekit`.
pub(super) async fn connect(
    State(context): State<Context>,
    Caller(origin): Caller,
    request: Request<Body>,
) -> Result<Response> {
    let visitor = Visitor { guest_key: origin.guest_key, address: origin.address };
    // the raw path: what is compared must not be decoded before
    let path = request.uri().path().strip_prefix("/livekit").unwrap_or_default().to_owned();
    context.rooms.connect(visitor, &path, request).await
}
