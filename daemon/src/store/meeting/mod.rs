//! The tables of one meeting: who waits before it, and what is kept of it.

pub mod invitations;
pub mod lobby;
pub mod meetings;
pub mod messages;
pub mod stage;
