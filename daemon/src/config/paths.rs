//! Where state and run-time files live: flags first, then what systemd says, then the usual places.

use std::{
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use nix::{
    fcntl::{AT_FDCWD, AtFlags},
    unistd::{AccessFlags, faccessat},
};

use super::Problems;
use crate::error::{Error, Kind, Result};

/// The daemon's directories, absolute.
#[derive(Clone, Debug)]
pub struct Paths {
    /// Database, secrets; survives restarts. 0700.
    pub state: PathBuf,
    /// Control socket, generated SFU configuration, locks; 0711, so that everybody may knock at the socket. Every other
    /// file in it is the daemon's alone.
    pub runtime: PathBuf,
}

impl Paths {
    /// Takes the flags, else `STATE_DIRECTORY` and `RUNTIME_DIRECTORY` (systemd.exec(5)), else `/var/lib/bedrud` and `/run/bedrud`.
    /// Makes the directories where they are missing.
    pub fn find(state: Option<PathBuf>, runtime: Option<PathBuf>) -> Result<Self> {
        let Self { state, runtime } = Self::named(state, runtime);
        Ok(Self { state: made(state, 0o700)?, runtime: made(runtime, 0o711)? })
    }

    /// The same without making anything.
    pub fn named(state: Option<PathBuf>, runtime: Option<PathBuf>) -> Self {
        let from_systemd = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let state =
            state.or_else(|| from_systemd("STATE_DIRECTORY")).unwrap_or_else(|| "/var/lib/bedrud".into());
        let runtime =
            runtime.or_else(|| from_systemd("RUNTIME_DIRECTORY")).unwrap_or_else(|| "/run/bedrud".into());
        Self { state, runtime }
    }

    /// What keeps the daemon's user from using them; nothing is made.
    pub fn check(&self, problems: &mut Problems) {
        for (key, path) in [("state-dir", &self.state), ("runtime-dir", &self.runtime)] {
            if let Err(e) = usable(path) {
                let s = format!(
                    "The directory {} cannot be used: {e}. Make it and give it to the daemon's user, or name another with --{key}.",
                    path.display()
                );
                problems.add("directory_unusable", key, s);
            }
        }
    }

    /// The control socket.
    pub fn control_socket(&self) -> PathBuf {
        self.runtime.join("control.sock")
    }
}

/// Whether files can be made in `directory`, or the directory itself where it is missing.
pub fn usable(directory: &Path) -> std::io::Result<()> {
    match std::fs::metadata(directory) {
        Ok(found) if !found.is_dir() => Err(ErrorKind::NotADirectory.into()),
        // faccessat(2) asks for the effective user, and knows file systems that are read-only
        Ok(_) => {
            Ok(faccessat(AT_FDCWD, directory, AccessFlags::W_OK | AccessFlags::X_OK, AtFlags::AT_EACCESS)?)
        }
        Err(e) if e.kind() == ErrorKind::NotFound => match directory.parent() {
            Some(parent) if parent != directory => {
                usable(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
            }
            _ => Err(e),
        },
        Err(e) => Err(e),
    }
}

fn made(path: PathBuf, mode: u32) -> Result<PathBuf> {
    let failed = |e: std::io::Error| {
        let s = format!(
            "The directory {} cannot be used: {e}. Make it and give it to the daemon's user, or name another with --state-dir and --runtime-dir.",
            path.display()
        );
        Error::new(Kind::Unavailable, "directory_unusable", s)
    };
    if !path.is_dir() {
        std::fs::DirBuilder::new().recursive(true).mode(mode).create(&path).map_err(failed)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).map_err(failed)?;
    }
    path.canonicalize().map_err(failed)
}
