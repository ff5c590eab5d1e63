//! Bytes both ways between two sockets. While nobody says anything a pair holds no buffer: there are thousands of pairs, and
//! signalling is silent nearly always.

use std::{
    future::poll_fn,
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Read at once, on the stack; most signals are smaller.
const CHUNK_BYTES: usize = 4096;

/// Copies until both sides have ended. The end of one is passed on, and the other may go on.
pub(super) async fn splice(
    mut down: impl AsyncRead + AsyncWrite + Unpin,
    mut up: impl AsyncRead + AsyncWrite + Unpin,
) -> io::Result<()> {
    let (mut upwards, mut downwards) = (Way::default(), Way::default());
    poll_fn(|cx| {
        let up_done = upwards.poll(cx, Pin::new(&mut down), Pin::new(&mut up))?.is_ready();
        let down_done = downwards.poll(cx, Pin::new(&mut up), Pin::new(&mut down))?.is_ready();
        if up_done && down_done { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

/// One direction.
#[derive(Default)]
struct Way {
    /// What was read and the other side has not taken yet.
    kept: Vec<u8>,
    state: State,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// Nothing more comes; what is kept goes out, then the end is passed on.
    Ending,
    Ended,
}

impl Way {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut from: Pin<&mut (impl AsyncRead + ?Sized)>,
        mut to: Pin<&mut (impl AsyncWrite + ?Sized)>,
    ) -> Poll<io::Result<()>> {
        loop {
            while !self.kept.is_empty() {
                let taken = ready!(to.as_mut().poll_write(cx, &self.kept))?;
                self.took(taken)?;
            }
            match self.state {
                State::Ended => return Poll::Ready(Ok(())),
                State::Ending => {
                    ready!(to.as_mut().poll_shutdown(cx))?;
                    self.state = State::Ended;
                }
                State::Open => {
                    let mut space = [const { MaybeUninit::uninit() }; CHUNK_BYTES];
                    let mut read = ReadBuf::uninit(&mut space);
                    if from.as_mut().poll_read(cx, &mut read)?.is_pending() {
                        // TLS holds bytes back until told
                        ready!(to.as_mut().poll_flush(cx))?;
                        return Poll::Pending;
                    }
                    if read.filled().is_empty() {
                        self.state = State::Ending;
                    }
                    self.kept.extend_from_slice(read.filled());
                }
            }
        }
    }

    fn took(&mut self, bytes: usize) -> io::Result<()> {
        if bytes == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        self.kept.drain(..bytes.min(self.kept.len()));
        if self.kept.is_empty() {
            self.kept = Vec::new(); // gives the buffer back
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn both_ways_to_the_end_through_a_narrow_pipe() {
        let (mut client, down) = duplex(7);
        let (up, mut server) = duplex(11);
        let pair = tokio::spawn(splice(down, up));
        let asked: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let sent = asked.clone();
        let says = tokio::spawn(async move {
            client.write_all(&sent).await.expect("sent");
            client.shutdown().await.expect("ended");
            let mut heard = Vec::new();
            client.read_to_end(&mut heard).await.expect("heard");
            heard
        });
        let mut heard = Vec::new();
        server.read_to_end(&mut heard).await.expect("heard");
        assert_eq!(heard, asked, "and the end came with it");
        server.write_all(b"goodbye").await.expect("the other way is open still");
        drop(server);
        assert_eq!(says.await.expect("client"), b"goodbye");
        pair.await.expect("pair").expect("a clean end");
    }
}
