//! What the database runs on: how connections are opened and pooled, the threads that use them, the disk below.

pub(super) mod disk;
pub(super) mod pool;
pub(super) mod threads;
