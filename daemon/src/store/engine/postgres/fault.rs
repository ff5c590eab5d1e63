//! What PostgreSQL says when something fails, as failures of the store: by SQLSTATE (PostgreSQL manual, appendix A).

use postgres::error::{Error as Told, SqlState};

use crate::{
    error::{Error, Kind},
    store::engine::fault::{ALREADY_EXISTS, BUSY, MET_ANOTHER, unavailable},
};

/// The failure of a statement.
pub(super) fn fault(error: Told) -> Error {
    let Some(state) = error.code() else {
        // the connection broke: what was asked may have been done or not, and only the caller knows if it may be repeated
        return if error.is_closed()
            || std::error::Error::source(&error).is_some_and(|e| e.is::<std::io::Error>())
        {
            away(error)
        } else {
            Error::internal(error)
        };
    };
    match *state {
        SqlState::UNIQUE_VIOLATION => {
            Error::conflict(ALREADY_EXISTS, "That exists already.").caused_by(error)
        }
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            Error::new(Kind::Unavailable, MET_ANOTHER, BUSY).caused_by(error)
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            let s = "The database takes no changes: it is a copy that only reads. Ask for the server that writes.";
            Error::unavailable("database_read_only", s).caused_by(error)
        }
        SqlState::DISK_FULL => {
            let s = "The disk of the database is full. Make room there.";
            Error::unavailable("disk_full", s).caused_by(error)
        }
        SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => {
            unavailable(error)
        }
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => away(error),
        _ if state.code().starts_with("08") || state.code().starts_with("53") => away(error),
        _ => Error::internal(error),
    }
}

fn away(error: Told) -> Error {
    let s = "The database server is away. Try again in a moment.";
    Error::unavailable("database_away", s).caused_by(error)
}
