//! One connection to PostgreSQL: statements are prepared once and kept.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use postgres::{Statement, types::ToSql};

use super::{
    address::Address,
    fault::fault,
    value::{Bound, Read},
};
use crate::{
    error::{Error, Result},
    store::{
        Param, Value,
        engine::fault::{AWAY, MET_ANOTHER, READ_ONLY, away},
    },
};

/// Statements kept; the program has some two hundred.
const KEPT: usize = 512;
/// A connection that rested so long is asked whether it still stands before it is used.
const RESTED: Duration = Duration::from_millis(500);
/// How long that may take.
const STANDS: Duration = Duration::from_secs(2);

/// A connection and the statements that it knows. One that breaks is opened again where asking twice is safe: to read outside of
/// a transaction, and to begin one. What was written and not answered is never written again.
pub(in crate::store) struct Client {
    address: Address,
    client: postgres::Client,
    kept: HashMap<String, Statement>,
    used: Instant,
    is_in_transaction: bool,
    /// The server is gone, or is not the one that writes any more. The client below may not know.
    has_broken: bool,
}

/// A row of an answer.
pub(in crate::store) type Row = postgres::Row;

/// Column `index` of a row.
pub(in crate::store) fn column(row: &Row, index: usize) -> Option<Value<'_>> {
    row.try_get::<_, Read<'_>>(index).map(|read| read.0).ok()
}

impl Client {
    /// Connects. Blocking.
    pub(in crate::store) fn open(address: &Address) -> Result<Self> {
        let client = address.open()?;
        let (address, kept) = (address.clone(), HashMap::new());
        Ok(Self { address, client, kept, used: Instant::now(), is_in_transaction: false, has_broken: false })
    }

    fn open_again(&mut self) -> Result<()> {
        // where it is and why it does not answer is for the log, not for whoever asks for a room
        *self = Self::open(&self.address).map_err(away)?;
        Ok(())
    }

    /// Changed rows.
    pub(in crate::store) fn execute(&mut self, sql: &str, params: &[&dyn Param]) -> Result<u64> {
        self.with(sql, params, |client, statement, params| client.execute(statement, params))
    }

    /// Every row.
    pub(in crate::store) fn query(&mut self, sql: &str, params: &[&dyn Param]) -> Result<Vec<Row>> {
        self.with(sql, params, |client, statement, params| client.query(statement, params))
    }

    fn with<T>(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        run: impl Fn(
            &mut postgres::Client,
            &Statement,
            &[&(dyn ToSql + Sync)],
        ) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        match self.once(sql, params, &run) {
            Err(e) if e.code == AWAY && self.is_in_transaction => {
                // nothing of it is committed: whoever began it may begin it again
                Err(Error { code: MET_ANOTHER, ..e })
            }
            Err(e) if e.code == AWAY && sql.trim_start().starts_with("SELECT") => {
                self.open_again()?;
                self.once(sql, params, &run)
            }
            done => done,
        }
    }

    fn once<T>(
        &mut self,
        sql: &str,
        params: &[&dyn Param],
        run: &impl Fn(
            &mut postgres::Client,
            &Statement,
            &[&(dyn ToSql + Sync)],
        ) -> std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        if !self.kept.contains_key(sql) {
            let prepared = self.client.prepare(sql);
            let statement = prepared.map_err(|e| self.noted(fault(e)))?;
            self.kept.insert(sql.to_owned(), statement);
        }
        let statement = self.kept.get(sql).ok_or_else(|| Error::internal("a statement was not kept"))?;
        let bound: Vec<Bound<'_>> = params.iter().map(|param| Bound(param.value())).collect();
        let params: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|param| param as _).collect();
        let done = run(&mut self.client, statement, &params);
        self.used = Instant::now();
        done.map_err(|e| {
            // its tables were changed by another daemon's migration; the next use prepares it anew
            if e.code() == Some(&postgres::error::SqlState::FEATURE_NOT_SUPPORTED) {
                self.kept.remove(sql);
            }
            self.noted(fault(e))
        })
    }

    /// Remembers a failure after which this connection is of no use.
    fn noted(&mut self, error: Error) -> Error {
        self.has_broken |= error.code == AWAY || error.code == READ_ONLY;
        error
    }

    /// Text without parameters and without an answer.
    pub(in crate::store) fn batch(&mut self, sql: &str) -> Result<()> {
        let done = self.client.batch_execute(sql);
        let mut done = done.map_err(|e| self.noted(fault(e)));
        let verb = sql.split(' ').next();
        if verb == Some("BEGIN") && self.has_broken && !self.is_in_transaction {
            self.open_again()?;
            done = self.client.batch_execute(sql).map_err(|e| self.noted(fault(e)));
        }
        match (verb, &done) {
            (Some("BEGIN"), Ok(())) => self.is_in_transaction = true,
            // a failed COMMIT is followed by a ROLLBACK; with the connection the server has rolled back
            (Some("COMMIT"), Ok(())) => self.is_in_transaction = false,
            (Some("ROLLBACK"), done) if done.is_ok() || self.has_broken => self.is_in_transaction = false,
            _ => {}
        }
        done
    }

    /// False when nothing can be asked through this connection any more.
    pub(in crate::store) fn stands(&mut self) -> bool {
        if self.is_broken() {
            return false;
        }
        self.used.elapsed() < RESTED || self.client.is_valid(STANDS).is_ok()
    }

    /// The server is gone, or work that panicked or broke off may have left a transaction open.
    pub(in crate::store) fn is_broken(&self) -> bool {
        self.has_broken || self.client.is_closed() || self.is_in_transaction
    }

    /// For what only this database can do.
    pub(in crate::store) fn raw(&mut self) -> &mut postgres::Client {
        &mut self.client
    }
}
