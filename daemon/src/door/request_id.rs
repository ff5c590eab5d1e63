//! Gives every request an id, in the log and in the answer's `X-Request-Id`; logs requests that failed by our fault;
//! adds the headers that every answer carries.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;

use super::{counts, reply::Cause};

/// The header that carries the id.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps the whole router.
pub async fn layer(request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = Instant::now();
    let span = tracing::debug_span!("request", request = %id, %method, path);
    let mut answer = next.run(request).instrument(span).await;
    let status = answer.status().as_u16();
    counts::count(status);
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match answer.extensions_mut().remove::<Cause>() {
        Some(Cause { code, text }) if status == 500 => {
            tracing::error!(request = %id, %method, path, status, code, milliseconds, "a request failed: {text}");
        }
        Some(Cause { code, text }) => {
            tracing::warn!(request = %id, %method, path, status, code, milliseconds, "a request failed: {text}");
        }
        None => tracing::debug!(request = %id, %method, path, status, milliseconds, "answered"),
    }
    let headers = answer.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(&REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}
