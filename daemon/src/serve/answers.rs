//! What answers the requests of a connection.

use std::convert::Infallible;

use axum::{Router, extract::Request, response::Response};
use tower::Service;

/// Answers every request, with a failure where it has nothing better.
pub trait Answers: Clone + Send + Sync + 'static {
    /// The answer to one.
    fn answer(self, request: Request) -> impl Future<Output = Response> + Send + 'static;
}

impl Answers for Router {
    fn answer(mut self, request: Request) -> impl Future<Output = Response> + Send + 'static {
        let answer = self.call(request);
        async move { answer.await.unwrap_or_else(|never: Infallible| match never {}) }
    }
}
