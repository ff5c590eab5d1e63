//! What is about all that the server has: a backup, another database, what an older server had.

pub(super) mod backup;
pub(super) mod database;
pub(super) mod import;
