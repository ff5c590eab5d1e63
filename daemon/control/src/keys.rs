//! `/v1/keys`: what signs what; never a secret.

use serde::{Deserialize, Serialize};

/// `GET /v1/keys`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keys {
    /// All of them.
    pub keys: Vec<Key>,
}

/// One key. `POST /v1/keys/sessions/rotate` answers with the new one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Key {
    /// `sessions`, `livekit` or `certificate`.
    pub kind: String,
    /// Says which one it is, and nothing about the secret.
    pub id: String,
    /// What it signs.
    pub signs: String,
    /// RFC 3339; none where it is not known.
    pub made_at: Option<String>,
    /// RFC 3339; until when what it signed is believed. None for one that signs.
    pub believed_until: Option<String>,
}
