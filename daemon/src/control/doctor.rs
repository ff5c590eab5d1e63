//! What may be wrong, for the operator.

use axum::{Json, extract::State};
use bedrud_control::{Examination, Finding};

use super::Context;
use crate::doctor::{CHECKS, Doctor, Severity};

/// `GET /v1/doctor`
pub(super) async fn examine(State(context): State<Context>) -> Json<Examination> {
    let doctor = Doctor {
        store: context.store.clone(),
        sfu: context.sfu.clone(),
        tls: context.tls.clone(),
        domain: context.domain.clone(),
        state: context.state.clone(),
        socket: context.socket.clone(),
        is_verbose: context.is_verbose,
        is_setup_required: context.accounts.is_setup_required().await.unwrap_or(false),
    };
    let found = doctor.look().await.into_iter().map(|finding| Finding {
        id: finding.id.to_owned(),
        severity: match finding.severity {
            Severity::Warning => "warning".to_owned(),
            Severity::Error => "error".to_owned(),
        },
        evidence: finding.evidence,
        remedy: finding.remedy,
    });
    Json(Examination { findings: found.collect(), checked: CHECKS.map(str::to_owned).to_vec() })
}
