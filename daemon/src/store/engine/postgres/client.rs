//! One connection to PostgreSQL: statements are prepared once and kept.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use postgres::{Statement, types::ToSql};

use super::{
    fault::fault,
    value::{Bound, Read},
};
use crate::{
    error::{Error, Result},
    store::{Param, Value},
};

/// Statements kept; the program has some two hundred.
const KEPT: usize = 512;
/// A connection that rested so long is asked whether it still stands before it is used.
const RESTED: Duration = Duration::from_millis(500);
/// How long that may take.
const STANDS: Duration = Duration::from_secs(2);

/// A connection and the statements that it knows.
pub(in crate::store) struct Client {
    client: postgres::Client,
    kept: HashMap<String, Statement>,
    used: Instant,
    is_in_transaction: bool,
}

/// A row of an answer.
pub(in crate::store) type Row = postgres::Row;

/// Column `index` of a row.
pub(in crate::store) fn column(row: &Row, index: usize) -> Result<Value<'_>> {
    row.try_get::<_, Read<'_>>(index).map(|read| read.0).map_err(Error::internal)
}

impl Client {
    pub(in crate::store) fn new(client: postgres::Client) -> Self {
        Self { client, kept: HashMap::new(), used: Instant::now(), is_in_transaction: false }
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
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        if !self.kept.contains_key(sql) {
            let statement = self.client.prepare(sql).map_err(fault)?;
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
            fault(e)
        })
    }

    /// Text without parameters and without an answer.
    pub(in crate::store) fn batch(&mut self, sql: &str) -> Result<()> {
        match sql.split(' ').next() {
            Some("BEGIN") => self.is_in_transaction = true,
            // a failed COMMIT is followed by a ROLLBACK
            Some("COMMIT" | "ROLLBACK") => {
                return self
                    .client
                    .batch_execute(sql)
                    .map(|()| self.is_in_transaction = false)
                    .map_err(fault);
            }
            _ => {}
        }
        self.client.batch_execute(sql).map_err(fault)
    }

    /// False when nothing can be asked through this connection any more.
    pub(in crate::store) fn stands(&mut self) -> bool {
        if self.client.is_closed() {
            return false;
        }
        self.used.elapsed() < RESTED || self.client.is_valid(STANDS).is_ok()
    }

    /// The server is gone, or work that panicked or broke off may have left a transaction open.
    pub(in crate::store) fn is_broken(&self) -> bool {
        self.client.is_closed() || self.is_in_transaction
    }

    pub(super) fn raw(&mut self) -> &mut postgres::Client {
        &mut self.client
    }
}
