//! What the tables stand on: a file or a server, how connections to it are opened and pooled, the schema, the threads that use
//! them, the disk below.

pub(super) mod check;
pub(super) mod connection;
pub(super) mod disk;
pub(super) mod fault;
pub(super) mod moving;
pub mod older;
pub(super) mod pool;
pub(super) mod postgres;
pub(super) mod schema;
pub(super) mod server;
pub(super) mod sqlite;
pub(super) mod threads;
