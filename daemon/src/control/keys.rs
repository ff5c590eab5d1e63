//! What signs what, for the operator.

use axum::{Extension, Json, extract::State};
use bedrud_control::{Key, Keys};

use super::Context;
use crate::{accounts::KeyFacts, actor::Actor, error::Result, store::Timestamp};

/// `GET /v1/keys`
pub(super) async fn list(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Keys>> {
    let mut keys: Vec<Key> = context.accounts.keys(&actor)?.into_iter().map(of_sessions).collect();
    keys.push(Key {
        kind: "livekit".to_owned(),
        id: context.sfu.key_id().to_owned(),
        signs: "join tokens, calls to the SFU, its webhooks".to_owned(),
        made_at: None,
        believed_until: None,
    });
    if let Some(tls) = &context.tls {
        let facts = tls.certificate().facts.clone();
        keys.push(Key {
            kind: "certificate".to_owned(),
            id: facts.names.join(" "),
            signs: "connections".to_owned(),
            made_at: Some(Timestamp(facts.not_before.timestamp_millis()).to_string()),
            believed_until: Some(Timestamp(facts.not_after.timestamp_millis()).to_string()),
        });
    }
    Ok(Json(Keys { keys }))
}

/// `POST /v1/keys/sessions/rotate`
pub(super) async fn rotate_sessions(
    State(context): State<Context>,
    Extension(actor): Extension<Actor>,
) -> Result<Json<Key>> {
    context.accounts.rotate_keys(&actor).await.map(of_sessions).map(Json)
}

fn of_sessions(key: KeyFacts) -> Key {
    Key {
        kind: "sessions".to_owned(),
        id: key.id,
        signs: "access and refresh tokens".to_owned(),
        made_at: Some(key.made_at.to_string()),
        believed_until: key.until.map(|until| until.to_string()),
    }
}
