//! HTTP to the SFU: plain on loopback, TLS to one elsewhere. Knows no methods.

use std::time::Duration;

use rustls::RootCertStore;

pub(crate) use crate::believe::Transport;
use crate::{
    believe::{self, Nameless},
    error::{Error, Result},
};

/// How much is verified of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Plain HTTP, as on this machine; no certificates are read.
    Plain,
    /// The certificates that this machine trusts.
    System,
    /// Any certificate (`livekit.skipTLSVerify`).
    Anything,
}

pub(crate) fn transport(trust: Trust) -> Result<Transport> {
    let builder = believe::tls().map_err(Error::internal)?;
    let tls = match trust {
        Trust::Anything => {
            builder.dangerous().with_custom_certificate_verifier(Nameless::anybody()).with_no_client_auth()
        }
        Trust::System => builder.with_root_certificates(believe::authorities()).with_no_client_auth(),
        Trust::Plain => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
    };
    Ok(believe::transport(tls, Duration::from_secs(3)))
}
