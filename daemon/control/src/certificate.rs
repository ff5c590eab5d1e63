//! `/v1/certificate`: the certificate that is served, and how keeping it goes.

use serde::{Deserialize, Serialize};

/// Moments are RFC 3339.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// `acme`, `files`, `self-signed` or `off`.
    pub mode: String,
    /// Host names and addresses that it is for; none without TLS.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// Valid from then.
    pub not_before: Option<String>,
    /// Valid until then.
    pub not_after: Option<String>,
    /// True where browsers believe it without being told to.
    pub is_public: bool,
    /// Mode `acme`: the directory of the authority.
    pub authority: Option<String>,
    /// True while a new one is being ordered, made or read.
    pub is_trying: bool,
    /// When that was last done.
    pub last_try: Option<String>,
    /// Why it failed then; empty where it did not.
    pub last_error: String,
    /// When it is done again by itself.
    pub next_try: Option<String>,
}
