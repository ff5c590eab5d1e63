//! One line of the log, and which lines somebody wants.

use std::str::FromStr;

use serde_json::{Map, Value};
use tracing::Level;

/// The lines of the SFU.
const SFU: &str = "sfu";

/// One line.
#[derive(Debug)]
pub struct Line {
    /// Its place: one more than that of the line before, also over restarts. 0 before it has one.
    pub(super) cursor: i64,
    /// Its place in the log of the supervisor, where the line is from there.
    pub(super) supervisor_cursor: Option<i64>,
    /// Unix milliseconds.
    at_milliseconds: i64,
    level: Level,
    is_sfu: bool,
    /// The field `room`, where the line or a span around it has one.
    room: Option<Box<str>>,
    /// Whom it is about, and who did it, where it says so.
    people: [Option<Box<str>>; 2],
    /// The whole line as a JSON object but for its cursor.
    json: Box<str>,
}

impl Line {
    /// Of its members; the cursor is taken out, and has to be given again.
    pub(super) fn of(mut fields: Map<String, Value>) -> Self {
        let cursor = fields.remove("cursor").and_then(|cursor| cursor.as_i64()).unwrap_or(0);
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let moment = text("time").and_then(|time| chrono::DateTime::parse_from_rfc3339(time).ok());
        Self {
            cursor,
            supervisor_cursor: fields.get("supervisorCursor").and_then(Value::as_i64),
            at_milliseconds: moment.map_or(0, |moment| moment.timestamp_millis()),
            level: text("level").and_then(|level| Level::from_str(level).ok()).unwrap_or(Level::INFO),
            is_sfu: text("target") == Some(SFU),
            room: text("room").map(Into::into),
            people: [text("participant"), text("by")].map(|person| person.map(Into::into)),
            json: Value::Object(fields).to_string().into(),
        }
    }

    /// Of a text that [`Self::text`] made; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let line = Self::of(serde_json::from_str(text).ok()?);
        (line.cursor > 0).then_some(line)
    }

    /// As JSON, with its cursor and an end.
    pub fn text(&self) -> String {
        format!("{{\"cursor\":{},{}\n", self.cursor, self.json.get(1..).unwrap_or_default())
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.json.len()
    }
}

/// Which lines somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// This level and graver ones.
    pub level: Level,
    /// Unix milliseconds; older lines are left out.
    pub since_milliseconds: Option<i64>,
    /// Only lines with this value of the field `room`.
    pub room: Option<String>,
    /// Only lines about this person, or of what they did: an id.
    pub person: Option<String>,
    /// Only the SFU's own.
    pub only_sfu: bool,
}

impl Wanted {
    /// True when `line` is one of them.
    pub fn takes(&self, line: &Line) -> bool {
        // `user:ID`, `guest:ID` or the id alone
        let is = |person: &str, id: &str| person.rsplit(':').next() == Some(id);
        line.level <= self.level
            && self.since_milliseconds.is_none_or(|since| line.at_milliseconds >= since)
            && self.room.as_deref().is_none_or(|room| line.room.as_deref() == Some(room))
            && (!self.only_sfu || line.is_sfu)
            && self.person.as_deref().is_none_or(|id| line.people.iter().flatten().any(|one| is(one, id)))
    }
}
