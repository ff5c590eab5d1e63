//! `GET /v1/doctor`: what may be wrong with the server or its machine.

use serde::{Deserialize, Serialize};

/// The answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Examination {
    /// What was found, the graver ones first; none where all is well.
    pub findings: Vec<Finding>,
    /// The ids of everything that was looked for.
    pub checked: Vec<String>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Stable, such as `sfu.down`.
    pub id: String,
    /// `error`: something fails. `warning`: something will, or does for some.
    pub severity: String,
    /// What was seen.
    pub evidence: String,
    /// The command that mends it, or what to do.
    pub remedy: String,
}
