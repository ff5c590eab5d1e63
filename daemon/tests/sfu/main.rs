//! The supervisor, the client and the proxy with a real livekit-server, for what no door of the program shows.
#![allow(clippy::expect_used, clippy::panic)] // a test file outside the crate, where clippy does not see that it is one

mod place;
mod proxy;
mod supervisor;
