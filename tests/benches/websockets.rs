//! Signalling WebSockets through TLS and the proxy, beside nginx: how much for a second of CPU, and how much later a
//! message comes than without anything in between.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use bedrud_tests::{free_port, tls};
use tokio::task::block_in_place;

use crate::{
    behind,
    beside::{Side, compare, per_cpu_second},
    figure::Figures,
    load::{everywhere, quantile},
    rivals,
    secured::{open, settings, to_and_fro},
    stand_in,
};

const FLOODING: usize = 4;
/// Of each of these, each way.
const BYTES: usize = 16 << 20;
/// A message of medium size: an update about a few people, a small description of a session.
const MESSAGE: usize = 1_000;
/// People who ask in peace.
const ASKING: usize = 8;
/// How often each of them asks on each way. The first few only warm up.
const ASKS: usize = 1_000;
const WARM_UP: usize = 50;
const PAUSE: Duration = Duration::from_millis(10);
/// A candidate, a ping.
const SMALL: usize = 150;

/// Everything of this part.
pub async fn measure() -> Result<Figures> {
    let pair = tls::pair("meet.example.org", 30);
    let sfu = behind::signalling()?;
    let server = stand_in::start(&pair, sfu.port(), free_port()).await?;
    let path = format!("/livekit/rtc?access_token={}", server.join_token().await);
    let (nginx, address) = rivals::nginx(&pair, sfu)?;
    let sides = [Side { name: "nginx", address, processes: nginx.processes()? }, server.side()];
    let mut figures = Figures::default();
    block_in_place(|| {
        let name = "WebSocket through TLS";
        per_cpu_second(&mut figures, name, "MB/CPU-s", &sides, |address| flood(address, &path))?;
        let ways = times(sfu, sides.each_ref().map(|side| side.address), &path)?;
        for (share, called) in [(0.5, "p50"), (0.99, "p99")] {
            let [direct, theirs, ours] = ways.each_ref().map(|times| 1000.0 * quantile(times, share));
            let (theirs, ours) = (theirs - direct, ours - direct);
            let name = format!("{name}, added latency {called}");
            compare(&mut figures, &name, "us", &sides, [theirs, ours], theirs / ours);
        }
        anyhow::Ok(())
    })?;
    Ok(figures)
}

/// Asks for a WebSocket on a fresh connection.
fn upgraded<S: Read + Write>(mut stream: S, path: &str) -> Result<S> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: bench\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let head = behind::head(&mut stream).context("no answer")?;
    ensure!(head.starts_with("HTTP/1.1 101 "), "no WebSocket: {head}");
    Ok(stream)
}

/// A binary message of `length` bytes, without a mask since it comes back as it is (RFC 6455, 5.2).
fn message(length: u16) -> Vec<u8> {
    let mut message = vec![0x82];
    match u8::try_from(length) {
        Ok(length) if length < 126 => message.push(length),
        _ => {
            message.push(126);
            message.extend(length.to_be_bytes());
        }
    }
    message.resize(message.len() + usize::from(length), 0x40);
    message
}

/// Megabytes there and back.
fn flood(address: SocketAddr, path: &str) -> Result<f64> {
    let message = message(MESSAGE as u16);
    everywhere(FLOODING, |_| {
        let mut stream = upgraded(open(address, Arc::new(settings()))?, path)?;
        to_and_fro(&mut stream, &message, BYTES)
    })?;
    Ok((2 * FLOODING * BYTES) as f64 / 1e6)
}

/// How long small messages are under way there and back, sorted: without anything in between, through the first of `sides`,
/// through the second. Everybody asks on each way in turn, since a machine is quicker in one second than in the next.
fn times(sfu: SocketAddr, sides: [SocketAddr; 2], path: &str) -> Result<[Vec<Duration>; 3]> {
    let each = everywhere(ASKING, |number| {
        let mut ways: [Box<dyn Stream>; 3] = [
            Box::new(upgraded(TcpStream::connect(sfu)?, path)?),
            Box::new(upgraded(open(sides[0], Arc::new(settings()))?, path)?),
            Box::new(upgraded(open(sides[1], Arc::new(settings()))?, path)?),
        ];
        // not all at the same moment
        thread::sleep(PAUSE * number as u32 / ASKING as u32);
        let mut asked = Vec::with_capacity(WARM_UP + ASKS);
        for turn in 0..WARM_UP + ASKS {
            let mut times = [Duration::ZERO; 3];
            for place in 0..3 {
                let way = (turn + place) % 3; // nobody always comes after the same one
                times[way] = ask(&mut *ways[way])?;
            }
            asked.push(times);
        }
        Ok(asked)
    })?;
    let asked: Vec<_> = each.iter().flat_map(|times| times.iter().skip(WARM_UP)).collect();
    Ok(std::array::from_fn(|way| {
        let mut times: Vec<_> = asked.iter().map(|times| times[way]).collect();
        times.sort();
        times
    }))
}

trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// After a pause, a small message there and back.
fn ask(stream: &mut dyn Stream) -> Result<Duration> {
    let message = message(SMALL as u16);
    let mut back = vec![0; message.len()];
    thread::sleep(PAUSE);
    let begun = Instant::now();
    stream.write_all(&message)?;
    stream.read_exact(&mut back)?;
    Ok(begun.elapsed())
}
