//! Secrets in files of the state directory, 0600, made once. Blocking: for start-up and the blocking threads.

use std::{fs, io::ErrorKind, path::Path};

pub(super) use crate::store::fresh_secret as fresh;
use crate::{
    error::{Error, Kind, Result},
    files,
};

/// What the file at `path` holds; a fresh secret is put there when it is missing.
pub(super) fn kept(path: &Path) -> Result<String> {
    made_or_read(path).map_err(|e| {
        let s =
            format!("The secret in {} cannot be used: {e}. The daemon's user must own it.", path.display());
        Error::new(Kind::Unavailable, "secret_unusable", s)
    })
}

/// Removes a secret that has served. One that stays opens nothing any more, so that is only worth a warning.
pub(super) fn removed(path: &Path) {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            tracing::warn!("{} cannot be removed: {e}", path.display());
        }
        _ => {}
    }
}

/// Two daemons may start at once: whoever is second reads what the first made.
fn made_or_read(path: &Path) -> std::io::Result<String> {
    if !path.exists() {
        files::make(path, format!("{}\n", fresh()).as_bytes())?;
    }
    let text = fs::read_to_string(path)?.trim().to_owned();
    match text.len() {
        32.. => Ok(text),
        _ => Err(std::io::Error::new(ErrorKind::InvalidData, "it is shorter than a secret of ours")),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_private_and_stays() {
        let folder = tempfile::tempdir().expect("directory");
        let path = folder.path().join("secrets");
        let first = kept(&path).expect("made");
        assert_eq!(first, kept(&path).expect("read"));
        assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1);
        fs::write(&path, "short").expect("written");
        assert_eq!(kept(&path).expect_err("refused").code, "secret_unusable");
    }
}
