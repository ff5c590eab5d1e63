//! Our own connections to others: whose certificates they believe (authorities of this machine or of a file, one certificate,
//! any), and HTTP over them.

use std::{io, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{
    CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme, WantsVerifier,
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

/// Those of this machine, and those of `file`.
pub fn authorities_and(file: Option<&Path>) -> io::Result<RootCertStore> {
    let mut roots = authorities();
    if let Some(file) = file {
        roots.extend(authorities_of(file)?.roots);
    }
    Ok(roots)
}

/// The beginning of every TLS client of ours.
pub fn tls() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
}

/// TLS that believes these authorities.
pub fn trusting(roots: RootCertStore) -> Result<ClientConfig, Error> {
    Ok(tls()?.with_root_certificates(roots).with_no_client_auth())
}

/// HTTP over connections that are kept for a while, plain or over TLS.
pub type Transport = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Gives a connection up that is not there within `connecting`.
pub fn transport(tls: ClientConfig, connecting: Duration) -> Transport {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(connecting));
    tcp.enforce_http(false); // the connector around it takes https too
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(20)).build(connector)
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
