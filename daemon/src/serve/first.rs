//! What a connection speaks, told by its first bytes: eight at most decide between TURN and HTTP. Bytes that were
//! looked at are given back to whoever goes on reading.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    time::timeout,
};

/// Browsers open connections ahead of time and then say nothing; those wait here.
const SILENCE: Duration = Duration::from_secs(60);
/// Whoever has begun to speak says the rest at once.
const REST: Duration = Duration::from_secs(10);
/// Saying good-bye.
const FAREWELL: Duration = Duration::from_secs(2);
/// As many as ever decide.
const MOST: usize = 8;
/// The magic cookie at bytes 4 to 8 of every STUN message (RFC 8489, 5).
const COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// A protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// STUN, which over TCP means TURN.
    Turn,
    /// HTTP/1.
    Http1,
    /// HTTP/2 with its preface (RFC 9113, 3.4).
    Http2,
    /// A TLS handshake.
    Tls,
    /// None of these.
    Other,
}

impl First {
    /// Decides, or wants more bytes. Eight are always enough.
    pub fn decide(bytes: &[u8]) -> Option<Self> {
        let first = *bytes.first()?;
        match first {
            0x16 => Some(Self::Tls), // the handshake record (RFC 8446, 5.1)
            // an empty line before a request is ignored (RFC 9112, 2.2)
            b'\r' | b'\n' => Some(Self::Http1),
            // two zero bits (RFC 8489, 5)
            0..=0x3F => stun(bytes),
            b'P' => preface(bytes),
            b'A'..=b'Z' | b'a'..=b'z' => Some(Self::Http1),
            _ => Some(Self::Other),
        }
    }
}

fn stun(bytes: &[u8]) -> Option<First> {
    let cookie = bytes.get(4..bytes.len().min(MOST)).unwrap_or_default();
    if !COOKIE.starts_with(cookie) {
        return Some(First::Other);
    }
    (bytes.len() >= MOST).then_some(First::Turn)
}

fn preface(bytes: &[u8]) -> Option<First> {
    const PREFACE: &[u8; 4] = b"PRI ";
    let seen = bytes.get(..bytes.len().min(PREFACE.len())).unwrap_or_default();
    match (PREFACE.starts_with(seen), seen.len() == PREFACE.len()) {
        (false, _) => Some(First::Http1),
        (true, true) => Some(First::Http2),
        (true, false) => None,
    }
}

/// A stream whose first bytes were looked at and will be read again.
pub(super) struct Begun<S, K> {
    head: [u8; MOST],
    given: usize,
    filled: usize,
    inner: S,
    _kept: K,
}

impl<S: AsyncRead + AsyncWrite + Unpin, K> Begun<S, K> {
    /// Looks at the beginning. `None`: it ended or was silent before anything could be told, and is closed. `kept` (its
    /// seat) is dropped with the stream, also when an upgrade takes that elsewhere.
    pub(super) async fn look(mut inner: S, kept: K) -> io::Result<Option<(First, Self)>> {
        let (mut head, mut filled) = ([0; MOST], 0);
        loop {
            let patience = if filled == 0 { SILENCE } else { REST };
            let free = head.get_mut(filled..).unwrap_or_default();
            let Ok(read) = timeout(patience, inner.read(free)).await else {
                farewell(inner).await;
                return Ok(None);
            };
            match read? {
                0 => return Ok(None),
                more => filled += more,
            }
            if let Some(first) = First::decide(head.get(..filled).unwrap_or_default()) {
                return Ok(Some((first, Self { head, given: 0, filled, inner, _kept: kept })));
            }
        }
    }
}

/// Closes without a reset, so that what was written last arrives: says the end, then reads until the other side does.
pub(super) async fn farewell(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let closing = async {
        stream.shutdown().await?;
        // not in the future itself, which every connection holds room for while it only waits
        let mut rest = vec![0; 2048];
        while stream.read(&mut rest).await? > 0 {}
        io::Result::Ok(())
    };
    // a peer that is gone already, or does not go, needs no good-bye
    let _ = timeout(FAREWELL, closing).await;
}

impl<S: AsyncRead + Unpin, K: Unpin> AsyncRead for Begun<S, K> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.given == self.filled {
            return Pin::new(&mut self.inner).poll_read(context, buffer);
        }
        let end = self.filled.min(self.given + buffer.remaining());
        buffer.put_slice(self.head.get(self.given..end).unwrap_or_default());
        self.given = end;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin, K: Unpin> AsyncWrite for Begun<S, K> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }
    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_decide_and_fewer_when_they_can() {
        let allocate = [0, 3, 0, 8, 0x21, 0x12, 0xA4, 0x42];
        assert_eq!(First::decide(&allocate), Some(First::Turn));
        for length in 0..8 {
            assert_eq!(First::decide(&allocate[..length]), None, "{length}");
        }
        assert_eq!(First::decide(&[0, 3, 0, 8, 0x21, 0x13]), Some(First::Other));
        assert_eq!(First::decide(b"PRI * HT"), Some(First::Http2));
        assert_eq!(First::decide(b"PR"), None);
        for (bytes, first) in [
            (&b"G"[..], First::Http1),
            (b"POST", First::Http1),
            (b"\r\nGET", First::Http1),
            (&[0x16, 3, 1], First::Tls),
            (&[0x80, 0], First::Other),
            (&[0x40, 0], First::Other),
        ] {
            assert_eq!(First::decide(bytes), Some(first), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn what_was_looked_at_is_read_again() {
        let heard = |bytes: &'static [u8]| tokio::io::join(bytes, tokio::io::sink());
        let begun = Begun::look(heard(b"PRI * HTTP/2.0\r\n"), ()).await;
        let (_, mut begun) = begun.expect("read").expect("told");
        let mut all = String::new();
        begun.read_to_string(&mut all).await.expect("read");
        assert_eq!(all, "PRI * HTTP/2.0\r\n");
        assert!(Begun::look(heard(b"PR"), ()).await.expect("read").is_none());
    }
}
