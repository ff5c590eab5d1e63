//! What the tables of things to be done have in common: a row is due at a time and is taken with a lease. Rows of a kind and key
//! are deleted when they are done; left again meanwhile they have another id. Rows that stay are given back.

use std::time::Duration;

use super::{Connection, Row, Timestamp};
use crate::error::Result;

/// The statements of one such table, made once.
pub(super) struct Leased {
    take: String,
    next: String,
    delete: String,
    free: String,
    give_back: String,
    release: String,
}

impl Leased {
    /// `columns` are those of a row that was taken; `waits` says which rows are to be done at all. Each taking is counted.
    pub(super) fn of(table: &str, columns: &str, waits: &str) -> Self {
        Self::new(table, ", attempts = attempts + 1", columns, waits)
    }

    /// The same of rows that stay, and whose taking counts nothing.
    pub(super) fn staying(table: &str, columns: &str, waits: &str) -> Self {
        Self::new(table, "", columns, waits)
    }

    fn new(table: &str, count: &str, columns: &str, waits: &str) -> Self {
        let free = format!("UPDATE {table} SET leased_by = NULL, leased_until = NULL");
        Self {
            take: format!(
                "UPDATE {table} SET leased_by = $1, leased_until = $3{count}
                  WHERE id IN (SELECT id FROM {table} WHERE due_at <= $2 AND {waits}
                                  AND (leased_until IS NULL OR leased_until <= $2) ORDER BY due_at, id LIMIT $4)
                 RETURNING {columns}"
            ),
            next: format!(
                "SELECT min(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) FROM {table} WHERE {waits}"
            ),
            delete: format!("DELETE FROM {table} WHERE id = $1"),
            give_back: format!("{free} WHERE id = $1 AND leased_by = $2"),
            release: format!("{free} WHERE leased_by = $1"),
            free: format!("{free} WHERE kind = $1 AND key = $2 AND leased_by = $3"),
        }
    }

    /// Takes at most `limit` that are due and nobody's, oldest first; they are `by`'s until `until`.
    pub(super) fn take<T>(
        &self,
        connection: &mut Connection,
        by: &str,
        (now, until): (Timestamp, Timestamp),
        limit: i64,
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        connection.query(&self.take, &[&by, &now, &until, &limit], read)
    }

    /// When the next one may be taken; `None` when there is none.
    pub(super) fn next(&self, connection: &mut Connection) -> Result<Option<Timestamp>> {
        Ok(connection.first(&self.next, &[], |row| row.get::<Option<Timestamp>>(0))?.flatten())
    }

    /// It is done. If it was left again meanwhile, that one may be taken at once.
    pub(super) fn done(
        &self,
        connection: &mut Connection,
        id: &str,
        (kind, key): (&str, &str),
        by: &str,
    ) -> Result<()> {
        if connection.execute(&self.delete, &[&id])? == 0 {
            connection.execute(&self.free, &[&kind, &key, &by])?;
        }
        Ok(())
    }

    /// Gives one back that stays, unless somebody else has it by now.
    pub(super) fn give_back(&self, connection: &mut Connection, id: &str, by: &str) -> Result<()> {
        connection.execute(&self.give_back, &[&id, &by]).map(drop)
    }

    /// Gives back what `by` took before they were started anew.
    pub(super) fn release(&self, connection: &mut Connection, by: &str) -> Result<u64> {
        connection.execute(&self.release, &[&by])
    }
}

/// How long to wait for what may be taken at `next`: no longer than `longest`, and a moment at least, so that a clock that
/// runs apart makes no busy loop.
pub fn until_due(next: Option<Timestamp>, longest: Duration) -> Duration {
    let Some(next) = next else { return longest };
    let milliseconds = u64::try_from(next.0.saturating_sub(Timestamp::now().0)).unwrap_or(0);
    Duration::from_millis(milliseconds.max(20)).min(longest)
}

/// The pause after a failure in seconds, doubled with each from `first` up to `longest`.
pub fn pause_seconds(attempts: i64, first: i64, longest: i64) -> i64 {
    let doubled = u32::try_from(attempts.saturating_sub(1).clamp(0, 16)).unwrap_or(0);
    first.saturating_mul(2_i64.saturating_pow(doubled)).min(longest)
}
