//! A crowd at the TLS port: ten thousand idle connections, a thousand that dawdle, and what the others notice of them.
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use bedrud_tests::{
    free_port,
    tls::{self, Believe},
};
use futures_util::{StreamExt, stream};
use rustls::ClientConfig;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{interval, sleep},
};
use tokio_rustls::client::TlsStream;

use crate::{
    figure::{Bar, Figures},
    load::quantile,
    process::resident_bytes,
    stand_in,
};

const IDLE: usize = 10_000;
const SLOW: usize = 1_000;
/// People who ask all the time, on connections of their own.
const ASKING: usize = 16;
const ASKS: usize = 100;
const REQUEST: &[u8] = b"GET /api/health HTTP/1.1\r\nhost: bench\r\n\r\n";

/// Memory of an idle TLS connection, and how long requests take beside the crowd.
pub async fn measure() -> Result<Figures> {
    let pair = tls::pair("meet.example.org", 30);
    let server = stand_in::start(&pair, free_port(), free_port()).await?;
    let mut figures = Figures::default();
    let before = resident_bytes(server.pid())?;
    let settings = tls::forgetful(tls::settings(&Believe::Anything));
    let opening = stream::iter(0..IDLE).map(|_| connect(server.address, &settings));
    let idle: Vec<_> = opening.buffer_unordered(64).collect::<Vec<_>>().await;
    let idle = idle.into_iter().collect::<Result<Vec<_>>>().context("idle connections")?;
    let each = (resident_bytes(server.pid())? - before) / 1e3 / idle.len() as f64;
    figures.add(format!("resident, each of {IDLE} idle TLS connections"), each, "kB", None, None);
    let mut slow = JoinSet::new();
    for number in 0..SLOW {
        slow.spawn(dawdle(server.address, settings.clone(), number));
    }
    sleep(Duration::from_secs(3)).await;
    let mut asking = JoinSet::new();
    for number in 0..ASKING {
        asking.spawn(ask(server.address, settings.clone(), number));
    }
    let mut times = Vec::new();
    while let Some(done) = asking.join_next().await {
        times.extend(done??);
    }
    times.sort();
    let name = format!("request beside {IDLE} idle and {SLOW} slow connections");
    figures.add(format!("{name}, p50"), quantile(&times, 0.5), "ms", None, None);
    figures.add(format!("{name}, p99"), quantile(&times, 0.99), "ms", Some(Bar::AtMost(100.0)), None);
    drop(idle);
    Ok(figures)
}

async fn connect(address: SocketAddr, settings: &ClientConfig) -> Result<TlsStream<TcpStream>> {
    Ok(tls::connect(address, "meet.example.org", settings.clone()).await?)
}

/// A request head of a byte a second, half a STUN header, or a handshake that is never finished; again when cut off.
async fn dawdle(address: SocketAddr, settings: ClientConfig, number: usize) {
    loop {
        // whatever ends it, the next try begins anew
        let _ = match number % 3 {
            0 => drip(address, &settings).await,
            1 => half(address, &settings).await,
            _ => never(address).await,
        };
        sleep(Duration::from_millis(200)).await;
    }
}

async fn drip(address: SocketAddr, settings: &ClientConfig) -> Result<()> {
    let mut stream = connect(address, settings).await?;
    for byte in REQUEST.iter().take(REQUEST.len() - 1) {
        stream.write_all(&[*byte]).await?;
        stream.flush().await?;
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn half(address: SocketAddr, settings: &ClientConfig) -> Result<()> {
    let mut stream = connect(address, settings).await?;
    stream.write_all(&[0, 3, 0, 8]).await?;
    stream.flush().await?;
    // until it is cut off
    stream.read_u8().await?;
    Ok(())
}

async fn never(address: SocketAddr) -> Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(&[0x16, 3, 1, 2, 0, 1]).await?;
    // until it is cut off
    stream.read_u8().await?;
    Ok(())
}

/// Asks ten times a second on one connection, and on a new one every tenth time.
async fn ask(address: SocketAddr, settings: ClientConfig, number: usize) -> Result<Vec<Duration>> {
    sleep(Duration::from_millis(number as u64 * 6)).await;
    let (mut stream, mut times) = (connect(address, &settings).await?, Vec::new());
    let mut pulse = interval(Duration::from_millis(100));
    let mut answer = [0; 4096];
    for turn in 0..ASKS {
        pulse.tick().await;
        let begun = Instant::now();
        if turn % 10 == 9 {
            stream = connect(address, &settings).await?;
        }
        stream.write_all(REQUEST).await?;
        stream.flush().await?;
        let read = stream.read(&mut answer).await?;
        anyhow::ensure!(answer.get(..read).unwrap_or_default().starts_with(b"HTTP/1.1 200"), "no 200");
        times.push(begun.elapsed());
    }
    Ok(times)
}
