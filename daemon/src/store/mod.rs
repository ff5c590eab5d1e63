//! All SQL of the program, one file per table. No decisions: callers say what, this module does it.

pub mod audit;
mod connection;
mod open;
pub mod sessions;
pub mod settings;
pub mod tries;
pub mod users;
mod value;

pub use connection::{ALREADY_EXISTS, Connection, Param, Row};
pub use open::Store;
pub use value::Timestamp;
