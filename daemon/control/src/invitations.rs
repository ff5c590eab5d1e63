//! `/v1/invitations`: links by which somebody makes an account.

use serde::{Deserialize, Serialize};

/// `POST /v1/invitations`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewInvitation {
    /// The one mail address it is for; any without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// How long it serves; 72 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_hours: Option<u32>,
}

/// An invitation.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// UUID.
    pub id: String,
    /// The one mail address it is for; empty for any.
    pub email: String,
    /// The link to hand on.
    pub link: String,
    /// Who made it.
    pub created_by: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub expires_at: String,
    /// RFC 3339; when it has served.
    pub used_at: Option<String>,
    /// User id of who came by it; may be empty.
    pub used_by: String,
    /// Whether it makes an account: not used, not over, and by somebody who still administers the server.
    pub serves: bool,
    /// Whether it was just sent to its address.
    #[serde(default)]
    pub mailed: bool,
}

/// `GET /v1/invitations`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invitations {
    /// Newest first.
    pub invitations: Vec<Invitation>,
    /// How many there are on all pages.
    pub total: i64,
}
