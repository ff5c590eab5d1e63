//! Port 80 beside TLS: answers ACME servers, sends everybody else to https, and does nothing else.

use axum::{
    Router,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header, uri::Authority};

use crate::{error::Error, tls::Challenges};

#[derive(Clone)]
struct Plain {
    challenges: Challenges,
    domain: Option<String>,
    port: u16,
}

/// The whole door. `domain` is where people are sent; without it, the host they asked for. `port` is that of https.
pub fn plain_router(challenges: Challenges, domain: Option<String>, port: u16) -> Router {
    Router::new()
        .route("/.well-known/acme-challenge/{token}", get(challenge))
        .fallback(elsewhere)
        .with_state(Plain { challenges, domain, port })
}

/// RFC 8555, 8.3.
async fn challenge(State(plain): State<Plain>, Path(token): Path<String>) -> Response {
    match plain.challenges.answer(&token) {
        Some(authorization) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], authorization).into_response()
        }
        None => Error::not_found("challenge").into_response(),
    }
}

async fn elsewhere(State(plain): State<Plain>, request: Request) -> Response {
    let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = asked.and_then(|host| host.parse::<Authority>().ok());
    let Some(host) = plain.domain.or_else(|| asked.map(|a| a.host().to_owned())) else {
        return Error::invalid(
            "host_missing",
            "Use HTTPS here. This request does not say which host it means.",
        )
        .into_response();
    };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let port = if plain.port == 443 { String::new() } else { format!(":{}", plain.port) };
    match HeaderValue::from_str(&format!("https://{host}{port}{path}")) {
        Ok(place) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response(),
        Err(_) => Error::invalid("path_invalid", "Use HTTPS here.").into_response(),
    }
}
