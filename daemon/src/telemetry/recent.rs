//! The newest log lines, in memory, bounded in number and bytes, each with its place; kept on the disk as well, where the
//! process after this one goes on.

use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::{
    line::{Line, Wanted},
    spool::Spool,
};

const LINES: usize = 2_000;
const BYTES: usize = 1 << 20;

#[derive(Default)]
struct Ring {
    lines: VecDeque<Arc<Line>>,
    bytes: usize,
    newest: i64,
    supervisor: i64,
    spool: Option<Spool>,
}

impl Ring {
    fn push(&mut self, line: Line) {
        self.newest = self.newest.max(line.cursor);
        self.supervisor = self.supervisor.max(line.supervisor_cursor.unwrap_or(0));
        self.bytes += line.bytes();
        self.lines.push_back(Arc::new(line));
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes -= oldest.bytes();
        }
    }

    fn add(&mut self, mut line: Line) {
        line.cursor = self.newest + 1;
        if let Some(spool) = &mut self.spool {
            spool.write(&line);
        }
        self.push(line);
    }
}

/// What there is after a place.
pub struct After {
    /// The wanted lines, oldest first.
    pub lines: Vec<Arc<Line>>,
    /// How many lines are not kept any more that would have come before them.
    pub missing: i64,
    /// The place after all of them, wanted or not.
    pub cursor: i64,
}

/// A handle to the newest lines; cheap to clone.
#[derive(Clone)]
pub struct Recent {
    ring: Arc<Mutex<Ring>>,
    newest: watch::Sender<i64>,
}

impl Default for Recent {
    fn default() -> Self {
        Self { ring: Arc::default(), newest: watch::Sender::new(0) }
    }
}

impl Recent {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps `line`, forgets the oldest beyond the bounds, wakes the followers.
    pub(super) fn keep(&self, line: Line) {
        let mut ring = self.ring();
        ring.add(line);
        self.newest.send_replace(ring.newest);
    }

    /// Goes on with the log in `directory` from now on; the lines until now come after what is there. Only for the process
    /// that owns the directory.
    pub(super) fn keep_in(&self, directory: &Path, name: &str) -> std::io::Result<()> {
        let mut ring = self.ring();
        let mut whole = Ring::default();
        let spool = Spool::open(directory, name, |line| whole.push(line))?;
        whole.spool = Some(spool);
        for line in std::mem::take(&mut ring.lines) {
            // nobody has read it yet, so it is nobody else's
            if let Ok(line) = Arc::try_unwrap(line) {
                whole.add(line);
            }
        }
        *ring = whole;
        self.newest.send_replace(ring.newest);
        Ok(())
    }

    /// The place of the last line that came from the supervisor.
    pub(super) fn supervisor_cursor(&self) -> i64 {
        self.ring().supervisor
    }

    /// What there is after `cursor`, or of all that is kept.
    pub fn after(&self, cursor: Option<i64>, wanted: &Wanted) -> After {
        let ring = self.ring();
        let oldest = ring.lines.front().map_or(ring.newest + 1, |line| line.cursor);
        // a place that is not reached yet is one of another log
        let cursor = cursor.filter(|cursor| *cursor <= ring.newest);
        let missing = cursor.map_or(0, |cursor| (oldest - 1 - cursor).max(0));
        let begin = ring.lines.partition_point(|line| line.cursor <= cursor.unwrap_or(0));
        let lines = ring.lines.range(begin..).filter(|line| wanted.takes(line)).cloned().collect();
        After { lines, missing, cursor: ring.newest }
    }

    /// Tells of every new line, by the newest place.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tracing::Level;

    use super::*;

    fn line(level: &str, room: &str, message: &str) -> Line {
        let json = json!({"level": level, "room": room, "message": message});
        Line::of(json.as_object().cloned().unwrap_or_default())
    }

    fn all() -> Wanted {
        let since_milliseconds = None;
        Wanted { level: Level::TRACE, since_milliseconds, room: None, person: None, only_sfu: false }
    }

    #[test]
    fn the_oldest_lines_go_first_by_number_and_by_bytes_and_are_missed() {
        let recent = Recent::default();
        for _ in 0..LINES + 5 {
            recent.keep(line("info", "a", ""));
        }
        let after = recent.after(Some(2), &all());
        assert_eq!((after.lines.len(), after.missing), (LINES, 3));
        recent.keep(line("info", "a", &"x".repeat(BYTES - 200)));
        assert!(recent.after(None, &all()).lines.len() < 6);
    }

    #[test]
    fn a_reader_gets_what_it_wants_and_then_what_comes() {
        let recent = Recent::default();
        for (level, room) in [("warn", "a"), ("info", "a"), ("error", "b")] {
            recent.keep(line(level, room, ""));
        }
        let of_room = Wanted { level: Level::WARN, room: Some("a".to_owned()), ..all() };
        let after = recent.after(None, &of_room);
        assert_eq!((after.lines.len(), after.cursor), (1, 3));
        assert!(recent.after(None, &Wanted { since_milliseconds: Some(6), ..all() }).lines.is_empty());
        recent.keep(line("debug", "a", ""));
        assert!(recent.after(Some(after.cursor), &of_room).lines.is_empty());
        assert_eq!(recent.after(Some(after.cursor), &all()).lines.len(), 1);
    }

    #[test]
    fn the_next_process_goes_on_where_this_one_ended() {
        let folder = tempfile::tempdir().expect("directory");
        let first = Recent::default();
        first.keep(line("info", "a", "before it owns the directory"));
        first.keep_in(folder.path(), "log").expect("kept");
        first.keep(line("info", "a", "two"));
        let second = Recent::default();
        second.keep(line("info", "a", "three"));
        second.keep_in(folder.path(), "log").expect("kept");
        let texts: Vec<_> = second.after(None, &all()).lines.iter().map(|line| line.text()).collect();
        assert_eq!(texts.len(), 3);
        assert!(texts[1].starts_with("{\"cursor\":2,") && texts[1].contains("two"), "{texts:?}");
        assert!(texts[2].starts_with("{\"cursor\":3,") && texts[2].contains("three"), "{texts:?}");
    }
}
