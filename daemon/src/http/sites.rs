//! Other web sites: whose pages may call the API (CORS), and in whose frames the page may be shown. None, unless the
//! configuration lists them.

use axum::response::Response;
use http::{HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// The sites of the configuration, which has checked them.
#[derive(Clone, Default)]
pub struct Sites {
    origins: Vec<HeaderValue>,
    ancestors: String,
}

impl Sites {
    /// Exact origins that may call, and those whose frames may hold the page.
    pub fn new(origins: &[String], ancestors: &[String]) -> Self {
        let ancestors = if ancestors.is_empty() { "'none'".to_owned() } else { ancestors.join(" ") };
        let origins = origins.iter().filter_map(|origin| origin.parse().ok()).collect();
        Self { origins, ancestors }
    }

    /// What answers browsers that ask for these origins; none where nobody is listed. Only listed origins are ever named,
    /// so that cookies go along for nobody else.
    pub(super) fn cors(&self) -> Option<CorsLayer> {
        let layer = || {
            CorsLayer::new()
                .allow_origin(AllowOrigin::list(self.origins.clone()))
                .allow_credentials(true)
                .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
                .allow_headers(AllowHeaders::list([
                    header::AUTHORIZATION,
                    header::CONTENT_TYPE,
                    header::ACCEPT,
                ]))
                .expose_headers([header::RETRY_AFTER])
                .max_age(MAX_AGE)
        };
        (!self.origins.is_empty()).then(layer)
    }

    /// Ends the policy of a page with the frames that it may be shown in.
    pub(super) fn end_policy(&self, answer: &mut Response) {
        if let Some(policy) = answer.headers_mut().get_mut(header::CONTENT_SECURITY_POLICY)
            && let Ok(whole) = HeaderValue::from_bytes(
                &[policy.as_bytes(), b"; frame-ancestors ", self.ancestors.as_bytes()].concat(),
            )
        {
            *policy = whole;
        }
    }
}

/// As long as any browser remembers (Chromium two hours).
const MAX_AGE: std::time::Duration = std::time::Duration::from_secs(7200);
