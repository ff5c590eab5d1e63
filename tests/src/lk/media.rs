//! What a participant sends: the smallest things that an SFU takes for Opus and VP8, or the pictures of a file.
use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result, ensure};
use livekit_protocol::TrackType;
use str0m::media::{Frequency, MediaTime};

/// 20 ms of silence (RFC 6716: one CELT frame, fullband).
const OPUS_SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// A grey VP8 key frame of 32x32 pixels, made with ffmpeg.
const VP8_GREY: [u8; 30] = [
    0x30, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x20, 0x00, 0x20, 0x00, 0x00, 0x47, 0x08, 0x85, 0x85, 0x88, 0x85,
    0x84, 0x88, 0x02, 0x02, 0x00, 0x07, 0x91, 0x28, 0xd9, 0x60, 0xfe, 0x68, 0x00,
];

const IVF_HEADER_BYTES: usize = 32;
const IVF_FRAME_HEADER_BYTES: usize = 12;

/// Encoded frames that are sent over and over, from the first, which is a key frame. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clip {
    pub(super) kind: TrackType,
    /// Pixels; 0 for sound.
    pub(super) size: (u32, u32),
    pub(super) interval: Duration,
    frames: Arc<[Vec<u8>]>,
}

impl Clip {
    /// The same frame for ever: silence, or a grey picture ten times a second.
    pub fn still(kind: TrackType) -> Self {
        if kind == TrackType::Video {
            let frames = Arc::from([VP8_GREY.to_vec()]);
            Self { kind, size: (32, 32), interval: Duration::from_millis(100), frames }
        } else {
            let frames = Arc::from([OPUS_SILENCE.to_vec()]);
            Self { kind, size: (0, 0), interval: Duration::from_millis(20), frames }
        }
    }

    /// The pictures of an IVF file (VP8): a header of 32 bytes, then each frame behind its length and time.
    pub fn ivf(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let no = || format!("{} is no IVF file of VP8", path.display());
        ensure!(bytes.starts_with(b"DKIF") && bytes.get(8..12) == Some(b"VP80"), no());
        let short = |at: usize| number(&bytes, at, 2).with_context(no);
        let long = |at: usize| number(&bytes, at, 4).with_context(no);
        let size = (short(12)?, short(14)?);
        let (rate, scale) = (long(16)?, long(20)?);
        ensure!(rate > 0 && scale > 0, no());
        let mut frames = Vec::new();
        let mut at = IVF_HEADER_BYTES;
        while at < bytes.len() {
            let start = at + IVF_FRAME_HEADER_BYTES;
            let end = start + long(at)? as usize;
            frames.push(bytes.get(start..end).with_context(no)?.to_vec());
            at = end;
        }
        ensure!(!frames.is_empty(), no());
        let interval = Duration::from_secs(1) * scale / rate;
        Ok(Self { kind: TrackType::Video, size, interval, frames: frames.into() })
    }

    /// Frame number `count`, with its RTP time.
    pub(super) fn frame(&self, count: u64) -> (MediaTime, &[u8]) {
        let rate =
            if self.kind == TrackType::Video { Frequency::NINETY_KHZ } else { Frequency::FORTY_EIGHT_KHZ };
        let ticks = u128::from(rate.get()) * self.interval.as_micros() / 1_000_000;
        let frame = &self.frames[(count % self.frames.len() as u64) as usize];
        (MediaTime::new(count * ticks as u64, rate), frame)
    }
}

/// A little-endian number of so many bytes.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}
