//! Sockets that the service manager has opened for us (sd_listen_fds(3)): told apart by what they are and by their port.

use std::{net::TcpListener, os::unix::net::UnixListener};

use listenfd::ListenFd;

/// What was given and not taken yet.
#[derive(Default)]
pub(super) struct Given {
    control: Option<UnixListener>,
    tcp: Vec<TcpListener>,
}

impl Given {
    /// Takes every socket, which no child inherits from then on. Nothing where nothing was given.
    pub(super) fn take() -> Self {
        let mut given = Self::default();
        let mut sockets = ListenFd::from_env();
        for at in 0..sockets.len() {
            if let Ok(Some(control)) = sockets.take_unix_listener(at) {
                given.control = Some(control);
            } else {
                match sockets.take_tcp_listener(at) {
                    Ok(Some(listener)) => given.tcp.push(listener),
                    Ok(None) => {}
                    Err(e) => tracing::warn!("a socket of the service manager is of no use: {e}"),
                }
            }
        }
        given
    }

    /// The control socket.
    pub(super) fn control(&mut self) -> Option<UnixListener> {
        self.control.take()
    }

    /// Every TCP socket on this port: there may be one of each family, or one of each address.
    pub(super) fn tcp(&mut self, port: u16) -> Vec<TcpListener> {
        let bound = |one: &mut TcpListener| one.local_addr().is_ok_and(|address| address.port() == port);
        self.tcp.extract_if(.., bound).collect()
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        for unused in &self.tcp {
            if let Ok(address) = unused.local_addr() {
                tracing::warn!(%address, "the service manager gave a socket that no setting names; it is closed");
            }
        }
    }
}
