//! `GET /v1/setup`: the way to the first administrator.

use serde::{Deserialize, Serialize};

/// The pending one-time link.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Setup {
    /// Opens the page on which the first administrator is made. Works once; keep it secret.
    pub url: String,
    /// Anybody may make an account.
    pub registration_enabled: bool,
    /// Anybody may come with a name only.
    pub guest_login_enabled: bool,
}
