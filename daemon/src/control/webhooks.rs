//! Whom outside we tell what happens, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{
    DeliveriesQuery, NewWebhook, Replay, Replayed, Webhook, WebhookAttempt, WebhookDeliveries,
    WebhookDelivery, Webhooks,
};

use super::Context;
use crate::{
    actor::Actor,
    door::{Body, MaybeBody, Query, Segments, USUAL_PAGE, page},
    error::Result,
    webhooks::{self, Wanted},
};

/// More than there may be.
const ALL: i64 = 1000;

/// `GET /v1/webhooks`
pub(super) async fn list(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Webhooks>> {
    let (found, _) = context.webhooks.list(&actor, 1, ALL).await?;
    let webhooks = found.into_iter().map(|faring| Webhook {
        failures: faring.failures,
        waiting: faring.waiting,
        dead: faring.dead,
        ..shown(faring.webhook, false)
    });
    Ok(Json(Webhooks { webhooks: webhooks.collect() }))
}

/// `POST /v1/webhooks`
pub(super) async fn add(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Body(new): Body<NewWebhook>,
) -> Result<Json<Webhook>> {
    let wanted = Wanted { url: Some(new.url), events: Some(new.events), is_active: None };
    Ok(Json(shown(context.webhooks.create(&actor, wanted).await?, true)))
}

/// `DELETE /v1/webhooks/{id}`
pub(super) async fn remove(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(id): Segments<String>,
) -> Result<Json<serde_json::Value>> {
    context.webhooks.delete(&actor, &id).await?;
    Ok(Json(serde_json::json!({"id": id})))
}

/// `POST /v1/webhooks/{id}/test`
pub(super) async fn test(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(id): Segments<String>,
) -> Result<Json<WebhookDelivery>> {
    let (delivery, attempt) = context.webhooks.test(&actor, &id).await?;
    Ok(Json(WebhookDelivery { tries: vec![tried(attempt)], ..delivered(delivery) }))
}

/// `POST /v1/webhooks/{id}/rotate`
pub(super) async fn rotate(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(id): Segments<String>,
) -> Result<Json<Webhook>> {
    Ok(Json(shown(context.webhooks.rotate_secret(&actor, &id).await?, true)))
}

/// `GET /v1/webhooks/{id}/deliveries`
pub(super) async fn deliveries(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(id): Segments<String>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<WebhookDeliveries>> {
    let (page, limit) = page(query.page, query.limit, USUAL_PAGE);
    let found = context.webhooks.deliveries(&actor, &id, query.state.as_deref(), page, limit);
    let (found, total) = found.await?;
    Ok(Json(WebhookDeliveries { deliveries: found.into_iter().map(delivered).collect(), total }))
}

/// `GET /v1/webhooks/{id}/deliveries/{delivery}`
pub(super) async fn delivery(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments((id, delivery)): Segments<(String, String)>,
) -> Result<Json<WebhookDelivery>> {
    let (delivery, tries) = context.webhooks.delivery(&actor, &id, &delivery).await?;
    let tries = tries.into_iter().map(tried).collect();
    Ok(Json(WebhookDelivery { tries, ..delivered(delivery) }))
}

/// `POST /v1/webhooks/{id}/replay`
pub(super) async fn replay(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
    Segments(id): Segments<String>,
    MaybeBody(which): MaybeBody<Replay>,
) -> Result<Json<Replayed>> {
    let count = context.webhooks.replay(&actor, &id, which.delivery.as_deref()).await?;
    Ok(Json(Replayed { count }))
}

fn shown(webhook: webhooks::Webhook, with_secret: bool) -> Webhook {
    Webhook {
        id: webhook.id,
        url: webhook.url,
        events: webhook.events,
        is_active: webhook.is_active,
        secret: with_secret.then_some(webhook.secret),
        created_at: webhook.created_at.to_string(),
        failures: 0,
        waiting: 0,
        dead: 0,
    }
}

fn delivered(delivery: webhooks::Delivery) -> WebhookDelivery {
    WebhookDelivery {
        id: delivery.id,
        event: delivery.event,
        state: delivery.state,
        attempts: delivery.attempts,
        created_at: delivery.created_at.to_string(),
        ended_at: delivery.ended_at.map(|at| at.to_string()),
        body: delivery.body,
        tries: Vec::new(),
    }
}

fn tried(attempt: webhooks::Attempt) -> WebhookAttempt {
    let webhooks::Attempt { at, milliseconds, status, error } = attempt;
    WebhookAttempt { at: at.to_string(), milliseconds, status, error }
}
