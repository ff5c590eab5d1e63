//! PostgreSQL beside SQLite: the same statements, the same values, the same failures. Used on the store's own threads only:
//! the client blocks, and closing it within a runtime would end the process.

mod address;
mod client;
mod connect;
mod fault;
mod first;
mod password;
mod secure;
mod value;

pub use address::Address;
pub(super) use client::{Client, Row, column};
pub(super) use fault::{fault, of_migration};
pub(super) use first::{migrate, suits};
