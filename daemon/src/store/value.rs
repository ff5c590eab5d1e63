//! Moments, as the database and the wire have them.

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Serialize, Serializer};

/// A moment: Unix milliseconds in the database, RFC 3339 in UTC on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The current moment.
    pub fn now() -> Self {
        Self(Utc::now().timestamp_millis())
    }
    /// Whole Unix seconds, as JWTs and some fields of the wire contract want them.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
    /// This moment moved by `seconds`.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
}

impl Timestamp {
    /// `2026-11-21T15:04:05.678Z`. By hand, since answers are full of times and chrono's formatter takes ten times as long.
    fn text(self, into: &mut [u8; 24]) -> &str {
        let moment = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        let year = u32::try_from(moment.year()).unwrap_or(0).min(9999);
        let milliseconds = moment.timestamp_subsec_millis().min(999);
        *into = *b"0000-00-00T00:00:00.000Z";
        let mut put = |number: u32, at: std::ops::Range<usize>| {
            let mut rest = number;
            for digit in into.iter_mut().take(at.end).skip(at.start).rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        };
        put(year, 0..4);
        put(moment.month(), 5..7);
        put(moment.day(), 8..10);
        put(moment.hour(), 11..13);
        put(moment.minute(), 14..16);
        put(moment.second(), 17..19);
        put(milliseconds, 20..23);
        std::str::from_utf8(into).unwrap_or_default()
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text(&mut [0; 24]))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text(&mut [0; 24]))
    }
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;

    use super::*;

    #[test]
    fn a_moment_reads_as_rfc_3339() {
        for milliseconds in [0, 1, 999, 951_782_400_000, 1_795_263_565_601, 253_402_300_799_999] {
            let moment = DateTime::<Utc>::from_timestamp_millis(milliseconds).expect("a moment");
            let expected = moment.to_rfc3339_opts(SecondsFormat::Millis, true);
            assert_eq!(Timestamp(milliseconds).to_string(), expected);
            assert_eq!(
                serde_json::to_string(&Timestamp(milliseconds)).expect("JSON"),
                format!("{expected:?}")
            );
        }
    }
}
