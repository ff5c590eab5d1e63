//! The certificate, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{Certificate, Obstacle, Obstacles, ObstaclesQuery};
use chrono::{DateTime, Utc};

use super::Context;
use crate::{
    actor::Actor,
    door::Query,
    error::{Error, Result},
    livekit::own_addresses,
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
    let tls = context.tls.as_ref().ok_or_else(off)?;
    tracing::info!(by = actor.label(), "the certificate shall be renewed");
    let line = audit::Line::by(&actor, "certificate.renew");
    let written = context.store.run(move |c| c.transaction(|c| audit::write(c, &line))).await;
    // a certificate that runs out is no better for a database that does not answer
    if let Err(e) = written {
        tracing::warn!(code = e.code, "that is missing in the audit log: {e}");
    }
    tls.renew();
    Ok(Json(shown(Some(tls))))
}

/// `GET /v1/certificate/obstacles`
pub(super) async fn obstacles(
    State(context): State<Context>,
    Query(query): Query<ObstaclesQuery>,
) -> Result<Json<Obstacles>> {
    let tls = context.tls.as_ref().ok_or_else(off)?;
    let own: Vec<_> = own_addresses().collect();
    let found = tls.obstacles(&query.domain, &own).await;
    let told = |one: crate::tls::Obstacle| Obstacle { code: one.code.to_owned(), sentence: one.sentence };
    Ok(Json(Obstacles { obstacles: found.into_iter().map(told).collect() }))
}

fn off() -> Error {
    let s = "This server ends no TLS (tls.mode off). See to the certificate where TLS ends.";
    Error::conflict("tls_off", s)
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
