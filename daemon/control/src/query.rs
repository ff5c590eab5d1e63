//! Queries that several routes take.

use serde::{Deserialize, Serialize};

/// Which part of a list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PageQuery {
    /// Only what has this in its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The most a page has: 50, and never more than 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Of routes that change something.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ChangeQuery {
    /// Answer as if, and change nothing.
    pub dry_run: bool,
}
