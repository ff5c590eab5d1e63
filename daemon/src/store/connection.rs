//! One connection and its rows: SQL is written once with PostgreSQL's `$1` parameters.
//! SQLite reads `$1` as a *named* parameter numbered by first appearance, so `$` becomes `?` on the way in.

use rusqlite::{ffi, types::FromSql};

use crate::error::{Error, Result};

/// A value that can be bound to a parameter.
pub trait Param: rusqlite::ToSql {}
impl<T: rusqlite::ToSql> Param for T {}

/// A row of an answer; columns are counted from 0.
pub struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    /// Reads column `index`; a type that does not fit is an internal error.
    pub fn get<T: FromSql>(&self, index: usize) -> Result<T> {
        self.0.get(index).map_err(store_error)
    }
}

/// A pooled connection, used on a blocking thread only.
pub struct Connection(pub(super) rusqlite::Connection);

impl Connection {
    /// Runs a statement; returns how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        let mut statement = self.0.prepare_cached(&placeholders(sql)).map_err(store_error)?;
        let changed = statement.execute(bind(params)).map_err(store_error)?;
        Ok(changed as u64)
    }

    /// Every row of a query, read by `read`.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.0.prepare_cached(&placeholders(sql)).map_err(store_error)?;
        let mut rows = statement.query(bind(params)).map_err(store_error)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(store_error)? {
            out.push(read(Row(row))?);
        }
        Ok(out)
    }

    /// The first row of a query, or `None`.
    pub fn first<T>(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.0.prepare_cached(&placeholders(sql)).map_err(store_error)?;
        let mut rows = statement.query(bind(params)).map_err(store_error)?;
        rows.next().map_err(store_error)?.map(|row| read(Row(row))).transpose()
    }

    /// Runs `work` in a write transaction: committed on `Ok`, rolled back on `Err`.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        self.0.execute_batch("BEGIN IMMEDIATE").map_err(store_error)?;
        match work(self) {
            Ok(value) => {
                self.0.execute_batch("COMMIT").map_err(store_error)?;
                Ok(value)
            }
            Err(error) => {
                // a failed rollback leaves nothing more to undo; the first error is the one to tell
                let _ = self.0.execute_batch("ROLLBACK");
                Err(error)
            }
        }
    }
}

fn placeholders(sql: &str) -> String {
    sql.replace('$', "?")
}

fn bind<'a>(
    params: &'a [&'a dyn Param],
) -> rusqlite::ParamsFromIter<impl Iterator<Item = &'a dyn rusqlite::ToSql>> {
    rusqlite::params_from_iter(params.iter().map(|p| *p as &dyn rusqlite::ToSql))
}

/// The code of a broken unique constraint. Callers that expect one give it a sentence of their own.
pub const ALREADY_EXISTS: &str = "already_exists";

pub(super) fn store_error(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(failure, _) = &error {
        match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                return Error::conflict(ALREADY_EXISTS, "That exists already.").caused_by(error);
            }
            _ => {}
        }
        if matches!(failure.code, ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DiskFull) {
            return unavailable(error);
        }
    }
    Error::internal(error)
}

/// There is no connection, or it is busy with somebody else's write.
pub(super) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::unavailable("database_unavailable", "The database cannot answer now. Try again in a moment.")
        .caused_by(cause)
}
