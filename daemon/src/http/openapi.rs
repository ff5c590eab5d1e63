//! The API document, generated from the handlers, and its offline viewer.

use axum::{Router, response::Redirect, routing::get};
use http::header;
use utoipa::{
    OpenApi,
    openapi::{
        Content, OpenApi as OpenApiDocument, Ref, Response, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Bedrud", description = "REST API of the Bedrud meeting server.", license(name = "Apache-2.0")),
    tags((name = "webhooks", description = include_str!("webhooks.md"))),
    modifiers(&Bearer)
)]
struct Frame;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut OpenApiDocument) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Title, licence and security scheme; the routes add themselves.
pub(super) fn frame() -> OpenApiDocument {
    Frame::openapi()
}

/// The document that is served and that the page is typed from. A test compares it with [`document`].
const KEPT: &str = include_str!("../../../frontend/openapi.json");

/// The document as the handlers make it, with the failures that a route of its kind has.
pub fn document() -> OpenApiDocument {
    let mut document = super::documented().into_openapi();
    for item in document.paths.paths.values_mut() {
        let methods = [&mut item.get, &mut item.put, &mut item.patch, &mut item.post, &mut item.delete];
        methods.into_iter().flatten().for_each(complete);
    }
    document
}

/// What needs no word at the handler: it follows from what the route takes, or can happen to every one.
fn complete(operation: &mut Operation) {
    let takes_body = operation.request_body.is_some();
    let takes_parts = operation.parameters.as_ref().is_some_and(|parts| !parts.is_empty());
    for (status, may, description) in [
        ("400", takes_body || takes_parts, "What was sent does not fit"),
        ("401", operation.security.is_some(), "Not signed in, or not any more"),
        ("413", takes_body, "The body is too large"),
        ("500", true, "The server's own fault; its log says which"),
        ("503", true, "A part of the server is away; try again"),
    ] {
        if may {
            let kept = operation.responses.responses.entry(status.to_owned());
            kept.or_insert_with(|| failure(description).into());
        }
    }
}

fn failure(description: &str) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("Failure")));
    ResponseBuilder::new().description(description).content("application/json", body).build()
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
