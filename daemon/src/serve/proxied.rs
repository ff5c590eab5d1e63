//! The PROXY protocol, version 2 (haproxy.org, proxy-protocol.txt): what a front end says of its client before the first
//! byte of the client's own. Listened to only where the peer is one of the trusted proxies.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use ppp::v2::{Addresses, Command, Header};
use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};

/// A front end says it at once.
const HEADER: Duration = Duration::from_secs(5);
/// Signature, version, family and length.
const FIXED_BYTES: usize = 16;
/// Addresses and extensions; front ends send far less.
const MOST_BYTES: usize = 2048;

/// Reads the header, no byte more, and gives back the client's address; `peer` where the front end speaks for itself.
pub(super) async fn client(stream: &mut TcpStream, peer: SocketAddr) -> io::Result<SocketAddr> {
    let reading = async {
        let mut header = vec![0; FIXED_BYTES];
        stream.read_exact(&mut header).await?;
        let length = announced(&header).ok_or(io::ErrorKind::InvalidData)?;
        header.resize(FIXED_BYTES + length, 0);
        let rest = header.get_mut(FIXED_BYTES..).unwrap_or_default();
        stream.read_exact(rest).await?;
        told(&header, peer).ok_or(io::ErrorKind::InvalidData.into())
    };
    timeout(HEADER, reading).await.unwrap_or(Err(io::ErrorKind::TimedOut.into()))
}

/// How many bytes follow the fixed part; `None` where this is no such header.
pub fn announced(fixed: &[u8]) -> Option<usize> {
    let signed = fixed.get(..ppp::v2::PROTOCOL_PREFIX.len()) == Some(ppp::v2::PROTOCOL_PREFIX);
    let length = fixed.get(14..16).and_then(|two| <[u8; 2]>::try_from(two).ok()).map(u16::from_be_bytes);
    length.map(usize::from).filter(|length| signed && *length <= MOST_BYTES)
}

/// Whom a whole header names.
pub fn told(header: &[u8], peer: SocketAddr) -> Option<SocketAddr> {
    let header = Header::try_from(header).ok()?;
    let client = |address: IpAddr, port| Some(SocketAddr::new(address.to_canonical(), port));
    match (header.command, header.addresses) {
        // a health check of its own
        (Command::Local, _) => Some(peer),
        (Command::Proxy, Addresses::IPv4(a)) => client(a.source_address.into(), a.source_port),
        (Command::Proxy, Addresses::IPv6(a)) => client(a.source_address.into(), a.source_port),
        (Command::Proxy, Addresses::Unspecified | Addresses::Unix(_)) => Some(peer),
    }
}
