//! The files of backups: their names, written whole or not at all and for their owner only, the older ones removed.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
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

/// Has `write` fill a file that gets its name when it is whole; says how long it is.
pub async fn written(to: &Path, write: impl AsyncFnOnce(File) -> Outcome<File>) -> Outcome<u64> {
    let mut draft = to.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    let unwritable = |e: io::Error| {
        let message = format!("{} cannot be written: {e}.", to.display());
        Failure::new(Exit::Failed, "backup_unwritable", message)
    };
    let made = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft);
    let whole = async {
        let file = write(made.map_err(unwritable)?).await?;
        file.sync_all().map_err(unwritable)?;
        fs::rename(&draft, to).map_err(unwritable)?;
        Ok(file.metadata().map_err(unwritable)?.len())
    };
    let whole = whole.await;
    if whole.is_err() {
        // half a backup is none
        let _ = fs::remove_file(&draft);
    }
    whole
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
