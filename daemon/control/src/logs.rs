//! `GET /v1/logs`: JSON lines.

use serde::{Deserialize, Serialize};

/// Which lines, as the query of the request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LogsQuery {
    /// This level and graver ones: `error`, `warn`, `info`, `debug`, `trace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Only lines about this room: slug, id or unique prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Only lines about this person, or of what they did: mail address, name or id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Only the SFU's own lines.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub livekit: bool,
    /// All after the line with this cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<i64>,
    /// Only lines of the last so many seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_seconds: Option<u64>,
    /// Go on with new lines as they come.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub follow: bool,
}

/// One line; `fields` are whatever else it carries, such as `room`, `participant`, `request`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LogLine<Fields> {
    /// Its place: one more than that of the line before, also when the daemon was started anew between them.
    #[serde(default)]
    pub cursor: i64,
    /// RFC 3339, UTC.
    pub time: String,
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
    /// The module that speaks; `sfu` for the SFU.
    pub target: String,
    /// A sentence that can be read alone.
    #[serde(default)]
    pub message: String,
    /// All other members.
    #[serde(flatten)]
    pub fields: Fields,
}
