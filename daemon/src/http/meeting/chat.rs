//! The chat that lasts, over HTTP: told by whoever said it, read by who comes later, taken back.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    door::{Body, Failure, List, Segments},
    error::{Error, Result},
    http::{
        Context,
        identity::SignedIn,
        moderation::{Done, SUCCESS},
        rooms::identity,
    },
    limits::Pace,
    rooms::Keep,
    store::{Timestamp, meeting::messages},
};

/// Nobody types so fast; a page that was away and tells all it has may.
const PACE: Pace = Pace { burst: 40, each_milliseconds: 500 };

/// A message as its sender put it on the data channel, topic `chat`; who and when is not theirs to say.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Saying {
    /// The same as on the data channel, so that nobody shows it twice.
    id: String,
    message: String,
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    attachments: Vec<serde_json::Value>,
    /// What it answers to.
    #[schema(value_type = Option<Object>)]
    reply_to: Option<serde_json::Value>,
}

/// What of a message is its sender's.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Words {
    message: String,
    #[serde(default)]
    attachments: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<serde_json::Value>,
}

/// A message that is kept; named as on the data channel.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Message {
    /// `chat`
    r#type: &'static str,
    id: String,
    /// Unix milliseconds.
    timestamp: i64,
    sender_name: String,
    sender_identity: String,
    message: String,
    #[schema(value_type = Vec<Object>)]
    attachments: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    reply_to: Option<serde_json::Value>,
}

impl From<messages::Message> for Message {
    fn from(kept: messages::Message) -> Self {
        let words = serde_json::from_str(&kept.body);
        let Words { message, attachments, reply_to } =
            words.unwrap_or(Words { message: String::new(), attachments: Vec::new(), reply_to: None });
        Self {
            r#type: "chat",
            id: kept.id,
            timestamp: kept.said_at.0,
            sender_name: kept.name,
            sender_identity: kept.identity,
            message,
            attachments,
            reply_to,
        }
    }
}

/// Kept.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Said {
    /// `success`
    status: &'static str,
    /// Unix milliseconds.
    timestamp: i64,
}

async fn keep(context: &Context) -> Result<Keep> {
    let values = context.settings.get().await?;
    Ok(Keep { count: values.chat_max_message_count, hours: values.chat_message_ttl_hours })
}

/// What was said and is kept, oldest first; for who is inside.
#[utoipa::path(get, path = "/api/room/{id}/chat", tag = "chat", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")),
    responses((status = 200, body = Vec<Message>), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Not inside"), (status = 404, body = Failure)))]
pub(in crate::http) async fn said(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
) -> Result<List<Message>> {
    let said = context.rooms.said(&actor, &room, keep(&context).await?).await?;
    Ok(List(said.into_iter().map(Message::from).collect()))
}

/// Keeps what one has said to everybody inside. Said again under the same id it stays as it was.
#[utoipa::path(post, path = "/api/room/{id}/chat", tag = "chat", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room")), request_body = Saying,
    responses((status = 200, body = Said), (status = 400, body = Failure), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Not inside, or not allowed to write"),
        (status = 404, body = Failure), (status = 413, body = Failure),
        (status = 429, body = Failure, description = "Too fast")))]
pub(in crate::http) async fn say(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments(room): Segments<String>,
    Body(body): Body<Saying>,
) -> Result<Json<Said>> {
    context.limits.pace(PACE, "chat", identity(&actor))?;
    if body.message.is_empty() && body.attachments.is_empty() {
        return Err(Error::invalid("message_empty", "A message needs words or files."));
    }
    let words = Words { message: body.message, attachments: body.attachments, reply_to: body.reply_to };
    let words = serde_json::to_string(&words).map_err(Error::internal)?;
    let Timestamp(timestamp) =
        context.rooms.say(&actor, &room, &body.id, words, keep(&context).await?).await?;
    Ok(Json(Said { status: "success", timestamp }))
}

/// Takes a message back: its author, or a moderator. Everybody inside is told.
#[utoipa::path(delete, path = "/api/room/{id}/chat/{identity}/{message}", tag = "chat", security(("bearer" = [])),
    params(("id" = String, Path, description = "Room"), ("identity" = String, Path, description = "Author"), ("message" = String, Path)),
    responses((status = 200, body = Done), (status = 401, body = Failure),
        (status = 403, body = Failure, description = "Neither author nor moderator"), (status = 404, body = Failure)))]
pub(in crate::http) async fn unsay(
    State(context): State<Context>,
    SignedIn(actor): SignedIn,
    Segments((room, identity, message)): Segments<(String, String, String)>,
) -> Result<Json<Done>> {
    context.rooms.unsay(&actor, &room, &identity, &message).await?;
    Ok(SUCCESS)
}
