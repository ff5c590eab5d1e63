//! The load generator: HTTP/1.1 with keep-alive over plain sockets, one thread a connection, nothing between them.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail};

/// Connections at once.
pub const CONNECTIONS: usize = 16;

/// Sends `count` requests as fast as answers come, connection `n` sending `requests[n % len]` again and again.
pub fn flood(address: SocketAddr, requests: &[Vec<u8>], count: usize) -> Result<()> {
    let each = count.div_ceil(CONNECTIONS);
    everywhere(CONNECTIONS, |number| {
        let mut connection = Connection::open(address)?;
        let request = pick(requests, number)?;
        (0..each).try_for_each(|_| connection.ask(request))
    })
    .map(drop)
}

/// Sends `per_second` requests evenly for `duration`; gives back the time of each from the moment it was due, sorted.
///
/// Counting from when a request was due, and not from when its connection was free, keeps a stall of the server from
/// hiding the requests that would have come meanwhile.
pub fn pace(
    address: SocketAddr,
    requests: &[Vec<u8>],
    per_second: f64,
    duration: Duration,
) -> Result<Vec<Duration>> {
    let begin = Instant::now() + Duration::from_millis(50);
    let times = everywhere(CONNECTIONS, |number| {
        let mut connection = Connection::open(address)?;
        let request = pick(requests, number)?;
        let mut times = Vec::new();
        for turn in 0.. {
            let offset = (turn * CONNECTIONS + number) as f64 / per_second;
            if offset > duration.as_secs_f64() {
                break;
            }
            let due = begin + Duration::from_secs_f64(offset);
            thread::sleep(due.saturating_duration_since(Instant::now()));
            connection.ask(request)?;
            times.push(due.elapsed());
        }
        Ok(times)
    })?;
    let mut times: Vec<_> = times.into_iter().flatten().collect();
    times.sort();
    Ok(times)
}

/// One request on a connection of its own.
pub fn once(address: SocketAddr, request: &[u8]) -> Result<()> {
    Connection::open(address)?.ask(request)
}

/// The time that `share` (0 to 1) of the sorted `times` do not exceed, in milliseconds.
pub fn quantile(times: &[Duration], share: f64) -> f64 {
    let at = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len().max(1)) - 1;
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}

/// Runs `work` in `count` threads; the first failure is the answer.
pub fn everywhere<T: Send>(count: usize, work: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..count).map(|number| scope.spawn(move || work(number))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| anyhow!("a load thread panicked"))?)
            .collect()
    })
}

fn pick(requests: &[Vec<u8>], number: usize) -> Result<&[u8]> {
    requests.get(number % requests.len().max(1)).map(Vec::as_slice).context("nothing to send")
}

/// A connection that requests are sent on, one after the other.
pub struct Connection<S> {
    stream: S,
    buffer: Vec<u8>,
}

impl Connection<TcpStream> {
    fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self::over(stream))
    }
}

impl<S: Read + Write> Connection<S> {
    /// HTTP over this.
    pub fn over(stream: S) -> Self {
        Self { stream, buffer: vec![0; 256 << 10] }
    }

    /// Sends one request and reads its answer whole; anything but 200 is a failure.
    pub fn ask(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request)?;
        let mut filled = 0;
        let head = loop {
            let room =
                self.buffer.get_mut(filled..).filter(|room| !room.is_empty()).context("a long head")?;
            let read = self.stream.read(room)?;
            filled += read;
            let text = self.buffer.get(..filled).unwrap_or_default();
            if let Some(end) = text.windows(4).position(|part| part == b"\r\n\r\n") {
                break end + 4;
            }
            if read == 0 {
                bail!("the server closed the connection");
            }
        };
        let text = String::from_utf8_lossy(self.buffer.get(..head).unwrap_or_default()).into_owned();
        if !text.starts_with("HTTP/1.1 200 ") {
            let told = String::from_utf8_lossy(self.buffer.get(..filled).unwrap_or_default()).into_owned();
            bail!("an answer that is not 200: {told}");
        }
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let mut left = (head + length.context("an answer without a length")?).saturating_sub(filled);
        while left > 0 {
            let read = self.stream.read(&mut self.buffer)?;
            if read == 0 {
                bail!("the server closed the connection within an answer");
            }
            left = left.saturating_sub(read);
        }
        Ok(())
    }
}
