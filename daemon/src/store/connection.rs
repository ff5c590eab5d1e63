//! One connection and its rows: SQL is written once with PostgreSQL's `$1` parameters.
//! SQLite reads `$1` as a *named* parameter numbered by first appearance, so `$` becomes `?` on the way in.

use std::time::Duration;

use rusqlite::{
    ffi,
    types::{ToSqlOutput, ValueRef},
};

use super::{Column, Param, Value, engine::disk};
use crate::error::{Error, Kind, Result};

/// A transaction that met another one is begun again so often before it is given up.
const TRIES: u32 = 5;
/// The first pause before it is; each later one is twice as long.
const PAUSE: Duration = Duration::from_millis(2);

/// A row of an answer; columns are counted from 0.
pub struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    /// Reads column `index`; a type that does not fit is an internal error.
    pub fn get<T: Column>(&self, index: usize) -> Result<T> {
        let value = match self.0.get_ref(index).map_err(store_error)? {
            ValueRef::Null => Some(Value::Null),
            ValueRef::Integer(value) => Some(Value::Integer(value)),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().map(Value::Text),
            ValueRef::Real(_) | ValueRef::Blob(_) => None,
        };
        let wrong = || Error::internal(format!("column {index} has another type than it should"));
        value.and_then(T::read).ok_or_else(wrong)
    }
}

/// A pooled connection, used on a blocking thread only.
pub struct Connection {
    pub(super) database: rusqlite::Connection,
    /// The effects that were left since this was last taken.
    pub(super) left: Vec<super::effects::Left>,
}

impl Connection {
    pub(super) fn new(database: rusqlite::Connection) -> Self {
        Self { database, left: Vec::new() }
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        let mut statement = self.database.prepare_cached(&placeholders(sql)).map_err(store_error)?;
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
        let mut statement = self.database.prepare_cached(&placeholders(sql)).map_err(store_error)?;
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
        let mut statement = self.database.prepare_cached(&placeholders(sql)).map_err(store_error)?;
        let mut rows = statement.query(bind(params)).map_err(store_error)?;
        rows.next().map_err(store_error)?.map(|row| read(Row(row))).transpose()
    }

    /// Runs `work` in a write transaction: committed on `Ok`, rolled back on `Err`. Serializable: SQLite has one writer
    /// at a time. Where the database finds that two met, `work` is run again from its beginning, so it may do nothing
    /// but use the connection; after some tries the failure is the caller's.
    pub fn transaction<T>(&mut self, work: impl Fn(&mut Connection) -> Result<T>) -> Result<T> {
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match self.attempt(&work) {
                Err(e) if e.code == MET_ANOTHER => {
                    std::thread::sleep(pause);
                    pause = pause.saturating_mul(2);
                }
                done => return done,
            }
        }
        self.attempt(&work)
    }

    fn attempt<T>(&mut self, work: impl Fn(&mut Connection) -> Result<T>) -> Result<T> {
        self.database.execute_batch("BEGIN IMMEDIATE").map_err(store_error)?;
        let left = self.left.len();
        let worked = work(self)
            .and_then(|value| self.database.execute_batch("COMMIT").map_err(store_error).map(|()| value));
        if worked.is_err() {
            // a failed rollback leaves nothing more to undo; the first error is the one to tell
            let _ = self.database.execute_batch("ROLLBACK");
            self.left.truncate(left);
        }
        worked
    }
}

fn placeholders(sql: &str) -> String {
    sql.replace('$', "?")
}

/// How SQLite takes a value of ours.
struct Bound<'a>(Value<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Integer(value.into()),
            Value::Integer(value) => ValueRef::Integer(value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn bind<'a>(params: &'a [&'a dyn Param]) -> rusqlite::ParamsFromIter<impl Iterator<Item = Bound<'a>>> {
    rusqlite::params_from_iter(params.iter().map(|param| Bound(param.value())))
}

/// The code of a broken unique constraint. Callers that expect one give it a sentence of their own.
pub const ALREADY_EXISTS: &str = "already_exists";

/// The code of a transaction that met another one and may be begun again.
const MET_ANOTHER: &str = "database_met_another";

pub(super) fn store_error(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(failure, _) = &error {
        match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                return Error::conflict(ALREADY_EXISTS, "That exists already.").caused_by(error);
            }
            // these are told at once; a plain busy has waited its time already (pool.rs)
            ffi::SQLITE_BUSY_SNAPSHOT | ffi::SQLITE_LOCKED_SHAREDCACHE => {
                return Error::new(Kind::Unavailable, MET_ANOTHER, BUSY).caused_by(error);
            }
            _ => {}
        }
        if failure.code == ffi::ErrorCode::DatabaseBusy {
            return unavailable(error);
        }
        if let Some(code) = disk::code(failure.code) {
            // whoever knows the place says more
            return Error::unavailable(code, "The disk under the database does not take what is written.")
                .caused_by(error);
        }
    }
    Error::internal(error)
}

const BUSY: &str = "The database cannot answer now. Try again in a moment.";

/// There is no connection, or it is busy with somebody else's write.
pub(super) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::unavailable(disk::UNAVAILABLE, BUSY).caused_by(cause)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn a_transaction_that_met_another_is_begun_again_but_not_for_ever() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 1).expect("store");
        let tried = store.run(|connection| {
            connection.execute("CREATE TABLE kept (run BIGINT)", &[])?;
            let runs = Cell::new(0_i64);
            let meet = |times: i64| {
                move |connection: &mut Connection, runs: &Cell<i64>| {
                    runs.set(runs.get() + 1);
                    connection.execute("INSERT INTO kept (run) VALUES ($1)", &[&runs.get()])?;
                    if runs.get() <= times {
                        Err(Error::new(Kind::Unavailable, MET_ANOTHER, BUSY))
                    } else {
                        Ok(())
                    }
                }
            };
            let twice = meet(2);
            connection.transaction(|connection| twice(connection, &runs))?;
            let kept = connection.query("SELECT run FROM kept", &[], |row| row.get::<i64>(0))?;
            runs.set(0);
            let always = meet(i64::MAX);
            let given_up = connection.transaction(|connection| always(connection, &runs));
            Ok((kept, runs.get(), given_up.map_err(|e| e.kind)))
        });
        let (kept, runs, given_up) = tried.await.expect("tried");
        assert_eq!(kept, [3], "only the run that was committed");
        assert_eq!((runs, given_up), (i64::from(TRIES), Err(Kind::Unavailable)));
    }
}
