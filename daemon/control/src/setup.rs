//! `GET /v1/setup`: the way to the first administrator.

use serde::{Deserialize, Serialize};

/// The pending one-time link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Setup {
    /// Opens the page on which the first administrator is made. Works once; keep it secret.
    pub url: String,
}
