//! Bytes to requests: accept loops for TCP and Unix sockets, who the peer is, and a graceful stop. Knows nothing of ours.

mod accept;
mod network;
mod peer;
mod unix;

pub use accept::{Serving, Shutdown};
pub use network::Network;
pub use peer::{ClientAddress, Peer, Trust};
pub use unix::{SocketGuard, bind};
