//! TLS as a test wants it: any version, any ALPN, any trust; and certificate files for servers.
use std::{net::SocketAddr, sync::Arc};

use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, SupportedProtocolVersion,
    client::{
        ClientSessionStore,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// What a client believes.
pub enum Believe {
    /// Every certificate.
    Anything,
    /// This one, PEM, as an authority or as itself.
    Pem(String),
}

/// What rustls is told, both TLS versions and no ALPN; change what the test is about.
pub fn settings(believe: &Believe) -> ClientConfig {
    settings_of(believe, rustls::ALL_VERSIONS)
}

/// The same for these versions.
pub fn settings_of(believe: &Believe, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
    settings_with(aws_lc_rs::default_provider(), believe, versions)
}

/// The same with suites and key exchanges of the test's choice.
pub fn settings_with(
    provider: CryptoProvider,
    believe: &Believe,
    versions: &[&'static SupportedProtocolVersion],
) -> ClientConfig {
    let provider = Arc::new(provider);
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions)
        .expect("versions");
    match believe {
        Believe::Anything => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Believer(provider)))
            .with_no_client_auth(),
        Believe::Pem(pem) => {
            let mut roots = RootCertStore::empty();
            for one in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                roots.add(one.expect("PEM")).expect("a certificate");
            }
            builder.with_root_certificates(roots).with_no_client_auth()
        }
    }
}

/// Connects and shakes hands; `name` is what the certificate is checked for, and the SNI where it is no address.
pub async fn connect(
    address: SocketAddr,
    name: &str,
    settings: ClientConfig,
) -> std::io::Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(address).await?;
    tcp.set_nodelay(true)?;
    over(tcp, name, settings).await
}

/// Shakes hands over a connection that is there.
pub async fn over(
    tcp: TcpStream,
    name: &str,
    settings: ClientConfig,
) -> std::io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    TlsConnector::from(Arc::new(settings)).connect(name, tcp).await
}

/// Connects to whoever it is, without ALPN and without SNI, as some TURN clients do.
pub async fn anyone(address: SocketAddr) -> TlsStream<TcpStream> {
    connect(address, "127.0.0.1", settings(&Believe::Anything)).await.expect("a handshake")
}

/// `GET path` on this connection by HTTP/1.1 or HTTP/2, as ALPN says; status and body.
pub async fn get(stream: TlsStream<TcpStream>, path: &str) -> anyhow::Result<(u16, String)> {
    let is_two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let request = Request::get(format!("https://localhost{path}")).header("host", "localhost");
    let request = request.body(Empty::<bytes::Bytes>::new())?;
    let answer = if is_two {
        let io = TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        sender.send_request(request).await?
    };
    let (parts, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok((parts.status.as_u16(), String::from_utf8_lossy(&body).into_owned()))
}

/// The server's own certificate, DER.
pub fn shown(stream: &TlsStream<TcpStream>) -> Vec<u8> {
    stream.get_ref().1.peer_certificates().and_then(<[_]>::first).expect("a certificate").to_vec()
}

/// A certificate and its key, PEM, valid for `days` from now; fewer than none: expired.
pub fn pair(name: &str, days: i64) -> (String, String) {
    let mut wanted = CertificateParams::new(vec![name.to_owned(), "127.0.0.1".to_owned()]).expect("names");
    let (now, span) = (std::time::SystemTime::now(), std::time::Duration::from_secs(86_400));
    wanted.not_before = (now - span * 60).into();
    let length = span * u32::try_from(days.abs()).expect("days");
    wanted.not_after = if days < 0 { now - length } else { now + length }.into();
    let key = KeyPair::generate().expect("a key");
    let made = wanted.self_signed(&key).expect("a certificate");
    (made.pem(), key.serialize_pem())
}

/// Remembers no session, for handshakes that shall be whole.
pub fn forgetful(mut settings: ClientConfig) -> ClientConfig {
    settings.resumption = rustls::client::Resumption::disabled();
    settings
}

/// Resumes by this memory of sessions.
pub fn remembering(mut settings: ClientConfig, memory: Arc<dyn ClientSessionStore>) -> ClientConfig {
    settings.resumption = rustls::client::Resumption::store(memory);
    settings
}

/// Believes every certificate, but still checks that the other side holds its key.
#[derive(Debug)]
struct Believer(Arc<CryptoProvider>);

impl ServerCertVerifier for Believer {
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
