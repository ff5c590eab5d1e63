//! Gives every request an id, in the log and in the answer's `X-Request-Id`, and the headers that every answer carries.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;

/// The header that carries the id.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the whole router.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let span =
        tracing::debug_span!("request", id = %id, method = %request.method(), path = request.uri().path());
    let mut answer = next.run(request).instrument(span).await;
    let headers = answer.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(&REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}
