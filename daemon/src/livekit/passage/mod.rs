//! The way of people through us to the SFU's signalling: who may, where to, and what of it is carried.

pub(crate) mod anew; // clients of one that died
pub(crate) mod frames; // where a WebSocket's end
pub(crate) mod proxy; // people to the signalling paths
pub(crate) mod splice; // two WebSockets into one
pub(crate) mod told; // of the relay
