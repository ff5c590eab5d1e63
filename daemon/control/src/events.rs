//! `GET /v1/events`: what happened, as JSON lines; and with `follow` what is to come.

use serde::{Deserialize, Serialize};

/// Which events, as the query of the request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct EventsQuery {
    /// All after this one. Without it the newest ones that are kept, as many as `limit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
    /// How many of the newest to begin with, where nobody said after which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only kinds that begin so: `room`, `participant.joined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only events in this room: slug, id or unique prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Go on with new ones as they come.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub follow: bool,
}

/// One event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Its place: one more than that of the event before. Whoever comes again with it as `after` has missed nothing.
    pub cursor: i64,
    /// RFC 3339.
    pub time: String,
    /// What happened: a verb of the audit log, `participant.joined`, `participant.left`, `sfu.*`, `tls.*`, `daemon.*`.
    pub kind: String,
    /// Who did it: `user:ID`, `guest:ID`, `operator:UID`, `system`; empty where nobody did.
    pub actor: String,
    /// From where; empty where that is not known.
    pub address: String,
    /// Whom or what it befell.
    pub target: String,
    /// The room's id, where there is a room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<String>,
    /// The room's slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// More about it.
    pub detail: String,
}
