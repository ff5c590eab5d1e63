//! What we say to the SFU and hear from it: its API and webhooks, the tokens it believes, rooms and people in its words.

pub(crate) mod client; // calls to the room service
pub(crate) mod jwt; // HS256 by a given clock
pub(crate) mod keys; // API key and secret
pub(crate) mod permission; // what a participant may do
pub(crate) mod token; // join tokens
pub(crate) mod transport; // HTTP and TLS
pub(crate) mod view; // rooms and people as it tells them
pub mod webhook; // what it says by itself
