//! The SFU's lines in our log, with their level and room: LiveKit's JSON field by field, anything else (start-up errors on
//! stdout) as a warning.

use serde_json::{Map, Value};

/// What is kept of a line's other fields.
const KEPT_BYTES: usize = 1 << 10;

/// Writes one line into our log.
pub(crate) fn log(line: &str) {
    let Ok(mut fields) = serde_json::from_str::<Map<String, Value>>(line) else {
        // with a configuration of the operator's own: time, level, logger, ..., between tabs
        return match line.split('\t').nth(1) {
            Some("DEBUG") => tracing::debug!(target: "sfu", "{line}"),
            Some("INFO") => tracing::info!(target: "sfu", "{line}"),
            _ => tracing::warn!(target: "sfu", "{line}"),
        };
    };
    let mut text = |name: &str| match fields.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let (level, message) = (text("level"), text("msg").unwrap_or_default());
    let (room, participant, error) = (text("room"), text("participant"), text("error"));
    for noise in ["ts", "caller", "logger", "nodeID"] {
        fields.remove(noise);
    }
    let detail = (!fields.is_empty()).then(|| {
        let mut detail = Value::Object(fields).to_string();
        detail.truncate(detail.floor_char_boundary(KEPT_BYTES));
        detail
    });
    let (room, participant) = (room.as_deref(), participant.as_deref());
    let (error, detail) = (error.as_deref(), detail.as_deref());
    macro_rules! at {
        ($level:ident) => {
            tracing::$level!(target: "sfu", room, participant, error, detail, "{message}")
        };
    }
    match level.as_deref() {
        Some("error" | "dpanic" | "panic" | "fatal") => at!(error),
        Some("warn") => at!(warn),
        Some("debug") => at!(debug),
        // our own calls, every few seconds
        Some("info") if message.starts_with("API RoomService.") => at!(debug),
        _ => at!(info),
    }
}
