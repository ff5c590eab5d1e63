//! The certificate, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::Certificate;
use chrono::{DateTime, Utc};

use super::Context;
use crate::{
    actor::Actor,
    error::{Error, Result},
    store::{Timestamp, audit},
    tls::{Facts, Progress, Tls},
};

/// `GET /v1/certificate`
pub(super) async fn show(State(context): State<Context>) -> Json<Certificate> {
    Json(shown(context.tls.as_ref()))
}

/// `POST /v1/certificate/renew`; answers when it was asked, not when it is done.
pub(super) async fn renew(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Certificate>> {
    let off = "This server ends no TLS (tls.mode off). Renew the certificate where TLS ends.";
    let tls = context.tls.as_ref().ok_or_else(|| Error::conflict("tls_off", off))?;
    tracing::info!(by = actor.label(), "the certificate shall be renewed");
    let (actor, address) = (actor.label(), actor.address());
    let line = audit::Line { actor, address, verb: "certificate.renew", ..audit::Line::default() };
    let written = context.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await;
    // a certificate that runs out is no better for a database that does not answer
    if let Err(e) = written {
        tracing::warn!(code = e.code, "that is missing in the audit log: {e}");
    }
    tls.renew();
    Ok(Json(shown(Some(tls))))
}

fn shown(tls: Option<&Tls>) -> Certificate {
    let Some(tls) = tls else {
        return Certificate { mode: "off".to_owned(), ..Certificate::default() };
    };
    let Facts { names, issuer, not_before, not_after, .. } = tls.certificate().facts.clone();
    let Progress { is_trying, last_try, last_error, next_try, .. } = tls.progress();
    Certificate {
        mode: tls.mode().to_owned(),
        names,
        issuer,
        not_before: Some(moment(not_before)),
        not_after: Some(moment(not_after)),
        is_public: tls.is_public(),
        authority: tls.authority().map(str::to_owned),
        is_trying,
        last_try: last_try.map(moment),
        last_error: last_error.unwrap_or_default(),
        next_try: next_try.map(moment),
    }
}

fn moment(time: DateTime<Utc>) -> String {
    Timestamp(time.timestamp_millis()).to_string()
}
