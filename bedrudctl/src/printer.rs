//! All output. Results on stdout: tables for people, one document (or JSON lines) with `--json`. Everything else on stderr. No colour.

use std::{
    borrow::Cow,
    io::{self, Write},
    time::SystemTime,
};

use comfy_table::{Table, presets::NOTHING};
use serde::Serialize;
use serde_json::json;

use crate::failure::{BROKEN_PIPE, Exit, Failure, Outcome};

/// Knows how to say it.
#[derive(Clone, Copy)]
pub struct Printer {
    json: bool,
}

impl Printer {
    /// For programs with `json`, else for people.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// True where a program reads it.
    pub fn is_for_programs(self) -> bool {
        self.json
    }

    /// Prints a result: the document itself, or what `human` makes of it.
    pub fn result<T: Serialize>(self, document: &T, human: impl FnOnce(&T) -> String) -> Outcome<()> {
        let text = if self.json {
            plain_json(&serde_json::to_string_pretty(document).map_err(io::Error::from)?)
        } else {
            lines(&human(document))
        };
        writeln!(io::stdout(), "{}", text.trim_end())?;
        Ok(())
    }

    /// Prints what a dry run would have done.
    pub fn would(self, sentence: &str) -> Outcome {
        self.result(&json!({"wouldChange": true, "message": sentence}), |_| sentence.to_owned())?;
        Ok(Exit::WouldChange)
    }

    /// Prints what a dry run found to be so already.
    pub fn would_not(self, sentence: &str) -> Outcome {
        self.result(&json!({"wouldChange": false, "message": sentence}), |_| sentence.to_owned())?;
        Ok(Exit::Done)
    }

    /// Prints a document of a stream: one line, or what `human` makes of it.
    pub fn document<T: Serialize>(self, document: &T, human: impl FnOnce(&T) -> String) -> Outcome<()> {
        if self.json {
            let line = serde_json::to_vec(document).map_err(io::Error::from)?;
            return self.line(&line, |_| String::new());
        }
        self.result(document, human)
    }

    /// Prints one line of a stream: as it came, or what `human` makes of it.
    pub fn line(self, line: &[u8], human: impl FnOnce(&[u8]) -> String) -> Outcome<()> {
        let mut out = io::stdout().lock();
        if self.json {
            out.write_all(plain_json(&String::from_utf8_lossy(line)).as_bytes())?;
        } else {
            out.write_all(lines(&human(line)).as_bytes())?;
        }
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }

    /// Prints text that is the result itself, such as a completion script.
    pub fn raw(self, bytes: &[u8]) -> Outcome<()> {
        io::stdout().write_all(bytes)?;
        Ok(())
    }

    /// Tells the person something beside the result.
    pub fn note(self, text: &str) {
        // nobody reads stderr: then nobody misses it
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Says that a list goes on.
    pub fn rest(self, shown: usize, total: i64) {
        let rest = total.saturating_sub(i64::try_from(shown).unwrap_or(i64::MAX));
        if !self.json && rest > 0 {
            self.note(&format!("{total} in all; --page and --limit show others."));
        }
    }

    /// Tells why it failed.
    pub fn failure(self, failure: &Failure) {
        if failure.code == BROKEN_PIPE {
            return;
        }
        let Failure { code, message, hint, .. } = failure;
        if self.json {
            let error = json!({"error": {"code": code, "message": message, "hint": hint}});
            return self.note(&plain_json(&error.to_string()));
        }
        self.note(&printable(message));
        for line in hint.iter().flat_map(|hint| hint.lines()) {
            self.note(&printable(line));
        }
    }
}

/// Columns under their heads.
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(heads);
    for row in rows {
        table.add_row(row.iter().map(|cell| printable(cell)));
    }
    flush_left(&table)
}

/// One thing, a line for each of its sides that is known.
pub fn facts<const N: usize>(facts: [(&str, String); N]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (name, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        table.add_row([name, &printable(&value)]);
    }
    flush_left(&table)
}

/// Names come from strangers: what would act on the terminal, or turn the words beside it around, must not reach it.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(is_acting) {
        text.chars().map(|c| if is_acting(c) { '\u{fffd}' } else { c }).collect()
    } else {
        text.into()
    }
}

/// Controls and overrides of the direction of writing.
fn is_acting(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The same for text of several lines.
fn lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// JSON leaves controls above U+007E as they are; a terminal may act on them.
fn plain_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if is_acting(c) && c != '\n' {
            plain.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            plain.push(c);
        }
    }
    plain
}

fn flush_left(table: &Table) -> String {
    let lines = table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// `yes` or `no`.
pub fn yes(is: bool) -> String {
    (if is { "yes" } else { "no" }).to_owned()
}

/// An RFC 3339 moment to the minute: `2026-11-21 14:41`, in UTC as it came.
pub fn moment(text: &str) -> String {
    text.get(..16).unwrap_or(text).replace('T', " ")
}

/// How long ago a Unix second was.
pub fn since(unix_seconds: i64) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    duration(now.saturating_sub(u64::try_from(unix_seconds).unwrap_or_default()))
}

/// Seconds in two units at most.
pub fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// `nobody is`, `1 person is`, `3 people are`.
pub fn people(count: i64) -> String {
    match count {
        0 => "nobody is".to_owned(),
        1 => "1 person is".to_owned(),
        _ => format!("{count} people are"),
    }
}
