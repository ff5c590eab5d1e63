//! The newest log lines, in memory, bounded in number and bytes; and every new one for those who follow.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::broadcast;
use tracing::Level;

const LINES: usize = 2_000;
const BYTES: usize = 1 << 20;
/// How far a follower may fall behind before lines are lost to it.
const BEHIND: usize = 256;

/// One line.
#[derive(Debug)]
pub struct Line {
    /// Unix milliseconds.
    pub at_milliseconds: i64,
    /// How grave it is.
    pub level: Level,
    /// The field `room`, where the line or a span around it has one.
    pub room: Option<Box<str>>,
    /// The whole line as a JSON object, without a line end.
    pub json: Box<str>,
}

/// Which lines somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// This level and graver ones.
    pub level: Level,
    /// Unix milliseconds; older lines are left out.
    pub since_milliseconds: Option<i64>,
    /// Only lines about one of these values of the field `room`; empty means all lines.
    pub rooms: Vec<String>,
}

impl Wanted {
    /// True when `line` is one of them.
    pub fn takes(&self, line: &Line) -> bool {
        let about = |room: &str| self.rooms.iter().any(|wanted| wanted == room);
        line.level <= self.level
            && self.since_milliseconds.is_none_or(|since| line.at_milliseconds >= since)
            && (self.rooms.is_empty() || line.room.as_deref().is_some_and(about))
    }
}

#[derive(Default)]
struct Ring {
    lines: VecDeque<Arc<Line>>,
    bytes: usize,
}

/// A handle to the newest lines; cheap to clone.
#[derive(Clone)]
pub struct Recent {
    ring: Arc<Mutex<Ring>>,
    live: broadcast::Sender<Arc<Line>>,
}

impl Default for Recent {
    fn default() -> Self {
        Self { ring: Arc::default(), live: broadcast::Sender::new(BEHIND) }
    }
}

impl Recent {
    /// Keeps `line`, forgets the oldest beyond the bounds, tells the followers.
    pub fn keep(&self, line: Line) {
        let line = Arc::new(line);
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.bytes += line.json.len();
        ring.lines.push_back(line.clone());
        while ring.lines.len() > LINES || ring.bytes > BYTES {
            let Some(oldest) = ring.lines.pop_front() else { break };
            ring.bytes -= oldest.json.len();
        }
        // told under the lock, so that a follower sees each line once; nobody listening is no failure
        let _ = self.live.send(line);
    }

    /// The kept lines that `wanted` takes, oldest first, and all that come after them.
    pub fn read(&self, wanted: &Wanted) -> (Vec<Arc<Line>>, broadcast::Receiver<Arc<Line>>) {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = ring.lines.iter().filter(|line| wanted.takes(line)).cloned().collect();
        (lines, self.live.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: Level, room: Option<&str>, bytes: usize) -> Line {
        Line { at_milliseconds: 5, level, room: room.map(Into::into), json: "x".repeat(bytes).into() }
    }

    fn all() -> Wanted {
        Wanted { level: Level::TRACE, since_milliseconds: None, rooms: Vec::new() }
    }

    #[test]
    fn the_oldest_lines_go_first_by_number_and_by_bytes() {
        let recent = Recent::default();
        for _ in 0..LINES + 5 {
            recent.keep(line(Level::INFO, None, 1));
        }
        assert_eq!(recent.read(&all()).0.len(), LINES);
        recent.keep(line(Level::INFO, None, BYTES - 10));
        assert_eq!(recent.read(&all()).0.len(), 11);
    }

    #[test]
    fn a_reader_gets_what_it_wants_and_then_what_comes() {
        let recent = Recent::default();
        recent.keep(line(Level::WARN, Some("a"), 1));
        recent.keep(line(Level::INFO, Some("a"), 1));
        recent.keep(line(Level::ERROR, Some("b"), 1));
        recent.keep(line(Level::ERROR, None, 1));
        let of_room = Wanted { level: Level::WARN, rooms: vec!["a".to_owned()], ..all() };
        let (kept, mut live) = recent.read(&of_room);
        assert_eq!(kept.len(), 1);
        assert!(recent.read(&Wanted { since_milliseconds: Some(6), ..all() }).0.is_empty());
        recent.keep(line(Level::DEBUG, Some("a"), 1));
        assert!(!of_room.takes(&live.try_recv().expect("the new line")));
    }
}
