//! Putting a backup in place: laid ready while the daemon runs, exchanged by its next start before anything is opened. What was
//! there goes into a directory of its own, and comes back where the exchange, or the database after it, fails.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::place::{DATABASE, Place, failed};
use crate::error::Result;

/// The pair of the SFU that runs on this machine beside us; its supervisor knows no other. Nothing lasting is signed with it.
const OF_THIS_MACHINE: &str = "livekit-keys";
/// SQLite's own files beside the database (sqlite.org/wal.html).
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Makes the draft what the next start puts in place. Before this nothing has happened, after it everything will.
pub(super) fn lay_ready(place: &Place) -> Result<()> {
    let (draft, ready) = (place.draft(), place.ready());
    let keys = Path::new(OF_THIS_MACHINE);
    if place.state.join(keys).exists() {
        gone(&draft.join(keys))?;
    }
    synced(&draft)?;
    gone(&ready)?;
    fs::rename(&draft, &ready).map_err(|e| failed(&ready, &e))?;
    synced(&place.state)
}

/// There while an exchange is under way: what is in the directory for it is of this one.
const BEGUN: &str = "begun";

/// A restore that was put in place and is not confirmed yet.
#[must_use]
pub struct Applied(Place);

/// Puts in place what is ready, if anything is. Goes on with an exchange that was broken off, and takes back one that fails.
pub fn apply(state: &Path, database: Option<&Path>) -> Option<Applied> {
    let place = Place { state: state.to_owned(), database: database.map(Path::to_owned) };
    if !place.ready().is_dir() {
        return None;
    }
    let before = place.before();
    let applied = Applied(place);
    match applied.exchange() {
        Ok(()) => {
            tracing::info!("a backup was restored; what was there before is in {}", before.display());
            Some(applied)
        }
        Err(e) => {
            tracing::error!("a backup could not be restored: {e}");
            applied.back();
            None
        }
    }
}

impl Applied {
    fn exchange(&self) -> Result<()> {
        let (ready, before) = (self.0.ready(), self.0.before());
        let marker = ready.join(BEGUN);
        if !marker.exists() {
            // of the restore before this one
            gone(&before)?;
            fs::create_dir_all(&before).map_err(|e| failed(&before, &e))?;
            File::create(&marker).map_err(|e| failed(&marker, &e))?;
        }
        let mut files = Vec::new();
        listed(&ready, Path::new(""), &mut files)?;
        files.retain(|file| file != Path::new(BEGUN) && file != Path::new(DATABASE));
        for file in files {
            exchange_one(&ready.join(&file), &self.0.state.join(&file), &before.join(&file))?;
        }
        let (new, Some(database)) = (ready.join(DATABASE), &self.0.database) else { return Ok(()) };
        if new.exists() {
            // the journal belongs to the database that was there
            for end in BESIDE {
                let beside = with_end(database, end);
                if beside.exists() {
                    rename(&beside, &before.join(format!("{DATABASE}{end}")))?;
                }
            }
        }
        exchange_one(&new, database, &before.join(DATABASE))
    }

    /// What was restored works: nothing is left to do, and what was there before stays for whoever wants it back.
    pub fn confirm(self) {
        if let Err(e) = gone(&self.0.ready()) {
            tracing::error!("{e}");
        }
    }

    /// Takes all of it back, also what an earlier start had exchanged.
    pub fn back(self) {
        let (ready, before) = (self.0.ready(), self.0.before());
        let mut is_whole = true;
        let mut told = |done: Result<()>| {
            if let Err(e) = done {
                tracing::error!("{e}");
                is_whole = false;
            }
        };
        if ready.join(BEGUN).exists() {
            if let Some(database) = self.0.database.as_ref().filter(|_| before.join(DATABASE).exists()) {
                for end in BESIDE {
                    // what the database that is taken back made of its own
                    told(gone(&with_end(database, end)));
                    let old = before.join(format!("{DATABASE}{end}"));
                    if old.exists() {
                        told(rename(&old, &with_end(database, end)));
                    }
                }
                told(rename(&before.join(DATABASE), database));
            }
            let mut files = Vec::new();
            told(listed(&before, Path::new(""), &mut files));
            files.retain(|file| !file.to_string_lossy().starts_with(DATABASE));
            for file in files {
                told(rename(&before.join(&file), &self.0.state.join(&file)));
            }
        }
        told(gone(&ready));
        if is_whole {
            tracing::error!("what was there before the restore is there again");
        } else {
            tracing::error!(
                "not all that was there before the restore is there again: the rest is in {}",
                before.display()
            );
        }
    }
}

/// Whatever of it was done already is not done again.
fn exchange_one(new: &Path, at: &Path, old: &Path) -> Result<()> {
    if !new.exists() {
        return Ok(());
    }
    if at.exists() {
        rename(at, old)?;
    }
    rename(new, at)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Also from one file system to another.
fn rename(from: &Path, to: &Path) -> Result<()> {
    let moved = || {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::rename(from, to) {
            Err(e) if e.kind() == io::ErrorKind::CrossesDevices => {
                let draft = with_end(to, ".new");
                fs::copy(from, &draft)?;
                File::open(&draft)?.sync_all()?;
                fs::rename(&draft, to)?;
                fs::remove_file(from)
            }
            done => done,
        }
    };
    moved().map_err(|e| failed(to, &e))
}

fn gone(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(path, &e)),
        _ => Ok(()),
    }
}

fn synced(directory: &Path) -> Result<()> {
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(|e| failed(directory, &e))
}

fn listed(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let at = root.join(folder);
    for entry in fs::read_dir(&at).map_err(|e| failed(&at, &e))? {
        let entry = entry.map_err(|e| failed(&at, &e))?;
        let name = folder.join(entry.file_name());
        if entry.path().is_dir() {
            listed(root, &name, found)?;
        } else {
            found.push(name);
        }
    }
    Ok(())
}
