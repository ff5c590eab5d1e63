//! The files of backups: their names, and the older ones removed.

use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use chrono::Utc;

use crate::failure::{Exit, Failure, Outcome};

const BEGINNING: &str = "bedrud-";
const END: &str = ".backup";

/// A name made of the time; names are in the order of time.
pub fn name() -> String {
    format!("{BEGINNING}{}{END}", Utc::now().format("%Y%m%dT%H%M%S%3fZ"))
}

/// Makes it for its owner only, where it is missing.
pub fn directory(path: &Path) -> Outcome<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|e| {
        let message = format!("{} cannot be made: {e}.", path.display());
        Failure::new(Exit::Failed, "backup_unwritable", message)
    })
}

/// Removes all but the newest `count`; says which they were.
pub fn forget(directory: &Path, count: usize) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(directory)?.flatten();
    let is_ours = |name: &str| name.starts_with(BEGINNING) && name.ends_with(END);
    let mut all: Vec<PathBuf> =
        entries.filter(|entry| entry.file_name().to_str().is_some_and(is_ours)).map(|e| e.path()).collect();
    all.sort();
    all.truncate(all.len().saturating_sub(count.max(1)));
    for path in &all {
        fs::remove_file(path)?;
    }
    Ok(all)
}
