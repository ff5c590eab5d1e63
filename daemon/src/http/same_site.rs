//! Routes that set cookies take requests of our own pages and of programs, never of another site's page: nobody shall find
//! themselves signed in as somebody else.

use axum::{
    body::HttpBody,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, header};

use super::Context;
use crate::error::{Error, Result};

/// Whose pages may sign people in.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    own: String,
    allowed: Vec<String>,
}

impl Origins {
    /// The server's own URL, and other web origins that may call the API.
    pub fn new(public_url: &str, allowed: &[String]) -> Self {
        let trimmed = |origin: &str| origin.trim_end_matches('/').to_ascii_lowercase();
        Self { own: trimmed(public_url), allowed: allowed.iter().map(|origin| trimmed(origin)).collect() }
    }

    /// The server's own URL.
    pub(super) fn own(&self) -> &str {
        &self.own
    }

    /// A page under the name by which this request came is ours, whatever other names the server has.
    fn is_ours(&self, origin: &str, authority: Option<&str>) -> bool {
        let origin = origin.to_ascii_lowercase();
        let named = origin.split_once("://").map(|(_, name)| name);
        self.is_allowed(&origin)
            || origin == self.own
            || named.is_some_and(|name| authority.is_some_and(|ours| ours.eq_ignore_ascii_case(name)))
    }

    fn is_allowed(&self, origin: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }
}

/// Refuses what another site's page sends, as the browser says it, and bodies that a form can send without being asked
/// (Fetch Metadata; Fetch, *CORS-safelisted request-header*). Apps and bots send none of these headers.
pub(super) async fn own_pages_only(
    State(context): State<Context>,
    request: Request,
    next: Next,
) -> Result<Response> {
    let headers = request.headers();
    let authority = request.uri().authority().map(|a| a.as_str()).or_else(|| text(headers, header::HOST));
    let origin = text(headers, header::ORIGIN);
    let is_ours = match (headers.get("sec-fetch-site").map(|site| site.as_bytes()), origin) {
        (Some(b"same-origin" | b"none"), _) | (None, None) => true,
        (Some(b"cross-site"), origin) => origin.is_some_and(|origin| context.origins.is_allowed(origin)),
        // a page of a sibling, or a browser that does not say
        (_, Some(origin)) => context.origins.is_ours(origin, authority),
        (Some(_), None) => false,
    };
    if !is_ours {
        let s = "Another site's page may not sign anybody in here. Open this server's own page; a page that is meant to \
                 belongs into cors.allowedOrigins.";
        return Err(Error::forbidden("cross_site", s));
    }
    if !request.body().is_end_stream() && !is_json(headers) {
        let s = "Send the body as JSON, with Content-Type: application/json.";
        return Err(Error::invalid("content_type_invalid", s));
    }
    Ok(next.run(request).await)
}

fn is_json(headers: &HeaderMap) -> bool {
    let essence = text(headers, header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
