//! `/v1/certificate`: the certificate that is served, how keeping it goes, and what is in its way.

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

/// `GET /v1/certificate/obstacles?domain=`: what is in the way of a certificate for that name; none when nothing is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Obstacles {
    /// One by one.
    pub obstacles: Vec<Obstacle>,
}

/// One thing that is in the way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Obstacle {
    /// Stable name for programs.
    pub code: String,
    /// What it is and what to do about it.
    pub sentence: String,
}

/// For which name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ObstaclesQuery {
    /// The host name to be.
    pub domain: String,
}
