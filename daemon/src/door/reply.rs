//! Errors to answers: `{"error": sentence, "code": code}`, the one map from kind to status of both doors.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, Kind};

/// Every failure looks like this; some carry further members.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// What happened and what to do, for a person.
    pub error: String,
    /// Stable name for programs.
    pub code: String,
}

/// Where there is nothing else to say: old clients parse a body after every 2xx.
#[derive(Serialize, ToSchema)]
pub struct Message {
    /// A short sentence.
    pub message: &'static str,
}

/// Many things of some size as JSON, in a buffer that begins large enough: growing it would take as long as writing.
pub(crate) struct List<T>(pub Vec<T>);

/// A room as JSON takes about 550.
const BYTES_EACH: usize = 640;

impl<T: Serialize> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        let mut bytes = Vec::with_capacity(2 + self.0.len().saturating_mul(BYTES_EACH));
        match serde_json::to_writer(&mut bytes, &self.0) {
            Ok(()) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(e) => Error::internal(e).into_response(),
        }
    }
}

/// Why a request failed by our fault: rides on the answer to the one log line of the request, never to the client.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// Of the error.
    pub code: &'static str,
    /// The sentence and everything behind it.
    pub text: String,
}

/// 405 for a path that is there, with a method that it does not take. The router adds which it takes.
pub(crate) async fn method_not_allowed() -> Response {
    let failure = Failure {
        error: "This path does not take that method. The API document says which it takes.".to_owned(),
        code: "method_not_allowed".to_owned(),
    };
    (StatusCode::METHOD_NOT_ALLOWED, Json(failure)).into_response()
}

/// The status of a kind of failure.
pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthorized => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let code = self.code;
        let cause = matches!(self.kind, Kind::Internal | Kind::Unavailable)
            .then(|| Cause { code, text: self.to_string() });
        let mut body = self.extra.unwrap_or_default();
        body.insert("error".to_owned(), self.sentence.into());
        body.insert("code".to_owned(), self.code.into());
        // what the status asks for (RFC 9110, 10.2.3, 11.6.1, 10.2.1)
        let told = match self.kind {
            Kind::TooMany { retry_after_seconds } => {
                body.insert("retryAfter".to_owned(), retry_after_seconds.into());
                Some((header::RETRY_AFTER, retry_after_seconds.into()))
            }
            Kind::Unauthorized => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            Kind::WrongMethod { takes } => Some((header::ALLOW, HeaderValue::from_static(takes))),
            _ => None,
        };
        let mut answer = (status(self.kind), Json(body)).into_response();
        if let Some(cause) = cause {
            answer.extensions_mut().insert(cause);
        }
        if let Some((name, value)) = told {
            answer.headers_mut().insert(name, value);
        }
        answer
    }
}
