//! Where WebSocket frames begin and end in a stream of bytes (RFC 6455, 5.2). Looks at lengths only: what frames carry is not
//! ours to read.

/// The longest beginning that tells how much follows: two bytes, and eight of length.
const HEAD_BYTES: usize = 10;
/// The opcode of a frame that closes.
const CLOSE: u8 = 8;

/// How far a stream has come.
#[derive(Default)]
pub(crate) struct Frames {
    /// The beginning of a frame while it is not whole.
    head: [u8; HEAD_BYTES],
    filled: usize,
    /// What is still to come of the frame whose beginning is whole.
    rest: u64,
    /// A frame that closes has begun.
    closes: bool,
}

impl Frames {
    /// True where one frame has ended and the next has not begun.
    pub(crate) fn is_between(&self) -> bool {
        self.filled == 0 && self.rest == 0
    }

    /// True once the sender has said that it ends.
    pub(crate) fn has_closed(&self) -> bool {
        self.closes
    }

    /// Goes over these bytes, whatever frames are in them.
    pub(crate) fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let passed = self.pass_one(bytes);
            bytes = bytes.get(passed..).unwrap_or_default();
        }
    }

    /// Goes over these bytes up to the end of the frame under way, or of the next one between two; says how many those are.
    pub(crate) fn pass_one(&mut self, bytes: &[u8]) -> usize {
        let mut passed = 0;
        while self.rest == 0 {
            let (Some(byte), Some(place)) = (bytes.get(passed), self.head.get_mut(self.filled)) else {
                return passed;
            };
            *place = *byte;
            self.filled += 1;
            passed += 1;
            if let Some(rest) = following(self.head.get(..self.filled).unwrap_or_default()) {
                (self.filled, self.rest) = (0, rest);
                self.closes |= self.head.first().is_some_and(|first| first & 0x0F == CLOSE);
                break;
            }
        }
        let here = bytes.len() - passed;
        let taken = usize::try_from(self.rest).unwrap_or(usize::MAX).min(here);
        self.rest -= taken as u64;
        passed + taken
    }
}

/// How many bytes follow this beginning: mask and contents. `None` while that cannot be told.
fn following(head: &[u8]) -> Option<u64> {
    let second = head.get(1)?;
    let mask = if second & 0x80 == 0 { 0 } else { 4 };
    let length = match second & 0x7F {
        126 => u64::from(u16::from_be_bytes(head.get(2..4)?.try_into().ok()?)),
        127 => u64::from_be_bytes(head.get(2..10)?.try_into().ok()?),
        short => u64::from(short),
    };
    Some(length.saturating_add(mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of each form of length, one of them masked, one empty.
    fn some() -> Vec<Vec<u8>> {
        let frame = |head: &[u8], length: usize| [head, &vec![0x89; length]].concat();
        vec![
            frame(&[0x82, 5], 5),
            frame(&[0x81, 0x85, 1, 2, 3, 4], 5),
            frame(&[0x89, 0], 0),
            frame(&[0x82, 126, 1, 0], 256),
            frame(&[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0], 65_536),
        ]
    }

    #[test]
    fn ends_are_found_however_the_bytes_come() {
        for step in [1, 3, 7, 100_000] {
            let mut frames = Frames::default();
            for frame in some() {
                assert!(frames.is_between());
                let mut left = frame.as_slice();
                while !left.is_empty() {
                    let passed = frames.pass_one(&left[..step.min(left.len())]);
                    left = &left[passed..];
                    assert_eq!(frames.is_between(), left.is_empty(), "{step}");
                }
            }
            frames.pass(&some().concat());
            assert!(frames.is_between() && !frames.has_closed());
            frames.pass(&[0x88, 2, 0x03, 0xE9]);
            assert!(frames.is_between() && frames.has_closed());
        }
        let two = some().concat();
        assert_eq!(Frames::default().pass_one(&two), 7, "the next frame is another one");
    }
}
