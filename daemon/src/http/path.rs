//! The variable parts of a path and the query; what does not fit is told in JSON like every failure.

use axum::extract::{FromRequestParts, Path, Query as AnyQuery};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::Context;
use crate::error::Error;

/// The variable segments of the path, decoded.
pub struct Segments<T>(pub T);

/// The query; missing parts take their defaults.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Context> for Segments<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Error> {
        let path = Path::from_request_parts(parts, context).await;
        path.map(|Path(value)| Self(value)).map_err(|e| Error::invalid("path_invalid", e.body_text()))
    }
}

impl<T: DeserializeOwned> FromRequestParts<Context> for Query<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Error> {
        let query = AnyQuery::from_request_parts(parts, context).await;
        query.map(|AnyQuery(value)| Self(value)).map_err(|e| Error::invalid("query_invalid", e.body_text()))
    }
}
