//! TLS to PostgreSQL through the process's one rustls: whom to believe, by libpq's `sslmode`.

use std::path::PathBuf;

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::believe::{self, Nameless};

/// Whom the connection believes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// No TLS.
    Off,
    /// TLS, with whoever answers: `sslmode=require` of libpq.
    Anybody,
    /// TLS, with whoever shows a certificate for this name from an authority of the file, or of this machine.
    Verified(Option<PathBuf>),
}

impl Trust {
    /// By libpq's name. Where nothing is said, a server elsewhere has to show who it is, and one on this machine need not
    /// encrypt: libpq would take an unencrypted connection to a foreign one without a word.
    pub(super) fn named(mode: Option<&str>, roots: Option<PathBuf>, is_near: bool) -> Result<Self, String> {
        match mode {
            Some("disable") => Ok(Self::Off),
            None | Some("allow" | "prefer") if is_near && roots.is_none() => Ok(Self::Off),
            Some("require") if roots.is_none() => Ok(Self::Anybody),
            None | Some("allow" | "prefer" | "require" | "verify-ca" | "verify-full") => {
                Ok(Self::Verified(roots))
            }
            Some(_) => {
                Err("sslmode of database.url is one of disable, prefer, require, verify-ca and verify-full."
                    .to_owned())
            }
        }
    }

    /// The connector; `None` without TLS.
    pub(super) fn connector(&self) -> Result<Option<MakeRustlsConnect>, String> {
        let builder = ClientConfig::builder();
        let config = match self {
            Self::Off => return Ok(None),
            Self::Anybody => builder
                .dangerous()
                .with_custom_certificate_verifier(Nameless::anybody())
                .with_no_client_auth(),
            Self::Verified(file) => {
                builder.with_root_certificates(roots(file.as_ref())?).with_no_client_auth()
            }
        };
        Ok(Some(MakeRustlsConnect::new(config)))
    }
}

fn roots(file: Option<&PathBuf>) -> Result<RootCertStore, String> {
    let Some(file) = file else { return Ok(believe::authorities()) };
    believe::authorities_of(file).map_err(|e| format!("sslrootcert {} cannot be used: {e}.", file.display()))
}
