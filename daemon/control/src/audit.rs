//! `GET /v1/audit`: who did what to whom, from where.

use serde::{Deserialize, Serialize};

/// Which lines, as the query of the request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AuditQuery {
    /// By whom: a label such as `operator:0` or `system`, or a user's mail address, name or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// To whom or what: a user's mail address, name or id, or any id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Only verbs that begin so: `room`, `room.kick`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verb: Option<String>,
    /// In this room: slug, id or unique prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Only the last so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_seconds: Option<u64>,
    /// Only lines older than the one of this id: the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The most that come: 50, and never more than 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// The answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Audit {
    /// Newest first.
    pub lines: Vec<AuditLine>,
}

/// One act.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// UUID, in the order of time.
    pub id: String,
    /// RFC 3339.
    pub time: String,
    /// Who: `user:ID`, `guest:ID`, `operator:UID`, `system`.
    pub actor: String,
    /// Their mail address or name; empty where it is not known.
    pub actor_name: String,
    /// The client's address, or the login behind an operator's command.
    pub address: String,
    /// What they did.
    pub verb: String,
    /// Whom or what it was done to: an id.
    pub target: String,
    /// The mail address or name of whom it was done to; empty where it is not known.
    pub target_name: String,
    /// The room's id, where there is a room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<String>,
    /// The room's slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// More about it.
    pub detail: String,
}
