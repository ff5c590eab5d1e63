//! Paths and queries of the control socket. What people typed is escaped here and nowhere else.

use bedrud_control::ChangeQuery;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::failure::{Exit, Failure, Outcome};

/// All but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `/v1/` and the segments, each escaped.
pub fn path<const N: usize>(segments: [&str; N]) -> String {
    let escaped = segments.map(|segment| utf8_percent_encode(segment, ESCAPED).to_string());
    format!("/v1/{}", escaped.join("/"))
}

/// The path of a question, with one of the queries of [`bedrud_control`].
pub fn asking<const N: usize>(segments: [&str; N], query: &impl Serialize) -> Outcome<String> {
    let query = serde_urlencoded::to_string(query)
        .map_err(|e| Failure::new(Exit::Failed, "request_invalid", e.to_string()))?;
    Ok(format!("{}?{query}", path(segments)))
}

/// The path of something that changes, or that says what it would change.
pub fn changing<const N: usize>(segments: [&str; N], dry_run: bool) -> Outcome<String> {
    asking(segments, &ChangeQuery { dry_run })
}
