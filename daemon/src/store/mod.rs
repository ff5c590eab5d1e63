//! All SQL of the program, one file per table. No decisions: callers say what, this module does it.

mod accounts;
pub mod admissions;
pub mod audit;
pub mod bans;
pub mod credentials;
pub mod effects;
mod engine;
pub mod events;
pub mod holds;
mod leased;
pub mod leases;
pub mod locks;
pub mod meeting;
pub mod moderators;
mod open;
mod param;
pub mod presences;
pub mod revocations;
pub mod rooms;
mod secret;
pub mod sessions;
pub mod settings;
pub mod standings;
pub mod tries;
pub mod users;
mod value;
pub mod webhooks;
mod whole;

pub use accounts::{challenges, glance, invitations, mails, search};
pub use engine::{
    connection::{Connection, Row},
    fault::ALREADY_EXISTS,
    older,
    pool::Place,
    postgres::Address,
};
pub use leased::{pause_seconds, until_due};
pub use open::{Store, look};
pub use param::{Column, Param, Value};
pub use secret::{digest_of, fresh_secret};
pub use value::Timestamp;
pub use whole::{
    copy, figures, health,
    moves::{Moving, Stage},
};
