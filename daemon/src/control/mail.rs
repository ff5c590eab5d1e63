//! Mail on its way, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{MailQueue, MailTest, MailTried, QueuedMail};

use super::Context;
use crate::{actor::Actor, door::Body, error::Result};

/// Mails that are shown.
const SHOWN: i64 = 50;

/// `GET /v1/mail`
pub(super) async fn show(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<MailQueue>> {
    let (carrier, figures, newest) = context.accounts.mail_queue(&actor, SHOWN).await?;
    let mails = newest.into_iter().map(|one| QueuedMail {
        state: match (one.given_up_at, &one.last_error) {
            (Some(_), _) => "given up",
            (None, Some(_)) => "failing",
            (None, None) => "waiting",
        }
        .to_owned(),
        next_at: one.given_up_at.is_none().then(|| one.due_at.to_string()),
        id: one.id,
        kind: one.kind,
        to: one.recipient,
        attempts: one.attempts,
        created_at: one.created_at.to_string(),
        last_error: one.last_error,
    });
    Ok(Json(MailQueue {
        carrier,
        waiting: figures.waiting,
        failing: figures.failing,
        given_up: figures.given_up,
        oldest: figures.oldest.map(|at| at.to_string()),
        mails: mails.collect(),
    }))
}

/// `POST /v1/mail/retry`
pub(super) async fn retry(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<MailTried>> {
    Ok(Json(MailTried { tried: context.accounts.retry_mail(&actor).await? }))
}

/// `POST /v1/mail/test`
pub(super) async fn test(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Body(test): Body<MailTest>,
) -> Result<Json<MailTest>> {
    context.accounts.test_mail(&actor, &test.to, &(context.public_url)()).await?;
    Ok(Json(test))
}
