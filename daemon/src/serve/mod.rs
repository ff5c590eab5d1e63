//! Bytes to requests: accept loops for TCP, TLS and Unix sockets, who the peer is, and a graceful stop. Knows nothing of ours.

mod accept;
mod answer; // on its way out
mod answers;
mod body; // of a request, on its way in
mod connection; // HTTP on one of them
mod event_loops; // where they run
mod first; // TURN or HTTP
mod forwarded; // what proxies write of their clients
mod linger; // no tearing down
mod locals; // how many at the control socket
mod peer;
pub mod proxied; // what a front end says of its client
mod pulse; // does anything still happen
mod seats; // how many
mod secure; // TLS
mod unix;

pub use accept::{Serving, Shutdown};
pub use answers::Answers;
pub use event_loops::EventLoops;
pub use first::First;
pub use peer::{ClientAddress, Peer, Trust};
pub use seats::Caps;
pub use secure::{Relay, Secure};
pub use unix::{SocketGuard, adopt, bind};
