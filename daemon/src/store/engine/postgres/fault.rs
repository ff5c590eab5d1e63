//! What PostgreSQL says when something fails, as failures of the store: by SQLSTATE (PostgreSQL manual, appendix A).

use postgres::error::{Error as Told, SqlState};

use crate::{
    error::{Error, Kind},
    store::engine::fault::{ALREADY_EXISTS, BUSY, MET_ANOTHER, READ_ONLY, away, unavailable},
};

/// The failure of a statement.
pub(in crate::store) fn fault(error: Told) -> Error {
    let Some(state) = error.code().cloned() else {
        // the connection broke: what was asked may have been done or not, and only the caller knows if it may be repeated
        let broke =
            error.is_closed() || std::error::Error::source(&error).is_some_and(|e| e.is::<std::io::Error>());
        return if broke { away(error) } else { Error::internal(error) };
    };
    of_state(&state, error)
}

/// The failure of a migration: refinery wraps what the server said.
pub(in crate::store) fn of_migration(error: refinery::Error) -> Error {
    let mut cause = std::error::Error::source(&error);
    while let Some(e) = cause {
        if let Some(state) = e.downcast_ref::<Told>().and_then(Told::code).cloned() {
            return of_state(&state, error);
        }
        cause = e.source();
    }
    Error::internal(error)
}

fn of_state(state: &SqlState, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    match *state {
        SqlState::UNIQUE_VIOLATION => {
            Error::conflict(ALREADY_EXISTS, "That exists already.").caused_by(error)
        }
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
            Error::new(Kind::Unavailable, MET_ANOTHER, BUSY).caused_by(error)
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            let s = "The database takes no changes: it is a copy that only reads. Ask for the server that writes.";
            Error::unavailable(READ_ONLY, s).caused_by(error)
        }
        SqlState::DISK_FULL => {
            let s = "The disk of the database server is full. Make room there; it goes on by itself then.";
            Error::unavailable("disk_full", s).caused_by(error)
        }
        SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => {
            unavailable(error)
        }
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN | SqlState::CANNOT_CONNECT_NOW => away(error),
        // idle_in_transaction_session_timeout ends the connection
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => away(error),
        _ if state.code().starts_with("08") || state.code().starts_with("53") => away(error),
        _ => Error::internal(error),
    }
}
