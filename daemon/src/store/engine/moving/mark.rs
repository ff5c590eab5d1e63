//! How far a move came, written into both databases, so that only one of them ever serves: the one that people's last word is in.

use super::side::has_table;
use crate::{
    error::{Error, Kind, Result},
    store::{Connection, engine::pool::Place},
};

const MARK: &str = "moving_mark";

/// What stands in a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A copy that is not whole yet.
    Copying,
    /// A whole copy; whether it is the one that serves is written where it came from.
    Whole,
    /// It was moved to this place, and serves no more.
    Moved(String),
}

pub(super) fn read(connection: &mut Connection) -> Result<Option<Mark>> {
    if !has_table(connection, MARK)? {
        return Ok(None);
    }
    let row = connection.first(&format!("SELECT state, place FROM {MARK}"), &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?))
    })?;
    Ok(row.map(|(state, place)| match state.as_str() {
        "whole" => Mark::Whole,
        "moved" => Mark::Moved(place),
        _ => Mark::Copying,
    }))
}

/// Replaces what stands there, at once or with the transaction that runs.
pub(super) fn write(connection: &mut Connection, mark: &Mark) -> Result<()> {
    connection
        .batch(&format!("CREATE TABLE IF NOT EXISTS {MARK} (state TEXT NOT NULL, place TEXT NOT NULL)"))?;
    connection.execute(&format!("DELETE FROM {MARK}"), &[])?;
    let (state, place) = match mark {
        Mark::Copying => ("copying", ""),
        Mark::Whole => ("whole", ""),
        Mark::Moved(place) => ("moved", place.as_str()),
    };
    connection.execute(&format!("INSERT INTO {MARK} (state, place) VALUES ($1, $2)"), &[&state, &place])?;
    Ok(())
}

pub(super) fn remove(connection: &mut Connection) -> Result<()> {
    connection.batch(&format!("DROP TABLE IF EXISTS {MARK}"))
}

/// An error where a daemon may not serve from here.
pub(super) fn may_serve(mark: Option<&Mark>, place: &Place) -> Result<()> {
    let place = place.shown();
    let s = match mark {
        None | Some(Mark::Whole) => return Ok(()),
        Some(Mark::Moved(to)) => format!(
            "The database {place} was moved to {to}. Write that into database.url or database.path, and take the other line out."
        ),
        Some(Mark::Copying) => format!(
            "The database {place} is a copy that was broken off. The one it was made of still serves: name that one, and type `bedrudctl database move` again."
        ),
    };
    let code = if matches!(mark, Some(Mark::Moved(_))) { "database_moved" } else { "database_incomplete" };
    Err(Error::new(Kind::Unavailable, code, s))
}
