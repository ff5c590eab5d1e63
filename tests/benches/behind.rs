//! What stands behind the servers that are measured: an SFU that says everything back. Its CPU time is nobody's.
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use anyhow::{Context, Result};

/// Says every byte back, as the SFU's TURN port would pass it on.
pub fn turn() -> Result<SocketAddr> {
    listen(|mut stream| echo(&mut stream))
}

/// Says every byte back after a request for a WebSocket; every other request is answered by an empty message.
pub fn signalling() -> Result<SocketAddr> {
    listen(|mut stream| {
        while let Some(head) = head(&mut stream) {
            let head = head.to_ascii_lowercase();
            if head.contains("upgrade: websocket") {
                let answer =
                    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
                if stream.write_all(answer).is_ok() {
                    echo(&mut stream);
                }
                return;
            }
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let mut body = vec![0; length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)];
            let answer =
                b"HTTP/1.1 200 OK\r\ncontent-type: application/protobuf\r\ncontent-length: 0\r\n\r\n";
            if stream.read_exact(&mut body).is_err() || stream.write_all(answer).is_err() {
                return;
            }
        }
    })
}

fn listen(serve: impl Fn(TcpStream) + Copy + Send + 'static) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr().context("an address")?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // a socket without this only answers later
            let _ = stream.set_nodelay(true);
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn echo(stream: &mut TcpStream) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        if stream.write_all(buffer.get(..read).unwrap_or_default()).is_err() {
            return;
        }
    }
}

/// Up to the empty line, byte by byte: what follows is somebody else's.
pub fn head(stream: &mut impl Read) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}
