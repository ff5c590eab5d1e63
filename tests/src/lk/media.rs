//! Synthetic sound and picture: the smallest things that an SFU takes for Opus and VP8.
use std::time::Duration;

use livekit_protocol::TrackType;
use str0m::media::{Frequency, MediaTime};

/// 20 ms of silence (RFC 6716: one CELT frame, fullband).
const OPUS_SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// A grey VP8 key frame of 32x32 pixels, made with ffmpeg.
const VP8_GREY: [u8; 30] = [
    0x30, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x20, 0x00, 0x20, 0x00, 0x00, 0x47, 0x08, 0x85, 0x85, 0x88, 0x85,
    0x84, 0x88, 0x02, 0x02, 0x00, 0x07, 0x91, 0x28, 0xd9, 0x60, 0xfe, 0x68, 0x00,
];

/// How long one frame of `kind` lasts.
pub(super) fn interval(kind: TrackType) -> Duration {
    Duration::from_millis(if kind == TrackType::Video { 100 } else { 20 })
}

/// The encoded frame, always the same one.
pub(super) fn frame(kind: TrackType) -> &'static [u8] {
    if kind == TrackType::Video { &VP8_GREY } else { &OPUS_SILENCE }
}

/// RTP time of frame number `count`.
pub(super) fn time(kind: TrackType, count: u64) -> MediaTime {
    let rate = if kind == TrackType::Video { Frequency::NINETY_KHZ } else { Frequency::FORTY_EIGHT_KHZ };
    let ticks = u128::from(rate.get()) * interval(kind).as_millis() / 1000;
    MediaTime::new(count * ticks as u64, rate)
}
