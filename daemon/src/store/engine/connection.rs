//! One connection and its rows, whichever database it is: SQL is written once, with PostgreSQL's `$1` parameters.

use std::time::Duration;

use super::{fault::MET_ANOTHER, postgres, sqlite};
use crate::{
    error::{Error, Result},
    store::{Column, Param, Value, effects::Left},
};

/// A transaction that met another one is begun again so often before it is given up.
const TRIES: u32 = 5;
/// The first pause before it is; each later one is twice as long.
const PAUSE: Duration = Duration::from_millis(2);

/// Whose connection it is.
pub(in crate::store) enum Database {
    /// A file.
    Sqlite(sqlite::Client),
    /// A server.
    Postgres(Box<postgres::Client>),
}

/// A row of an answer; columns are counted from 0.
pub enum Row<'a> {
    /// Of a file.
    #[doc(hidden)]
    Sqlite(&'a rusqlite::Row<'a>),
    /// Of a server.
    #[doc(hidden)]
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// Reads column `index`; a type that does not fit is an internal error.
    pub fn get<T: Column>(&self, index: usize) -> Result<T> {
        let value = match self {
            Self::Sqlite(row) => sqlite::column(row, index)?,
            Self::Postgres(row) => Some(postgres::column(row, index)?),
        };
        let wrong = || Error::internal(format!("column {index} has another type than it should"));
        value.and_then(|value: Value<'_>| T::read(value)).ok_or_else(wrong)
    }
}

/// A pooled connection, used on a thread of the store only.
pub struct Connection {
    pub(in crate::store) database: Database,
    /// The effects that were left since this was last taken.
    pub(in crate::store) left: Vec<Left>,
}

impl Connection {
    pub(in crate::store) fn new(database: Database) -> Self {
        Self { database, left: Vec::new() }
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        match &mut self.database {
            Database::Sqlite(client) => client.execute(sql, params),
            Database::Postgres(client) => client.execute(sql, params),
        }
    }

    /// Every row of a query, read by `read`.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut out = Vec::new();
        self.each(sql, params, |row| {
            out.push(read(row)?);
            Ok(true)
        })?;
        Ok(out)
    }

    /// The first row of a query, or `None`.
    pub fn first<T>(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut first = None;
        self.each(sql, params, |row| {
            first = Some(read(row)?);
            Ok(false)
        })?;
        Ok(first)
    }

    fn each(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        mut read: impl FnMut(Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        match &mut self.database {
            Database::Sqlite(client) => client.each(sql, params, |row| read(Row::Sqlite(row))),
            Database::Postgres(client) => {
                for row in client.query(sql, params)? {
                    if !read(Row::Postgres(&row))? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// Runs `work` in a write transaction: committed on `Ok`, rolled back on `Err`. Serializable: SQLite has one writer
    /// at a time, PostgreSQL is asked for it. Where the database finds that two met, `work` is run again from its beginning, so it may do nothing
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
        let begin = match self.database {
            Database::Sqlite(_) => "BEGIN IMMEDIATE",
            Database::Postgres(_) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        };
        self.batch(begin)?;
        let left = self.left.len();
        let worked = work(self).and_then(|value| self.batch("COMMIT").map(|()| value));
        if worked.is_err() {
            // a failed rollback leaves nothing more to undo; the first error is the one to tell
            let _ = self.batch("ROLLBACK");
            self.left.truncate(left);
        }
        worked
    }

    /// False while the next job can have it.
    pub(in crate::store) fn is_broken(&self) -> bool {
        match &self.database {
            Database::Sqlite(client) => client.is_broken(),
            Database::Postgres(client) => client.is_broken(),
        }
    }

    pub(in crate::store) fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.database {
            Database::Sqlite(client) => client.batch(sql),
            Database::Postgres(client) => client.batch(sql),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::{
        error::Kind,
        store::{Store, engine::fault::BUSY},
    };

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
