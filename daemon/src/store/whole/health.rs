//! Whether the database is whole, by its own word.

use crate::{
    error::Result,
    store::{Connection, engine::check},
};

/// What it complains of first; `None` where it is well. Reads all of it.
pub fn complaint(connection: &mut Connection) -> Result<Option<String>> {
    Ok(check::damage(connection)?.into_iter().next())
}
