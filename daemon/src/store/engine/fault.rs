//! Failures that both databases have, by their codes.

use crate::error::{Error, Kind};

/// There is no connection, or it is busy with somebody else's write.
pub(in crate::store) const UNAVAILABLE: &str = "database_unavailable";

/// A server does not answer.
pub(in crate::store) const AWAY: &str = "database_away";

/// A server takes no changes.
pub(in crate::store) const READ_ONLY: &str = "database_read_only";

/// The code of [`foreign`].
pub(in crate::store) const FOREIGN: &str = "database_foreign";

/// The code of a broken unique constraint. Callers that expect one give it a sentence of their own.
pub const ALREADY_EXISTS: &str = "already_exists";

/// The code of a transaction that met another one and may be begun again.
pub(in crate::store) const MET_ANOTHER: &str = "database_met_another";

pub(in crate::store) const BUSY: &str = "The database cannot answer now. Try again in a moment.";

/// There is no connection, or it is busy with somebody else's write.
pub(in crate::store) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::unavailable(UNAVAILABLE, BUSY).caused_by(cause)
}

/// The server does not answer, or broke off.
pub(in crate::store) fn away(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let s =
        "The database server is away. Try again in a moment; it goes on by itself when the server is back.";
    Error::unavailable(AWAY, s).caused_by(cause)
}

/// A database of another program.
pub(in crate::store) fn foreign(shown: &str) -> Error {
    let s = format!("The database {shown} has tables of another program. Give Bedrud a database of its own.");
    Error::new(Kind::Unavailable, FOREIGN, s)
}
