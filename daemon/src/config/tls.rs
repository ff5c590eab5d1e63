//! The `tls` section.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How the listener speaks TLS.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Tls {
    /// The mode; see [`TlsMode`].
    pub mode: TlsMode,
    /// Mode `files`: the chain as PEM, its own certificate first. Read again when it changes.
    pub cert_file: Option<PathBuf>,
    /// Mode `files`: its key as PEM.
    pub key_file: Option<PathBuf>,
    /// Mode `acme`: where the authority writes to when something is wrong with the certificate.
    pub email: Option<String>,
    /// Mode `acme`: the URL of the authority's directory (RFC 8555, 7.1.1).
    pub acme_directory: String,
    /// Mode `acme`: PEM of whom to believe that it is the authority, beside those this machine trusts.
    pub acme_root_file: Option<PathBuf>,
    /// Mode `acme`: the authority's name of an account of theirs that ours is bound to (RFC 8555, 7.3.4).
    pub eab_key_id: Option<String>,
    /// Mode `acme`: file with the key of that account, base64url.
    pub eab_key_file: Option<PathBuf>,
}

impl Default for Tls {
    fn default() -> Self {
        Self {
            mode: TlsMode::default(),
            cert_file: None,
            key_file: None,
            email: None,
            acme_directory: rustls_acme::acme::LETS_ENCRYPT_PRODUCTION_DIRECTORY.to_owned(),
            acme_root_file: None,
            eab_key_id: None,
            eab_key_file: None,
        }
    }
}

/// The ways to speak TLS, a closed set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsMode {
    /// Ordered and renewed at an ACME server, for `server.domain`.
    Acme,
    /// A certificate made here, which people have to be told to trust.
    #[default]
    SelfSigned,
    /// A pair of files of the operator's.
    Files,
    /// Plain HTTP: on loopback, or behind a proxy that ends TLS.
    Off,
}
