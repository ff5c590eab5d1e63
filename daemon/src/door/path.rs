//! The variable parts of a path, the query, and which part of a list it asks for; what does not fit is told in JSON like
//! every failure.

use axum::extract::{FromRequestParts, Path, Query as AnyQuery};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The variable segments of the path, decoded.
pub struct Segments<T>(pub T);

/// The query; missing parts take their defaults.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(value)| Self(value)).map_err(|e| Error::invalid("path_invalid", e.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let query = AnyQuery::from_request_parts(parts, state).await;
        query.map(|AnyQuery(value)| Self(value)).map_err(|e| Error::invalid("query_invalid", e.body_text()))
    }
}

/// What a page of a list has where nobody says.
pub(crate) const USUAL_PAGE: i64 = 50;
/// What it has at most.
const LONGEST_PAGE: i64 = 1000;

/// Page, counted from 1, and length, within their bounds; `usual` where none is asked for.
pub(crate) fn page<N: Into<i64>>(page: Option<N>, limit: Option<N>, usual: i64) -> (i64, i64) {
    let limit = limit.map(Into::into).filter(|limit| *limit > 0).unwrap_or(usual);
    (page.map_or(1, Into::into).max(1), limit.min(LONGEST_PAGE))
}
