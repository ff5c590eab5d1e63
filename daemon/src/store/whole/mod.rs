//! What concerns the database as a whole, and no table of its own.

pub mod copy;
pub mod figures;
pub mod health;
pub mod moves;
