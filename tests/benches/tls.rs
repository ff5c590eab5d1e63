//! TLS beside haproxy, same pair, same client, same run: handshakes per CPU-second, and TURN through the TLS port.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use anyhow::{Context, Result};
use bedrud_tests::tls::{self, Believe};
use rustls::{
    ClientConfig, ClientConnection, StreamOwned, client::ClientSessionMemoryCache, crypto::aws_lc_rs,
    pki_types::ServerName, version::TLS13,
};
use tokio::task::block_in_place;

use crate::{
    figure::{Bar, Figures},
    haproxy::Haproxy,
    load::everywhere,
    process::cpu_seconds,
    stand_in,
};

const CLIENTS: usize = 8;
const HANDSHAKES: usize = 4_000;
/// Of each client, each way.
const RELAYED_BYTES: usize = 48 << 20;
/// What a video packet is, with the frame of TURN around it (RFC 8656, 12.4).
const PACKET: usize = 1_200;
/// Ours has to reach this share of theirs.
const SHARE: f64 = 0.9;

/// Everything of this part.
pub async fn measure() -> Result<Figures> {
    let pair = tls::pair("meet.example.org", 30);
    let echo = echo()?;
    let server = stand_in::start(&pair, echo.port()).await?;
    let haproxy = Haproxy::start(&pair, echo)?;
    let mut figures = Figures::default();
    block_in_place(|| {
        let sides = [("haproxy", haproxy.address, haproxy.pid()), ("bedrud", server.address, server.pid())];
        for (name, resumed) in [("TLS handshakes", false), ("TLS handshakes, resumed", true)] {
            beside(&mut figures, name, "handshakes/CPU-s", sides, |address, pid| {
                handshakes(address, pid, resumed)
            })?;
        }
        beside(&mut figures, "TURN through TLS", "MB/CPU-s", sides, relay)
    })?;
    Ok(figures)
}

/// Measures theirs, then ours with theirs as the bar.
fn beside(
    figures: &mut Figures,
    name: &str,
    unit: &'static str,
    sides: [(&str, SocketAddr, u32); 2],
    work: impl Fn(SocketAddr, u32) -> Result<f64>,
) -> Result<()> {
    let mut bar = None;
    for (who, address, pid) in sides {
        let value = work(address, pid).with_context(|| format!("{name}, {who}"))?;
        figures.add(format!("{name}, {who}"), value, unit, bar, None);
        bar = Some(Bar::AtLeast(value * SHARE));
    }
    Ok(())
}

/// The same key exchange for both: haproxy's library does not know the hybrid one.
fn settings() -> ClientConfig {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519];
    tls::settings_with(provider, &Believe::Anything, &[&TLS13])
}

fn handshakes(address: SocketAddr, pid: u32, resumed: bool) -> Result<f64> {
    let each = HANDSHAKES / CLIENTS;
    let work = |count: usize| {
        everywhere(CLIENTS, |_| {
            let settings = if resumed {
                // room for one ticket more than is used at a time
                tls::remembering(settings(), Arc::new(ClientSessionMemoryCache::new(4)))
            } else {
                tls::forgetful(settings())
            };
            let settings = Arc::new(settings);
            (0..count).try_for_each(|_| one(address, settings.clone()))
        })
    };
    work(20)?; // warm, and the first ones are whole in any case
    let before = cpu_seconds(pid)?;
    work(each)?;
    Ok(HANDSHAKES as f64 / (cpu_seconds(pid)? - before))
}

/// Shakes hands, says good-bye, and waits until the server has too, so its tickets are in.
fn one(address: SocketAddr, settings: Arc<ClientConfig>) -> Result<()> {
    let mut stream = open(address, settings)?;
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    stream.conn.send_close_notify();
    stream.flush()?;
    // haproxy passes the end on and closes with a reset now and then
    let _ = stream.read(&mut [0; 64]);
    Ok(())
}

fn open(
    address: SocketAddr,
    settings: Arc<ClientConfig>,
) -> Result<StreamOwned<ClientConnection, TcpStream>> {
    let tcp = TcpStream::connect(address)?;
    tcp.set_nodelay(true)?;
    let name = ServerName::try_from("meet.example.org")?;
    Ok(StreamOwned::new(ClientConnection::new(settings, name)?, tcp))
}

/// Megabytes there and back per CPU-second.
fn relay(address: SocketAddr, pid: u32) -> Result<f64> {
    let before = cpu_seconds(pid)?;
    everywhere(2, |_| {
        let mut stream = open(address, Arc::new(settings()))?;
        // the beginning of an Allocate; the rest is like the packets of a call
        stream.write_all(&[0, 3, 0, 8, 0x21, 0x12, 0xA4, 0x42])?;
        stream.read_exact(&mut [0; 8])?;
        let (packet, mut back) = (vec![0x40; PACKET * 8], vec![0; PACKET * 8]);
        for _ in 0..RELAYED_BYTES / packet.len() {
            for part in packet.chunks(PACKET) {
                stream.write_all(part)?;
            }
            stream.read_exact(&mut back)?;
        }
        Ok(())
    })?;
    Ok((2 * 2 * RELAYED_BYTES) as f64 / 1e6 / (cpu_seconds(pid)? - before))
}

/// Says everything back, as the SFU's TURN port would pass it on; its CPU time is nobody's.
fn echo() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut buffer = vec![0; 64 << 10];
                let mut stream = stream;
                let _ = stream.set_nodelay(true);
                while let Ok(read @ 1..) = stream.read(&mut buffer) {
                    if stream.write_all(buffer.get(..read).unwrap_or_default()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(address)
}
