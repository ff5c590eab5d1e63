//! A small LiveKit client for tests that need no browser: joins through the daemon's proxy, publishes synthetic
//! sound and picture or a file, counts the packets that arrive, speaks data packets. Not a product: no TURN, no TLS, UDP only.
//!
//! ```text
//! Participant  handle of the test: commands in, conditions out
//!   driver     one task per participant, owns everything below
//!     signal   WebSocket with protobuf messages
//!     peer     one WebRTC connection (str0m) over one UDP socket; a participant has two
//!     media    the frames that are sent
//! ```
mod driver;
mod media;
mod participant;
mod peer;
mod seen;
mod signal;

pub use livekit_protocol::{DisconnectReason, TrackSource, TrackType};
pub use media::Clip;
pub use participant::{JoinError, Participant};
pub use seen::{Packet, Seen};
