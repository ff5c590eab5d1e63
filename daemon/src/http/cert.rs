//! The served certificate, for people and apps that have to be told to trust it, and the word to browsers never to
//! come without TLS again where the certificate is one that everybody trusts.

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};

use super::Context;
use crate::{
    door::Failure,
    error::{Error, Result},
    serve::Peer,
};

/// Two years, as browsers' lists ask (hstspreload.org); no word about other hosts of the domain.
const NEVER_WITHOUT: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// The chain as PEM. What is in it is sent to whoever connects, so it is no secret.
#[utoipa::path(get, path = "/api/cert", tag = "health", responses(
    (status = 200, body = String, content_type = "application/x-pem-file"),
    (status = 404, body = Failure, description = "This server ends no TLS")))]
pub(super) async fn certificate(State(context): State<Context>) -> Result<impl IntoResponse> {
    let tls = context.tls.as_ref().ok_or_else(|| Error::not_found("certificate"))?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"bedrud-certificate.pem\""),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, tls.certificate().chain_pem()))
}

/// True for what came through our TLS.
pub(super) fn is_over_tls(request: &Request) -> bool {
    matches!(request.extensions().get(), Some(Peer::Ip { tls: true }))
}

/// Strict-Transport-Security (RFC 6797) on what went through our TLS. A self-signed certificate must not have it: the
/// warning could then not be passed.
pub(super) fn strict_transport(context: &Context, answer: &mut Response) {
    if context.tls.as_ref().is_some_and(crate::tls::Tls::is_public) {
        answer.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, NEVER_WITHOUT);
    }
}
