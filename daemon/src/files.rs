//! Writes files that are whole or not there at all, and nobody else's to read (0600). Blocking: for start-up and blocking threads.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// What has to be there after the power failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// It is: file and name are on the disk before this returns.
    PowerCut,
    /// It serves this run only.
    ThisRun,
}

/// Exchanges the file at `path`: readers see the old one or the new one.
pub fn replace(path: &Path, bytes: &[u8], lasts: Lasts) -> io::Result<()> {
    let draft = draft(path, bytes, lasts)?;
    fs::rename(&draft, path).inspect_err(|_| drop(fs::remove_file(&draft)))?;
    settle(path, lasts)
}

/// Makes the file at `path` where there is none. Two may come at once: it appears by a hard link, and false says that
/// somebody else was first.
pub fn make(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let draft = draft(path, bytes, Lasts::PowerCut)?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => settle(path, Lasts::PowerCut).map(|()| true),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(e),
    }
}

/// Makes the directory, and those above it, for its owner alone where it is missing.
pub fn private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Beside `path`, so that it can take its name; two processes have two.
fn draft(path: &Path, bytes: &[u8], lasts: Lasts) -> io::Result<std::path::PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = std::path::PathBuf::from(name);
    let written = || {
        let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        out.write_all(bytes)?;
        if lasts == Lasts::PowerCut { out.sync_all() } else { Ok(()) }
    };
    written().inspect_err(|_| drop(fs::remove_file(&draft)))?;
    Ok(draft)
}

/// The name is on the disk when its directory is.
fn settle(path: &Path, lasts: Lasts) -> io::Result<()> {
    match path.parent() {
        Some(directory) if lasts == Lasts::PowerCut => File::open(directory)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn whole_private_and_alone() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("kept");
        assert!(make(&path, b"one").expect("made"));
        assert!(!make(&path, b"two").expect("there already"));
        assert_eq!(fs::read(&path).expect("read"), b"one");
        for lasts in [Lasts::PowerCut, Lasts::ThisRun] {
            replace(&path, b"three", lasts).expect("replaced");
            assert_eq!(fs::read(&path).expect("read"), b"three");
        }
        assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
        assert!(replace(&folder.path().join("missing/file"), b"", Lasts::ThisRun).is_err());
        // a directory cannot be exchanged for a file: what was begun is gone
        fs::create_dir_all(folder.path().join("taken/inside")).expect("directory");
        assert!(replace(&folder.path().join("taken"), b"", Lasts::ThisRun).is_err());
        assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 2);
    }
}
