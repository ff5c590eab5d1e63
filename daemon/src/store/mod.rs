//! All SQL of the program, one file per table. No decisions: callers say what, this module does it.

pub mod audit;
mod connection;
mod open;
mod value;

pub use connection::{Connection, Param, Row};
pub use open::Store;
pub use value::Timestamp;
