//! Bytes both ways between two WebSockets. While nobody says anything a pair holds no buffer: there are thousands of pairs,
//! and signalling is silent nearly always. When the server stops, the client is told between two frames.

use std::{
    future::poll_fn,
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout,
};

use super::frames::Frames;

/// Read at once, on the stack: one TLS record (RFC 8446, 5.1).
const CHUNK_BYTES: usize = 16 << 10;
/// A frame that closes with 1001, going away (RFC 6455, 5.5.1 and 7.4.1). LiveKit takes the client's echo of it for what it is;
/// 1012 it would log as an error (service/rtcservice.go).
const GOING_AWAY: [u8; 4] = [0x88, 2, 0x03, 0xE9];
/// What clients have said until they hear it is still passed on: half the way around the world. Longer would keep everybody
/// from coming back, for the sake of one who is gone.
const PARTING: Duration = Duration::from_millis(200);

/// Whose doing the end was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The `down` side closed, or is gone.
    Client,
    /// The `up` side did, or we.
    Server,
}

/// Copies until both sides have ended. The end of one is passed on, and the other may go on. Once `closing` is done the
/// `down` side is told that the server goes away, and has a moment to end by itself. When the `up` side breaks off between
/// two frames and without a word, `down` is sent the frame of `last_words`, if there is any. `first` is what was already
/// heard from `up`.
pub(crate) async fn splice(
    down: impl AsyncRead + AsyncWrite + Unpin,
    up: impl AsyncRead + AsyncWrite + Unpin,
    first: Vec<u8>,
    closing: impl Future<Output = ()>,
    last_words: impl Future<Output = Vec<u8>>,
) -> End {
    let mut downwards = Way { breaks_off: true, ..Way::default() };
    downwards.frames.pass(&first);
    downwards.kept = first;
    let mut pair = Pair { down, up, upwards: Way::default(), downwards, end: None };
    let done = tokio::select! {
        done = pair.run() => done,
        () = closing => {
            pair.downwards.leave();
            told(timeout(PARTING, pair.run()).await.unwrap_or(Ok(())));
            return End::Server;
        }
    };
    told(done);
    let end = pair.end.unwrap_or(End::Server);
    if pair.downwards.state != State::BrokenOff {
        return end;
    }
    pair.upwards.state = State::Ended;
    pair.downwards.kept = last_words.await;
    if !pair.downwards.kept.is_empty() {
        pair.downwards.kept.extend_from_slice(&GOING_AWAY);
    }
    pair.downwards.state = State::Ending;
    told(timeout(PARTING, pair.run()).await.unwrap_or(Ok(())));
    end
}

fn told(done: io::Result<()>) {
    if let Err(e) = done {
        tracing::debug!("a signalling socket broke: {e}");
    }
}

struct Pair<D, U> {
    down: D,
    up: U,
    upwards: Way,
    downwards: Way,
    /// Whose end came first.
    end: Option<End>,
}

impl<D: AsyncRead + AsyncWrite + Unpin, U: AsyncRead + AsyncWrite + Unpin> Pair<D, U> {
    /// May be dropped and called again: where it stands is in the pair. Ends early when `up` breaks off.
    async fn run(&mut self) -> io::Result<()> {
        let Self { down, up, upwards, downwards, end } = self;
        poll_fn(|cx| {
            let up_done = upwards.poll(cx, Pin::new(&mut *down), Pin::new(&mut *up));
            let down_done = downwards.poll(cx, Pin::new(&mut *up), Pin::new(&mut *down));
            if end.is_none() {
                // who closes by the book is answered by the other, and that may come before the end of either
                *end = if downwards.frames.has_closed() {
                    Some(End::Server)
                } else if upwards.frames.has_closed() || upwards.sender_gone || downwards.taker_gone {
                    Some(End::Client)
                } else if downwards.sender_gone || upwards.taker_gone {
                    Some(End::Server)
                } else {
                    None
                };
            }
            if [&up_done, &down_done].iter().any(|way| matches!(way, Poll::Ready(Err(_)))) {
                downwards.break_off();
            }
            let (up_done, down_done) = (up_done?.is_ready(), down_done?.is_ready());
            if (up_done && down_done) || downwards.state == State::BrokenOff {
                Poll::Ready(Ok(()))
            } else {
                Poll::Pending
            }
        })
        .await
    }
}

/// One direction.
#[derive(Default)]
struct Way {
    /// What was read and the other side has not taken yet.
    kept: Vec<u8>,
    frames: Frames,
    state: State,
    /// Nothing more comes from where this way begins.
    sender_gone: bool,
    /// Nothing more is taken where it ends.
    taker_gone: bool,
    /// An end between two frames and without a word is told to the caller, and not passed on.
    breaks_off: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    /// After the frame under way the good-bye goes out, then the end.
    Leaving,
    /// The sender is gone without a word.
    BrokenOff,
    /// Nothing more comes; what is kept goes out, then the end is passed on.
    Ending,
    Ended,
}

impl Way {
    fn leave(&mut self) {
        if self.state == State::Open {
            self.state = State::Leaving;
        }
    }

    fn break_off(&mut self) {
        let between = self.kept.is_empty() && self.frames.is_between() && !self.frames.has_closed();
        if self.breaks_off && between && self.state == State::Open {
            self.state = State::BrokenOff;
        }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut from: Pin<&mut (impl AsyncRead + ?Sized)>,
        mut to: Pin<&mut (impl AsyncWrite + ?Sized)>,
    ) -> Poll<io::Result<()>> {
        loop {
            while !self.kept.is_empty() {
                let taken = self.taken(ready!(to.as_mut().poll_write(cx, &self.kept)))?;
                self.kept.drain(..taken.min(self.kept.len()));
            }
            self.kept = Vec::new(); // gives the buffer back
            match self.state {
                State::Ended | State::BrokenOff => return Poll::Ready(Ok(())),
                State::Ending => {
                    ready!(to.as_mut().poll_shutdown(cx))?;
                    self.state = State::Ended;
                }
                State::Leaving if self.frames.is_between() => {
                    self.kept.extend_from_slice(&GOING_AWAY);
                    self.state = State::Ending;
                }
                State::Open | State::Leaving => {
                    let mut space = [const { MaybeUninit::uninit() }; CHUNK_BYTES];
                    let mut read = ReadBuf::uninit(&mut space);
                    let Poll::Ready(done) = from.as_mut().poll_read(cx, &mut read) else {
                        // TLS holds bytes back until told
                        ready!(to.as_mut().poll_flush(cx))?;
                        return Poll::Pending;
                    };
                    self.sender_gone |= done.is_err() || read.filled().is_empty();
                    done?;
                    let bytes = self.meant(read.filled());
                    // nearly always the other side takes all of it at once, and nothing has to be kept
                    let taken = match bytes.is_empty() {
                        true => 0,
                        false => match to.as_mut().poll_write(cx, bytes) {
                            Poll::Ready(done) => self.taken(done)?,
                            Poll::Pending => 0,
                        },
                    };
                    self.kept.extend_from_slice(bytes.get(taken..).unwrap_or_default());
                }
            }
        }
    }

    fn taken(&mut self, done: io::Result<usize>) -> io::Result<usize> {
        let taken = done.and_then(|bytes| match bytes {
            0 => Err(io::ErrorKind::WriteZero.into()),
            bytes => Ok(bytes),
        });
        self.taker_gone |= taken.is_err();
        taken
    }

    /// What of these bytes goes on: all, or the rest of the last frame. None is the end.
    fn meant<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        if bytes.is_empty() {
            self.break_off();
            if self.state != State::BrokenOff {
                self.state = State::Ending;
            }
        }
        if self.state == State::Leaving {
            let end = self.frames.pass_one(bytes);
            return bytes.get(..end).unwrap_or_default();
        }
        self.frames.pass(bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, duplex},
        sync::oneshot,
    };

    #[tokio::test]
    async fn both_ways_to_the_end_through_a_narrow_pipe() {
        let (mut client, down) = duplex(7);
        let (up, mut server) = duplex(11);
        let pair = tokio::spawn(splice(down, up, Vec::new(), pending(), nothing()));
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
        assert_eq!(pair.await.expect("pair"), End::Client);
    }

    #[tokio::test]
    async fn a_stop_is_told_between_two_frames_and_the_last_words_are_passed_on() {
        let (mut client, down) = duplex(64);
        let (up, mut server) = duplex(64);
        let (stop, stopped) = oneshot::channel::<()>();
        let pair =
            tokio::spawn(splice(down, up, Vec::new(), async { stopped.await.expect("told") }, nothing()));
        let (frame, next) = (b"\x82\x05hello", b"\x82\x05later");
        let (begin, rest) = frame.split_at(4);
        server.write_all(begin).await.expect("sent");
        let mut heard = vec![0; begin.len()];
        client.read_exact(&mut heard).await.expect("heard");
        stop.send(()).expect("running");
        tokio::task::yield_now().await;
        server.write_all(&[rest, next].concat()).await.expect("sent");
        client.read_to_end(&mut heard).await.expect("the end");
        assert_eq!(heard, [&frame[..], &GOING_AWAY].concat());
        client.write_all(b"last words").await.expect("sent");
        drop(client);
        let mut last = Vec::new();
        server.read_to_end(&mut last).await.expect("heard");
        assert_eq!(last, b"last words");
        assert_eq!(pair.await.expect("pair"), End::Server);
    }

    async fn nothing() -> Vec<u8> {
        Vec::new()
    }

    /// What the client hears after `sent`, when the other side is gone without more.
    async fn heard_after(sent: &[u8]) -> Vec<u8> {
        let (mut client, down) = duplex(64);
        let (up, mut server) = duplex(64);
        server.write_all(sent).await.expect("sent");
        drop(server);
        let pair = tokio::spawn(splice(down, up, Vec::new(), pending(), async { b"\x82\x03bye".to_vec() }));
        let mut heard = Vec::new();
        client.read_to_end(&mut heard).await.expect("the end");
        drop(client);
        assert_eq!(pair.await.expect("pair"), End::Server);
        heard
    }

    #[tokio::test]
    async fn last_words_stand_in_for_whoever_is_gone_without_any() {
        let frame = b"\x82\x05hello";
        let words = [&b"\x82\x03bye"[..], &GOING_AWAY].concat();
        assert_eq!(heard_after(frame).await, [frame, &words[..]].concat());
        assert_eq!(heard_after(&frame[..4]).await, &frame[..4], "not in the middle of a frame");
        assert_eq!(heard_after(&GOING_AWAY).await, GOING_AWAY, "nor after a word of its own");
    }

    #[tokio::test]
    async fn whoever_closes_first_has_ended_it() {
        for is_client_first in [true, false] {
            let (mut client, down) = duplex(64);
            let (up, mut server) = duplex(64);
            let pair = tokio::spawn(splice(down, up, Vec::new(), pending(), nothing()));
            for is_client in [is_client_first, !is_client_first] {
                let (says, hears) =
                    if is_client { (&mut client, &mut server) } else { (&mut server, &mut client) };
                says.write_all(&GOING_AWAY).await.expect("sent");
                hears.read_exact(&mut [0; GOING_AWAY.len()]).await.expect("heard");
            }
            drop((client, server));
            let end = pair.await.expect("pair");
            assert_eq!(end == End::Client, is_client_first, "{end:?}");
        }
    }

    #[tokio::test]
    async fn whoever_does_not_go_is_left() {
        let (mut client, down) = duplex(64);
        let (up, _server) = duplex(64);
        assert_eq!(splice(down, up, Vec::new(), async {}, nothing()).await, End::Server);
        let mut heard = Vec::new();
        client.read_to_end(&mut heard).await.expect("heard");
        assert_eq!(heard, GOING_AWAY);
    }
}
