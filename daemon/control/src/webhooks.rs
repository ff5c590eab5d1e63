//! `/v1/webhooks`: whom outside the server tells what happens.

use serde::{Deserialize, Serialize};

/// `POST /v1/webhooks`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewWebhook {
    /// Where it is called.
    pub url: String,
    /// What it is told of; everything where there is nothing in it.
    #[serde(default)]
    pub events: Vec<String>,
}

/// A webhook.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// UUID.
    pub id: String,
    /// Where it is called.
    pub url: String,
    /// What it is told of.
    pub events: Vec<String>,
    /// Whether it is told.
    pub is_active: bool,
    /// What its calls are signed with: told when it is made and when it is rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// Calls that failed since the last one that did not.
    pub failures: i64,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries that were given up.
    pub dead: i64,
}

/// `GET /v1/webhooks`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Webhooks {
    /// Oldest first.
    pub webhooks: Vec<Webhook>,
}

/// Query of `GET /v1/webhooks/{id}/deliveries`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DeliveriesQuery {
    /// `waiting`, `delivered` or `dead`; all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The most to list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Something that a webhook is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookDelivery {
    /// The same in every call for it.
    pub id: String,
    /// What happened.
    pub event: String,
    /// `waiting`, `delivered` or `dead`.
    pub state: String,
    /// Calls that were made for it.
    pub attempts: i64,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; when it arrived or was given up.
    pub ended_at: Option<String>,
    /// What is sent, byte by byte.
    pub body: String,
    /// Every call, oldest first; in a list none.
    pub tries: Vec<WebhookAttempt>,
}

/// One call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WebhookAttempt {
    /// RFC 3339.
    pub at: String,
    /// How long it took.
    pub milliseconds: i64,
    /// What was answered.
    pub status: Option<i64>,
    /// Why it failed; empty where it did not.
    pub error: String,
}

/// `GET /v1/webhooks/{id}/deliveries`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WebhookDeliveries {
    /// Newest first.
    pub deliveries: Vec<WebhookDelivery>,
    /// How many there are on all pages.
    pub total: i64,
}

/// `POST /v1/webhooks/{id}/replay`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Replay {
    /// Which one; every dead letter without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
}

/// What is sent again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replayed {
    /// How many.
    pub count: u64,
}
