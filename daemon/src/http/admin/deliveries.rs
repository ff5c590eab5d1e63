//! What webhooks were told and are to be told, with every call that was made for it, for administrators.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    door::{Failure, Query, Segments, USUAL_PAGE, page},
    error::Result,
    http::{Administrator, Context},
    store::Timestamp,
    webhooks,
};

/// One call.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WebhookAttempt {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// How long it took.
    milliseconds: i64,
    /// What was answered; null where nothing was.
    status: Option<i64>,
    /// Why it failed; empty where it did not.
    error: String,
}

impl From<webhooks::Attempt> for WebhookAttempt {
    fn from(attempt: webhooks::Attempt) -> Self {
        let webhooks::Attempt { at, milliseconds, status, error } = attempt;
        Self { at, milliseconds, status, error }
    }
}

/// What came of a test.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Tested {
    /// Whether it arrived.
    success: bool,
    /// The delivery, which is kept with the others.
    delivery_id: String,
    #[serde(flatten)]
    attempt: WebhookAttempt,
}

/// Sends a `ping` now, beside the queue, and says what came of it.
#[utoipa::path(post, operation_id = "admin_webhook_test", path = "/api/admin/webhooks/{id}/test", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = Tested), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn test(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Tested>> {
    let (delivery, attempt) = context.webhooks.test(&actor, &id).await?;
    let success = attempt.error.is_empty();
    Ok(Json(Tested { success, delivery_id: delivery.id, attempt: attempt.into() }))
}

/// Something that a webhook is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WebhookDelivery {
    /// The same in every call for it, so that the receiver may drop doubles.
    id: String,
    event: String,
    /// `waiting`, `delivered`, or `dead` once it was tried in vain for a day.
    state: String,
    /// Calls that were made for it.
    attempts: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it arrived or was given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<webhooks::Delivery> for WebhookDelivery {
    fn from(delivery: webhooks::Delivery) -> Self {
        Self {
            id: delivery.id,
            event: delivery.event,
            state: delivery.state,
            attempts: delivery.attempts,
            created_at: delivery.created_at,
            ended_at: delivery.ended_at,
        }
    }
}

/// A page of deliveries.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct WebhookDeliveries {
    deliveries: Vec<WebhookDelivery>,
    total: i64,
    page: i64,
    limit: i64,
}

/// Which deliveries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DeliveriesOf {
    /// `waiting`, `delivered` or `dead`; all of them without it.
    state: Option<String>,
    /// Counted from 1.
    page: Option<u32>,
    /// At most 1000.
    limit: Option<u32>,
}

/// Lists what a webhook was told and is to be told, newest first.
#[utoipa::path(get, operation_id = "admin_webhook_deliveries", path = "/api/admin/webhooks/{id}/deliveries", tag = "webhooks", params(("id" = String, Path), DeliveriesOf),
    responses((status = 200, body = WebhookDeliveries), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn list(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
    Query(wanted): Query<DeliveriesOf>,
) -> Result<Json<WebhookDeliveries>> {
    let (page, limit) = page(wanted.page, wanted.limit, USUAL_PAGE);
    let found = context.webhooks.deliveries(&actor, &id, wanted.state.as_deref(), page, limit);
    let (found, total) = found.await?;
    let deliveries = found.into_iter().map(WebhookDelivery::from).collect();
    Ok(Json(WebhookDeliveries { deliveries, total, page, limit }))
}

/// A delivery with every call that was made for it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TriedDelivery {
    #[serde(flatten)]
    delivery: WebhookDelivery,
    /// What is sent, byte by byte.
    body: String,
    /// Oldest first.
    tries: Vec<WebhookAttempt>,
}

/// Shows a delivery with every call that was made for it.
#[utoipa::path(get, operation_id = "admin_webhook_delivery", path = "/api/admin/webhooks/{id}/deliveries/{delivery}", tag = "webhooks",
    params(("id" = String, Path), ("delivery" = String, Path)),
    responses((status = 200, body = TriedDelivery), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn show(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments((id, delivery)): Segments<(String, String)>,
) -> Result<Json<TriedDelivery>> {
    let (delivery, tries) = context.webhooks.delivery(&actor, &id, &delivery).await?;
    let body = delivery.body.clone();
    let tries = tries.into_iter().map(WebhookAttempt::from).collect();
    Ok(Json(TriedDelivery { delivery: delivery.into(), body, tries }))
}

/// How many are sent again.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Replayed {
    count: u64,
}

/// Sends a delivery again that has ended, under its own id.
#[utoipa::path(post, operation_id = "admin_webhook_replay", path = "/api/admin/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks",
    params(("id" = String, Path), ("delivery" = String, Path)),
    responses((status = 200, body = Replayed), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn replay(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments((id, delivery)): Segments<(String, String)>,
) -> Result<Json<Replayed>> {
    Ok(Json(Replayed { count: context.webhooks.replay(&actor, &id, Some(&delivery)).await? }))
}

/// Sends every dead letter of a webhook again, in their order.
#[utoipa::path(post, operation_id = "admin_webhook_replay_dead", path = "/api/admin/webhooks/{id}/replay", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = Replayed), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn replay_dead(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Replayed>> {
    Ok(Json(Replayed { count: context.webhooks.replay(&actor, &id, None).await? }))
}
