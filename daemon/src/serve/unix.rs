//! Binds a Unix socket for local peers. A lock beside it tells a living owner from a stale file; the kernel drops it with the process.

use std::{
    fs::{File, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::fcntl::{Flock, FlockArg};
use tokio::net::UnixListener;

/// Half a second in all.
const AGAIN: u32 = 25;
const PAUSE: Duration = Duration::from_millis(20);

/// Keeps the socket ours; dropping it removes the file, unless it is the service manager's.
#[derive(Debug)]
pub struct SocketGuard {
    path: Option<PathBuf>,
    _lock: Flock<File>,
}

impl Drop for SocketGuard {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // a file that somebody removed before us is as gone as we want it
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Binds `path` with `mode`, replacing what a dead process left there.
/// [`io::ErrorKind::AddrInUse`] when a living process holds it.
pub fn bind(path: &Path, mode: u32) -> io::Result<(UnixListener, SocketGuard)> {
    let lock = lock(path)?;
    // bound under another name until its mode is right, so that it is never open to more than `mode` says
    let fresh = path.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(&fresh)?;
    std::fs::set_permissions(&fresh, Permissions::from_mode(mode))?;
    std::fs::rename(&fresh, path)?;
    Ok((listener, SocketGuard { path: Some(path.to_owned()), _lock: lock }))
}

/// Takes a socket that the service manager has bound; `path` is where one of ours would be. Fails as [`bind`] does.
pub fn adopt(
    listener: std::os::unix::net::UnixListener,
    path: &Path,
) -> io::Result<(UnixListener, SocketGuard)> {
    let lock = lock(path)?;
    listener.set_nonblocking(true)?;
    Ok((UnixListener::from_std(listener)?, SocketGuard { path: None, _lock: lock }))
}

/// A process that was killed holds its lock until the last of its threads has ended, so one that is held is asked for again.
fn lock(path: &Path) -> io::Result<Flock<File>> {
    let file = File::options().write(true).create(true).truncate(false).open(path.with_extension("lock"))?;
    let mut tried = Flock::lock(file, FlockArg::LockExclusiveNonblock);
    for _ in 0..AGAIN {
        match tried {
            Err((file, nix::Error::EWOULDBLOCK)) => {
                std::thread::sleep(PAUSE);
                tried = Flock::lock(file, FlockArg::LockExclusiveNonblock);
            }
            done => return done.map_err(|(_, e)| taken(e)),
        }
    }
    tried.map_err(|(_, e)| taken(e))
}

fn taken(error: nix::Error) -> io::Error {
    match error {
        nix::Error::EWOULDBLOCK => io::ErrorKind::AddrInUse.into(),
        other => other.into(),
    }
}
