//! Gives every request an id, in the log and in the answer's `X-Request-Id`; logs requests that failed by our fault;
//! adds the headers that every answer carries.

use std::time::Instant;

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;

use super::{counts, reply::Cause};

/// The header that carries the id.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps a whole router.
pub async fn layer(request: Request, next: Next) -> Response {
    logged(request, |request| next.run(request)).await
}

/// What `answers` says to `request`.
pub(crate) async fn logged<F: Future<Output = Response>>(
    request: Request,
    answers: impl FnOnce(Request) -> F,
) -> Response {
    let written = written(rand::random());
    let id = std::str::from_utf8(&written).unwrap_or_default();
    let (method, uri) = (request.method().clone(), request.uri().clone()); // which copies no text
    let (path, started) = (uri.path(), Instant::now());
    let span = tracing::debug_span!("request", request = %id, %method, path);
    let mut answer = answers(request).instrument(span).await;
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
    if let Ok(id) = HeaderValue::from_bytes(&written) {
        headers.insert(&REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

/// 16 hexadecimal digits.
fn written(id: u64) -> [u8; 16] {
    std::array::from_fn(|at| b"0123456789abcdef"[(id >> (60 - 4 * at)) as usize & 15])
}
