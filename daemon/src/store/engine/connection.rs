//! One connection and its rows, whichever database it is: SQL is written once, with PostgreSQL's `$1` parameters.

use std::time::Duration;

use super::{fault::MET_ANOTHER, postgres, sqlite};
use crate::{
    error::{Error, Result},
    store::{Column, Param, Value, effects::Left},
};

/// A transaction that met another one is begun again so often before it is given up.
const TRIES: u32 = 20;
/// The longest pause before it is the first time; each later one may be twice as long, up to the most. A random part of it is
/// waited, or those who met would meet again.
const PAUSE: Duration = Duration::from_millis(4);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
/// After so many tries it asks to be alone: on a small table everybody meets everybody, and a slow one would lose for ever.
const TRIES_AMONG_OTHERS: u32 = 4;
/// How a write transaction begins on a server: among others, and alone. The lock is had before the snapshot is taken (PostgreSQL
/// manual, LOCK), so who is alone meets nobody, and who waited for them sees what they wrote.
const AMONG_OTHERS: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE refinery_schema_history IN ROW SHARE MODE";
const ALONE: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE refinery_schema_history IN EXCLUSIVE MODE";

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
        self.value(index).and_then(T::read).ok_or_else(|| wrong(index))
    }

    /// Column `index` as it is.
    pub(in crate::store) fn there(&self, index: usize) -> Result<Value<'_>> {
        self.value(index).ok_or_else(|| wrong(index))
    }

    /// `None` where there is none, or of a type that the schema does not have. Without a reason, since it is asked some hundred
    /// times for one answer.
    fn value(&self, index: usize) -> Option<Value<'_>> {
        match self {
            Self::Sqlite(row) => sqlite::column(row, index),
            Self::Postgres(row) => postgres::column(row, index),
        }
    }
}

#[cold]
fn wrong(index: usize) -> Error {
    Error::internal(format!("column {index} has another type than it should"))
}

/// A pooled connection, used on a thread of the store only.
pub struct Connection {
    pub(in crate::store) database: Database,
    /// The effects that were left since this was last taken.
    pub(in crate::store) left: Vec<Left>,
    /// Whether mail was left since this was last taken.
    pub(in crate::store) has_mail: bool,
    /// Whether there is something to be delivered to a webhook.
    pub(in crate::store) has_news: bool,
}

impl Connection {
    pub(in crate::store) fn new(database: Database) -> Self {
        Self { database, left: Vec::new(), has_mail: false, has_news: false }
    }

    /// PostgreSQL keeps no U+0000 in text, so nothing does; and whatever has one in its name is not there.
    fn keepable(params: &[&dyn Param]) -> Result<()> {
        let is_bad = |param: &&dyn Param| matches!(param.value(), Value::Text(text) if text.contains('\0'));
        if params.iter().any(is_bad) {
            let s = "There is a character in it that no database keeps (U+0000). Leave it out.";
            return Err(Error::invalid("invalid_character", s));
        }
        Ok(())
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        Self::keepable(params)?;
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
        Self::keepable(params)?;
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
        for tries in 1..TRIES {
            match self.attempt(tries > TRIES_AMONG_OTHERS, &work) {
                Err(e) if e.code == MET_ANOTHER => {
                    std::thread::sleep(pause.mul_f32(rand::random()));
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                }
                done => return done,
            }
        }
        self.attempt(true, &work)
    }

    fn attempt<T>(&mut self, is_alone: bool, work: impl Fn(&mut Connection) -> Result<T>) -> Result<T> {
        let begin = match self.database {
            Database::Sqlite(_) => "BEGIN IMMEDIATE",
            Database::Postgres(_) if is_alone => ALONE,
            Database::Postgres(_) => AMONG_OTHERS,
        };
        let left = self.left.len();
        let begun = self.step(begin);
        let worked = begun.and_then(|()| work(self)).and_then(|value| self.step("COMMIT").map(|()| value));
        if worked.is_err() {
            // a failed rollback leaves nothing more to undo; the first error is the one to tell
            let _ = self.step("ROLLBACK");
            self.left.truncate(left);
        }
        worked
    }

    /// True where whoever writes keeps everybody else from writing: no row has to be held for that.
    pub(in crate::store) fn has_one_writer(&self) -> bool {
        matches!(self.database, Database::Sqlite(_))
    }

    /// False while the next job can have it.
    pub(in crate::store) fn is_broken(&self) -> bool {
        match &self.database {
            Database::Sqlite(client) => client.is_broken(),
            Database::Postgres(client) => client.is_broken(),
        }
    }

    /// Where a transaction begins or ends.
    fn step(&mut self, sql: &'static str) -> Result<()> {
        match &mut self.database {
            Database::Sqlite(client) => client.step(sql),
            Database::Postgres(client) => client.batch(sql),
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
