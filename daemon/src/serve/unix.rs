//! Binds a Unix socket for local peers. A lock beside it tells a living owner from a stale file; the kernel drops it with the process.

use std::{
    fs::{File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use nix::fcntl::{Flock, FlockArg};
use tokio::net::UnixListener;

/// Keeps the socket ours; dropping it removes the file.
#[derive(Debug)]
pub struct SocketGuard {
    path: PathBuf,
    _lock: Flock<File>,
}

impl Drop for SocketGuard {
    fn drop(&mut self) {
        // a file that somebody removed before us is as gone as we want it
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Binds `path` with `mode`, replacing what a dead process left there.
/// [`io::ErrorKind::AddrInUse`] when a living process holds it.
pub fn bind(path: &Path, mode: u32) -> io::Result<(UnixListener, SocketGuard)> {
    let lock = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path.with_extension("lock"))
        .and_then(|file| Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, e)| taken(e)))?;
    // bound under another name until its mode is right, so that it is never open to more than `mode` says
    let fresh = path.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(&fresh)?;
    std::fs::set_permissions(&fresh, Permissions::from_mode(mode))?;
    std::fs::rename(&fresh, path)?;
    Ok((listener, SocketGuard { path: path.to_owned(), _lock: lock }))
}

fn taken(error: nix::Error) -> io::Error {
    match error {
        nix::Error::EWOULDBLOCK => io::ErrorKind::AddrInUse.into(),
        other => other.into(),
    }
}
