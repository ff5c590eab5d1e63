//! Paths and queries of the control socket. What people typed is escaped here and nowhere else.

use bedrud_control::{ChangeQuery, PageQuery};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `/v1/` and the segments, each escaped.
pub fn path<const N: usize>(segments: [&str; N]) -> String {
    let escaped = segments.map(|segment| utf8_percent_encode(segment, ESCAPED).to_string());
    format!("/v1/{}", escaped.join("/"))
}

/// The path of something that changes, or that says what it would change.
pub fn changing<const N: usize>(segments: [&str; N], dry_run: bool) -> String {
    let query = ChangeQuery { dry_run };
    format!("{}?dryRun={}", path(segments), query.dry_run)
}

/// The path of a list.
pub fn page<const N: usize>(segments: [&str; N], wanted: &PageQuery) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !wanted.q.is_empty() {
        query.append_pair("q", &wanted.q);
    }
    for (name, value) in [("page", wanted.page), ("limit", wanted.limit)] {
        if let Some(value) = value {
            query.append_pair(name, &value.to_string());
        }
    }
    format!("{}?{}", path(segments), query.finish())
}

/// The path of a question with these parameters.
pub fn query<const N: usize>(segments: [&str; N], parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    format!("{}?{}", path(segments), query.finish())
}
