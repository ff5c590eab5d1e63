//! TLS beside haproxy: handshakes, and TURN through the TLS port.
use std::{
    io::{Read, Write},
    net::SocketAddr,
    sync::Arc,
};

use anyhow::{Result, ensure};
use bedrud_tests::tls;
use rustls::{ClientConfig, HandshakeKind, client::ClientSessionMemoryCache};
use tokio::task::block_in_place;

use crate::{
    behind,
    beside::{Side, per_cpu_second},
    figure::Figures,
    load::everywhere,
    rivals,
    secured::{open, settings, to_and_fro},
    stand_in,
};

const CLIENTS: usize = 8;
/// Of each client.
const HANDSHAKES: usize = 500;
const RELAYING: usize = 2;
/// Of each of these, each way.
const RELAYED_BYTES: usize = 32 << 20;
/// What a video packet is, with the frame of TURN around it (RFC 8656, 12.4).
const PACKET: usize = 1_200;

/// Everything of this part.
pub async fn measure() -> Result<Figures> {
    let pair = tls::pair("meet.example.org", 30);
    let turn = behind::turn()?;
    let server = stand_in::start(&pair, behind::signalling()?.port(), turn.port()).await?;
    let (haproxy, [speaks, passes]) = rivals::haproxy(&pair, turn)?;
    let processes = haproxy.processes()?;
    let theirs = |address| Side { name: "haproxy", address, processes: processes.clone() };
    let mut figures = Figures::default();
    block_in_place(|| {
        let sides = [theirs(speaks), server.side()];
        for (name, resumed) in [("TLS handshakes", false), ("TLS handshakes, resumed", true)] {
            let work = |address| handshakes(address, resumed);
            per_cpu_second(&mut figures, name, "handshakes/CPU-s", &sides, work)?;
        }
        per_cpu_second(&mut figures, "TURN through TLS", "MB/CPU-s", &[theirs(passes), server.side()], relay)
    })?;
    Ok(figures)
}

fn handshakes(address: SocketAddr, resumed: bool) -> Result<f64> {
    let kinds = everywhere(CLIENTS, |_| {
        let settings = if resumed {
            // room for one ticket more than is used at a time
            tls::remembering(settings(), Arc::new(ClientSessionMemoryCache::new(4)))
        } else {
            tls::forgetful(settings())
        };
        let settings = Arc::new(settings);
        (0..HANDSHAKES).map(|_| one(address, settings.clone())).collect::<Result<Vec<_>>>()
    })?;
    let again = kinds.iter().flatten().filter(|kind| **kind == HandshakeKind::Resumed).count();
    // the first of each client is whole in any case
    let wanted = if resumed { CLIENTS * (HANDSHAKES - 1) } else { 0 };
    ensure!(again == wanted, "{again} handshakes were resumed instead of {wanted}");
    Ok((CLIENTS * HANDSHAKES) as f64)
}

/// Shakes hands, says good-bye, and waits until the server has too, so its tickets are in.
fn one(address: SocketAddr, settings: Arc<ClientConfig>) -> Result<HandshakeKind> {
    let mut stream = open(address, settings)?;
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    let kind = stream.conn.handshake_kind();
    stream.conn.send_close_notify();
    stream.flush()?;
    // how it ends is the server's affair
    let _ = stream.read(&mut [0; 64]);
    kind.ok_or_else(|| anyhow::anyhow!("no handshake"))
}

/// Megabytes there and back.
fn relay(address: SocketAddr) -> Result<f64> {
    everywhere(RELAYING, |_| {
        let mut stream = open(address, Arc::new(settings()))?;
        // the beginning of an Allocate; the rest is like the packets of a call
        stream.write_all(&[0, 3, 0, 8, 0x21, 0x12, 0xA4, 0x42])?;
        stream.read_exact(&mut [0; 8])?;
        to_and_fro(&mut stream, &[0x40; PACKET], RELAYED_BYTES)
    })?;
    Ok((2 * RELAYING * RELAYED_BYTES) as f64 / 1e6)
}
