//! Whom outside we tell what happens, for administrators.

use axum::{Json, extract::State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invitations::PageOf;
use crate::{
    door::{Body, Failure, Message, Query, Segments},
    error::Result,
    http::{Administrator, Context},
    store::Timestamp,
    webhooks,
};

/// A server that is told what happens here, by signed calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Webhook {
    id: String,
    url: String,
    /// What it is told of.
    events: Vec<String>,
    /// Whether it is told.
    is_active: bool,
    /// What its calls are signed with: told when it is made and when it is rotated, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl Webhook {
    fn with_secret(webhook: webhooks::Webhook) -> Self {
        Self { secret: Some(webhook.secret.clone()), ..webhook.into() }
    }
}

impl From<webhooks::Webhook> for Webhook {
    fn from(webhook: webhooks::Webhook) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url,
            events: webhook.events,
            is_active: webhook.is_active,
            secret: None,
            created_at: webhook.created_at,
            updated_at: webhook.updated_at,
        }
    }
}

/// A webhook and how it fares.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ListedWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    /// Calls that failed since the last one that did not.
    failures: i64,
    /// After a failure, when it is called again.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    /// Deliveries that wait.
    waiting: i64,
    /// Deliveries that were given up.
    dead: i64,
}

impl From<webhooks::Faring> for ListedWebhook {
    fn from(faring: webhooks::Faring) -> Self {
        let is_late = faring.failures > 0 && faring.waiting > 0 && faring.webhook.is_active;
        Self {
            webhook: faring.webhook.into(),
            failures: faring.failures,
            next_attempt_at: is_late.then_some(faring.due_at),
            waiting: faring.waiting,
            dead: faring.dead,
        }
    }
}

/// A page of webhooks.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct WebhookList {
    webhooks: Vec<ListedWebhook>,
    total: i64,
    page: i64,
    limit: i64,
}

/// What somebody says about a webhook; what is absent stays as it is.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct WebhookWish {
    /// http or https, to the internet, or into a network that `webhooks.allowedNetworks` of the configuration allows.
    url: Option<String>,
    /// `room.created`, `room.ended`, `participant.joined`, `participant.left`, `recording.completed`; all of them without it.
    events: Option<Vec<String>>,
    /// Whether it is told; true when it is made.
    is_active: Option<bool>,
}

impl From<WebhookWish> for webhooks::Wanted {
    fn from(wish: WebhookWish) -> Self {
        Self { url: wish.url, events: wish.events, is_active: wish.is_active }
    }
}

/// Lists webhooks, oldest first.
#[utoipa::path(get, operation_id = "admin_webhook_list", path = "/api/admin/webhooks", tag = "webhooks", params(PageOf),
    responses((status = 200, body = WebhookList), (status = 403, body = Failure)), security(("bearer" = [])))]
pub(in crate::http) async fn list(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Query(page): Query<PageOf>,
) -> Result<Json<WebhookList>> {
    let (page, limit) = page.bounds();
    let (found, total) = context.webhooks.list(&actor, page, limit).await?;
    Ok(Json(WebhookList {
        webhooks: found.into_iter().map(ListedWebhook::from).collect(),
        total,
        page,
        limit,
    }))
}

/// Makes a webhook; the answer has its secret.
#[utoipa::path(post, operation_id = "admin_webhook_create", path = "/api/admin/webhooks", tag = "webhooks", request_body = WebhookWish,
    responses((status = 201, body = Webhook), (status = 403, body = Failure), (status = 409, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn create(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Body(wish): Body<WebhookWish>,
) -> Result<(StatusCode, Json<Webhook>)> {
    let made = context.webhooks.create(&actor, wish.into()).await?;
    Ok((StatusCode::CREATED, Json(Webhook::with_secret(made))))
}

/// Shows a webhook and how it fares.
#[utoipa::path(get, operation_id = "admin_webhook_show", path = "/api/admin/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = ListedWebhook), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn show(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<ListedWebhook>> {
    Ok(Json(context.webhooks.show(&actor, &id).await?.into()))
}

/// Changes a webhook. What waits is sent to where it leads now.
#[utoipa::path(put, operation_id = "admin_webhook_change", path = "/api/admin/webhooks/{id}", tag = "webhooks", request_body = WebhookWish, params(("id" = String, Path)),
    responses((status = 200, body = Webhook), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn change(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
    Body(wish): Body<WebhookWish>,
) -> Result<Json<Webhook>> {
    Ok(Json(context.webhooks.change(&actor, &id, wish.into()).await?.into()))
}

/// Deletes a webhook with everything that it was told and was to be told.
#[utoipa::path(delete, operation_id = "admin_webhook_delete", path = "/api/admin/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn delete(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Message>> {
    context.webhooks.delete(&actor, &id).await?;
    Ok(Json(Message { message: "The webhook is deleted." }))
}

/// Gives a webhook another secret; the answer has it. The next call is signed with it.
#[utoipa::path(post, operation_id = "admin_webhook_rotate", path = "/api/admin/webhooks/{id}/rotate-secret", tag = "webhooks", params(("id" = String, Path)),
    responses((status = 200, body = Webhook), (status = 403, body = Failure), (status = 404, body = Failure)),
    security(("bearer" = [])))]
pub(in crate::http) async fn rotate(
    State(context): State<Context>,
    Administrator(actor): Administrator,
    Segments(id): Segments<String>,
) -> Result<Json<Webhook>> {
    Ok(Json(Webhook::with_secret(context.webhooks.rotate_secret(&actor, &id).await?)))
}
