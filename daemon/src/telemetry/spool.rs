//! The log on the disk, so that it goes on where that of the process before ended: one line of JSON each, in two files of which
//! the older one is dropped. A line is written whole, so that a process that is killed leaves none in halves.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::line::Line;

/// A file that is longer becomes the older one.
const LONGEST_BYTES: u64 = 4 << 20;

/// The two files of one process.
pub(super) struct Spool {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// The last line is there in part: the disk was full.
    is_torn: bool,
}

/// Where the lines of `name` are written.
pub(super) fn path(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}.jsonl"))
}

/// Where the lines before those are.
pub(super) fn older(path: &Path) -> PathBuf {
    path.with_extension("jsonl.1")
}

impl Spool {
    /// Opens the files of `name`, and gives every line that is there to `each`, oldest first.
    pub(super) fn open(directory: &Path, name: &str, mut each: impl FnMut(Line)) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let path = path(directory, name);
        for file in [older(&path), path.clone()] {
            match fs::read(&file) {
                Ok(bytes) => {
                    String::from_utf8_lossy(&bytes).lines().filter_map(Line::read).for_each(&mut each)
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        let file = opened(&path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { path, file, bytes, is_torn: false })
    }

    /// Writes one. A disk that takes nothing is no reason to say nothing elsewhere.
    pub(super) fn write(&mut self, line: &Line) {
        if self.bytes > LONGEST_BYTES
            && fs::rename(&self.path, older(&self.path)).is_ok()
            && let Ok(file) = opened(&self.path)
        {
            (self.file, self.bytes) = (file, 0);
        }
        let mut text = line.text();
        if self.is_torn {
            text.insert(0, '\n');
        }
        self.is_torn = true;
        if self.file.write_all(text.as_bytes()).is_ok() {
            self.is_torn = false;
            self.bytes += text.len() as u64;
        }
    }
}

fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}
