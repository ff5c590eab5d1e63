//! The log of the supervisor that runs beside the daemon (`bedrud livekit`): its lines become lines of ours, each once, also
//! when the daemon was away meanwhile.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;

use super::{Recent, line::Line, spool};

const LOOK: Duration = Duration::from_millis(100);
/// Where there is no supervisor there will hardly be one.
const LOOK_SELDOM: Duration = Duration::from_secs(2);

/// One file, as far as it was read.
struct Reading {
    reader: BufReader<File>,
    inode: u64,
    /// A line whose end is not there yet.
    begun: Vec<u8>,
}

impl Reading {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let inode = file.metadata()?.ino();
        Ok(Self { reader: BufReader::new(file), inode, begun: Vec::new() })
    }

    /// Gives every new line to `recent`.
    fn go_on(&mut self, recent: &Recent) -> io::Result<()> {
        while self.reader.read_until(b'\n', &mut self.begun)? > 0 {
            if self.begun.ends_with(b"\n") {
                take(recent, &std::mem::take(&mut self.begun));
            }
        }
        Ok(())
    }
}

/// A line that a full disk tore is none, and ends nothing.
fn take(recent: &Recent, text: &[u8]) {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(text) else { return };
    let Some(cursor) = fields.get("cursor").and_then(Value::as_i64) else { return };
    if cursor > recent.supervisor_cursor() {
        fields.insert("supervisorCursor".to_owned(), cursor.into());
        recent.keep(Line::of(fields));
    }
}

/// Follows for ever. `directory` is that of [`Recent::keep_in`].
pub(super) async fn follow(recent: Recent, directory: PathBuf, name: &'static str) {
    let path = spool::path(&directory, name);
    if let Ok(mut older) = Reading::open(&spool::older(&path)) {
        // what cannot be read any more is missing; its numbers say so
        let _ = older.go_on(&recent);
    }
    let mut reading: Option<Reading> = None;
    loop {
        if let Some(file) = &mut reading {
            let is_old = fs::metadata(&path).is_ok_and(|there| there.ino() != file.inode);
            // after the look: what was written until it was put aside is read to its end
            if file.go_on(&recent).is_err() || is_old {
                reading = None;
            }
        }
        if reading.is_none() {
            reading = Reading::open(&path).ok();
        }
        if let Some(file) = &mut reading
            && file.go_on(&recent).is_err()
        {
            reading = None;
        }
        tokio::time::sleep(if reading.is_some() { LOOK } else { LOOK_SELDOM }).await;
    }
}
