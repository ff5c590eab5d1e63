//! Keeps the certificate current: one daemon of a database at a time orders, and every exchange leaves an audit line.

use crate::{
    actor::Actor,
    error::Result,
    store::{Store, audit},
    tls::{Tls, Turn},
};

/// How long one order of a certificate keeps other daemons of the same database from theirs.
const ORDER_SECONDS: i64 = 600;

/// Does so until it is dropped.
pub(super) async fn keep(tls: Tls, store: Store) {
    let asked = store.clone();
    let turn: Turn = Box::new(move || {
        let store = asked.clone();
        // without a database a certificate is worth more than an order too many
        Box::pin(async move { store.lease("certificate", ORDER_SECONDS).await.unwrap_or(true) })
    });
    tokio::join!(tls.clone().keep(turn), note(&tls, &store));
}

async fn note(tls: &Tls, store: &Store) {
    let mut exchanges = tls.exchanges();
    while exchanges.changed().await.is_ok() {
        if let Err(e) = written(tls, store).await {
            tracing::warn!(code = e.code, "the new certificate has no audit line: {e}");
        }
    }
}

async fn written(tls: &Tls, store: &Store) -> Result<()> {
    let facts = &tls.certificate().facts;
    let line = audit::Line {
        target: facts.names.join(" "),
        detail: format!("{}, by {}, until {}", tls.mode(), facts.issuer, facts.not_after),
        ..audit::Line::by(&Actor::System, "certificate.exchange")
    };
    store.run(move |c| c.transaction(|c| audit::write(c, &line))).await
}
