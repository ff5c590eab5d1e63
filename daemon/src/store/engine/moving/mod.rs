//! Moves everything into another database while people go on working: a copy of one moment, then what changed since, and the last
//! of it with nobody writing. Broken off at any moment, the database that it came from serves as before.

mod changes;
mod mark;
mod shape;
mod side;
mod sum;

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use mark::Mark;
use shape::Table;
use sum::Sum;

use super::{connection::Database, pool::Place, schema};
use crate::{
    error::{Error, Result},
    store::Connection,
};

/// So few notes are taken over with nobody writing.
const FEW: usize = 100;
/// Whoever writes faster than we read has to wait a little longer at the end.
const ROUNDS: usize = 200;

/// Between two questions to a server that does not answer.
const PAUSE: Duration = Duration::from_millis(500);

/// How far it is, for whoever asks meanwhile.
#[derive(Debug, Default)]
pub(in crate::store) struct Progress {
    pub(in crate::store) rows: AtomicU64,
    pub(in crate::store) of: AtomicU64,
    pub(in crate::store) is_given_up: AtomicBool,
}

impl Progress {
    fn step(&self) -> Result<()> {
        self.rows.fetch_add(1, Ordering::Relaxed);
        if self.is_given_up.load(Ordering::Relaxed) {
            let s = "The move was given up. Nothing has changed.";
            return Err(Error::conflict("move_given_up", s));
        }
        Ok(())
    }
}

/// A copy that is nearly whole, until [`Move::finish`] or until it is dropped.
pub(in crate::store) struct Move {
    tables: Vec<Table>,
    source: Connection,
    target: Connection,
    waiting: Vec<changes::Change>,
}

impl Move {
    /// Copies everything from `from` to `to`, both of our schema, and compares what was read with what arrived.
    /// `begun` writes into the source that it has begun.
    pub(in crate::store) fn copy(
        from: &Place,
        to: &Place,
        progress: &Progress,
        begun: impl FnOnce(&mut Connection) -> Result<()>,
    ) -> Result<Self> {
        if from.shown() == to.shown() {
            let s = "That is where the database is already. Name another place.";
            return Err(Error::conflict("database_same", s));
        }
        let tables = shape::tables()?;
        let source = open(from)?;
        let target = prepare(to, &tables)?;
        let mut this = Self { tables, source, target, waiting: Vec::new() };
        changes::note(&mut this.source, &this.tables)?;
        begun(&mut this.source)?;
        let mut seen = open(from)?;
        side::snapshot(&mut seen)?;
        let mut all = 0;
        for table in &this.tables {
            all += u64::try_from(side::count(&mut seen, table)?).unwrap_or(0);
        }
        progress.of.store(all, Ordering::Relaxed);
        for table in &this.tables {
            let mut read = Sum::default();
            side::fill(&mut this.target, table, |take| {
                side::each(&mut seen, table, |row| {
                    read.add(row);
                    progress.step()?;
                    take(row)
                })
            })?;
            let mut arrived = Sum::default();
            side::each(&mut this.target, table, |row| {
                arrived.add(row);
                Ok(())
            })?;
            if read != arrived {
                return Err(differs(&table.name));
            }
        }
        for _ in 0..ROUNDS {
            if this.take_over()? < FEW && this.waiting.is_empty() {
                break;
            }
        }
        Ok(this)
    }

    fn take_over(&mut self) -> Result<usize> {
        changes::take_over(&mut self.source, &mut self.target, &self.tables, &mut self.waiting)
    }

    /// Takes over the rest, compares, and makes the target the one that serves. Nobody may write meanwhile.
    pub(in crate::store) fn finish(mut self, from: &Place, to: &Place) -> Result<()> {
        let mut left = ROUNDS;
        while self.take_over()? > 0 || !self.waiting.is_empty() {
            left -= 1;
            if left == 0 {
                return Err(differs("some table"));
            }
        }
        for table in &self.tables {
            if side::count(&mut self.source, table)? != side::count(&mut self.target, table)? {
                return Err(differs(&table.name));
            }
        }
        mark::write(&mut self.target, &Mark::Whole)?;
        self.settle()?;
        let moved = Mark::Moved(to.shown());
        // from here on the other one serves
        if let Err(e) = self.source.transaction(|source| mark::write(source, &moved)) {
            decided(from, &moved, e)?;
        }
        // a start would do that, too
        let _ = mark::remove(&mut self.target);
        Ok(())
    }

    /// What was written fast is on the disk from now on.
    fn settle(&mut self) -> Result<()> {
        match self.target.database {
            Database::Sqlite(_) => {
                self.target.batch("PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE);")
            }
            Database::Postgres(_) => Ok(()),
        }
    }
}

impl Drop for Move {
    fn drop(&mut self) {
        // else the next start does it; a transaction may be open, as what failed left it
        let _ = self.source.batch("ROLLBACK");
        if let Err(e) = changes::forget(&mut self.source, &self.tables) {
            tracing::warn!(code = e.code, "what noted changes is still there: {e}");
        }
    }
}

/// Whether the mark was written although nobody said so. Waits for the answer: until then nobody may write anywhere.
fn decided(from: &Place, moved: &Mark, error: Error) -> Result<()> {
    loop {
        match open(from).and_then(|mut source| mark::read(&mut source)) {
            Ok(mark) if mark.as_ref() == Some(moved) => return Ok(()),
            Ok(_) => return Err(error),
            Err(e) => tracing::warn!(code = e.code, "whether the move is done is not known yet: {e}"),
        }
        std::thread::sleep(PAUSE);
    }
}

/// A look at the start, on a connection of the database: an error where another one serves. What a broken-off move left is
/// taken away.
pub(in crate::store) fn may_serve(connection: &mut Connection, place: &Place) -> Result<()> {
    let mark = mark::read(connection)?;
    mark::may_serve(mark.as_ref(), place)?;
    if mark.is_some() {
        mark::remove(connection)?;
    }
    // reading our own shape takes a database of its own, which a start without a broken-off move does not need
    if side::has_table(connection, changes::NOTES)? {
        changes::forget(connection, &shape::tables()?)?;
    }
    Ok(())
}

/// The same without changing anything.
pub(in crate::store) fn would_serve(connection: &mut Connection, place: &Place) -> Result<()> {
    mark::may_serve(mark::read(connection)?.as_ref(), place)
}

fn open(place: &Place) -> Result<Connection> {
    let mut connection = r2d2::ManageConnection::connect(place)?;
    side::patient(&mut connection)?;
    Ok(connection)
}

/// An empty database of our schema that says of itself that it is not whole.
fn prepare(place: &Place, tables: &[Table]) -> Result<Connection> {
    let mut target = open(place)?;
    schema::migrate(&mut target, place)?;
    side::patient(&mut target)?;
    let is_ours = mark::read(&mut target)?.is_some_and(|mark| !matches!(mark, Mark::Moved(_)));
    if !is_ours && has_rows(&mut target, tables)? {
        let s = format!(
            "There is a Bedrud in {} already. Name an empty database, or empty that one first.",
            place.shown()
        );
        return Err(Error::conflict("database_not_empty", s));
    }
    mark::write(&mut target, &Mark::Copying)?;
    if let Database::Sqlite(_) = target.database {
        // nothing of it is worth anything before it is whole
        target.batch("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;")?;
    }
    changes::forget(&mut target, tables)?;
    for table in tables.iter().rev() {
        target.execute(&format!("DELETE FROM {}", table.name), &[])?;
    }
    Ok(target)
}

/// Whether somebody has used it: people, or rooms.
fn has_rows(target: &mut Connection, tables: &[Table]) -> Result<bool> {
    for table in tables.iter().filter(|table| ["users", "rooms"].contains(&table.name.as_str())) {
        if side::count(target, table)? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn differs(table: &str) -> Error {
    let s = format!("What arrived of {table} is not what was there. Nothing has changed; try again.");
    Error::unavailable("database_differs", s)
}
