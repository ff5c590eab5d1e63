//! The API document, generated from the handlers, and its offline viewer.

use axum::{Router, response::Redirect, routing::get};
use http::header;
use utoipa::{
    OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Bedrud", description = "REST API of the Bedrud meeting server.", license(name = "Apache-2.0")),
    modifiers(&Bearer)
)]
struct Frame;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Title, licence and security scheme; the routes add themselves.
pub(super) fn frame() -> utoipa::openapi::OpenApi {
    Frame::openapi()
}

/// The document that is served and that the page is typed from. A test compares it with [`document`].
const KEPT: &str = include_str!("../../../frontend/openapi.json");

/// The document as the handlers make it.
pub fn document() -> utoipa::openapi::OpenApi {
    super::documented().into_openapi()
}

/// The document; the viewer beside it is part of the page's files.
pub(super) fn routes() -> Router {
    let kept = || async { ([(header::CONTENT_TYPE, "application/json")], KEPT) };
    Router::new()
        .route("/api/swagger/openapi.json", get(kept))
        .route("/api/swagger", get(|| async { Redirect::permanent("/api/swagger/") }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_copy_that_the_page_is_typed_from_is_current() {
        let made = super::document().to_pretty_json().expect("a document");
        assert_eq!(super::KEPT.trim(), made, "run `make api`");
    }
}
