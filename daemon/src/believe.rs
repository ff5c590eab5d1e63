//! Whose certificates our own connections to others believe: authorities of this machine or of a file, one certificate, any.

use std::{io, path::Path, sync::Arc};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};

/// The authorities that this machine trusts. Reads files.
pub fn authorities() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Those of a PEM file; a file without one is an error.
pub fn authorities_of(file: &Path) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(io::Error::other)? {
        roots.add(certificate.map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    if roots.is_empty() { Err(io::Error::other("no certificate is in it")) } else { Ok(roots) }
}

/// Believes every certificate whatever its name, or exactly one; still checks that the other side holds its key.
#[derive(Debug)]
pub struct Nameless {
    only: Option<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Nameless {
    /// Whoever answers.
    pub fn anybody() -> Arc<Self> {
        Arc::new(Self { only: None, provider: Arc::new(aws_lc_rs::default_provider()) })
    }

    /// Whoever has this certificate and its key.
    pub fn only(certificate: CertificateDer<'static>) -> Arc<Self> {
        Arc::new(Self { only: Some(certificate), provider: Arc::new(aws_lc_rs::default_provider()) })
    }
}

impl ServerCertVerifier for Nameless {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.only.as_ref().is_none_or(|only| only == shown) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
