//! `/v1/settings`: what acts at once, without a restart.

use serde::{Deserialize, Serialize};

/// One setting. Values are written as a person writes them: `true`, `24`, `Our meetings`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Setting {
    /// As in the public API: `registrationEnabled`.
    pub name: String,
    /// As it is.
    pub value: String,
    /// As it is unless somebody changes it.
    pub default: String,
}

/// `GET /v1/settings`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// All of them.
    pub settings: Vec<Setting>,
}

/// `PUT /v1/settings/{name}`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewSetting {
    /// As in [`Setting`].
    pub value: String,
}
