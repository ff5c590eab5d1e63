//! TLS to PostgreSQL through the process's one rustls: whom to believe, by libpq's `sslmode`.

use std::{path::PathBuf, sync::Arc};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

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
            Self::Anybody => {
                let provider = builder.crypto_provider().clone();
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
                    .with_no_client_auth()
            }
            Self::Verified(file) => {
                builder.with_root_certificates(roots(file.as_ref())?).with_no_client_auth()
            }
        };
        Ok(Some(MakeRustlsConnect::new(config)))
    }
}

fn roots(file: Option<&PathBuf>) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    let Some(file) = file else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(store);
    };
    let broken = |e: String| format!("sslrootcert {} cannot be used: {e}.", file.display());
    for certificate in CertificateDer::pem_file_iter(file).map_err(|e| broken(e.to_string()))? {
        let certificate = certificate.map_err(|e| broken(e.to_string()))?;
        store.add(certificate).map_err(|e| broken(e.to_string()))?;
    }
    if store.is_empty() { Err(broken("no certificate is in it".to_owned())) } else { Ok(store) }
}

/// Believes every certificate, but not a forged handshake.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
