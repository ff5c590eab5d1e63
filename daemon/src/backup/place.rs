//! Where a server keeps what is in its backups, and which of its files those are.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use crate::error::{Error, Kind, Result};

/// The database, in a backup and by default in the state directory.
pub(super) const DATABASE: &str = "bedrud.db";
/// What a backup leaves out of the state directory: logs, drafts, locks, what a restore needs, and what is beside the database.
const LEFT_OUT: [&str; 4] = ["log", DRAFT, READY, BEFORE];
const DRAFT: &str = "backup.new";
const READY: &str = "restore";
const BEFORE: &str = "before-restore";

/// Where things are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub state: PathBuf,
    /// The file of the database; none where it is a server.
    pub database: Option<PathBuf>,
}

impl Place {
    /// The file of the database, or why there is none.
    pub fn database(&self) -> Result<&Path> {
        let s = "This server's database is a PostgreSQL server, which has backups of its own: pg_dump and pg_restore. Keep the state directory beside them.";
        self.database.as_deref().ok_or_else(|| Error::conflict("database_elsewhere", s))
    }

    /// Where one is put together or taken apart.
    pub fn draft(&self) -> PathBuf {
        self.state.join(DRAFT)
    }

    /// What the next start puts in place. It is there as a whole or not at all.
    pub fn ready(&self) -> PathBuf {
        self.state.join(READY)
    }

    /// What was there before.
    pub fn before(&self) -> PathBuf {
        self.state.join(BEFORE)
    }

    /// Every file that belongs into a backup beside the database, relative to the state directory.
    pub fn files(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        self.walk(Path::new(""), &mut found)?;
        found.sort();
        Ok(found)
    }

    fn walk(&self, folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
        let at = self.state.join(folder);
        let entries = fs::read_dir(&at).map_err(|e| failed(&at, &e))?;
        for entry in entries {
            let entry = entry.map_err(|e| failed(&at, &e))?;
            let (name, path) = (folder.join(entry.file_name()), entry.path());
            let kind = entry.file_type().map_err(|e| failed(&path, &e))?;
            if kind.is_dir() && !LEFT_OUT.iter().any(|left_out| name == Path::new(left_out)) {
                self.walk(&name, found)?;
            } else if kind.is_file() && !self.is_left_out(&path) {
                found.push(name);
            }
        }
        Ok(())
    }

    fn is_left_out(&self, path: &Path) -> bool {
        // one that served before another did stands in the archive's place of that name
        let former = self.state.join(DATABASE);
        let bytes = |path: &Path| path.as_os_str().as_encoded_bytes().to_owned();
        let of_database = [Some(&former), self.database.as_ref()]
            .into_iter()
            .flatten()
            .any(|database| bytes(path).starts_with(&bytes(database)));
        of_database || path.extension().is_some_and(|end| end == "new" || end == "lock")
    }
}

/// Makes the directory anew, for the daemon's user only.
pub(super) fn emptied(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(directory, &e)),
        _ => {}
    }
    fs::DirBuilder::new().mode(0o700).create(directory).map_err(|e| failed(directory, &e))
}

/// The disk does not do it.
pub(super) fn failed(path: &Path, error: &io::Error) -> Error {
    let s = format!(
        "{} cannot be read or written: {error}. Look for room on that disk, and for the owner of the state directory.",
        path.display()
    );
    Error::new(Kind::Unavailable, "backup_unwritable", s)
}
