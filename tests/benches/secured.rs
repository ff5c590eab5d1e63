//! A TLS connection of the load generator: blocking, one suite and one key exchange, so that every server does the same work.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use anyhow::Result;
use bedrud_tests::tls::{self, Believe};
use rustls::{
    ClientConfig, ClientConnection, StreamOwned,
    crypto::aws_lc_rs::{self, cipher_suite::TLS13_AES_128_GCM_SHA256, kx_group::X25519},
    pki_types::ServerName,
    version::TLS13,
};

/// Packets on their way at once.
const WINDOW: usize = 8;

/// An open one.
pub type Secured = StreamOwned<ClientConnection, TcpStream>;

/// TLS 1.3 with the suite that browsers prefer, and a key exchange that Debian's OpenSSL knows too: not the hybrid one.
pub fn settings() -> ClientConfig {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![X25519];
    provider.cipher_suites = vec![TLS13_AES_128_GCM_SHA256];
    tls::settings_with(provider, &Believe::Anything, &[&TLS13])
}

/// Connects; the handshake comes with the first byte.
pub fn open(address: SocketAddr, settings: Arc<ClientConfig>) -> Result<Secured> {
    let tcp = TcpStream::connect(address)?;
    tcp.set_nodelay(true)?;
    tcp.set_read_timeout(Some(Duration::from_secs(30)))?;
    let name = ServerName::try_from("meet.example.org")?;
    Ok(StreamOwned::new(ClientConnection::new(settings, name)?, tcp))
}

/// Sends `packet` to somebody who says everything back, until about `bytes` have gone each way.
pub fn to_and_fro(stream: &mut (impl Read + Write), packet: &[u8], bytes: usize) -> Result<()> {
    let mut back = vec![0; packet.len() * WINDOW];
    for _ in 0..bytes / back.len() {
        (0..WINDOW).try_for_each(|_| stream.write_all(packet))?;
        stream.read_exact(&mut back)?;
    }
    Ok(())
}
