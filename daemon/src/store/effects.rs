//! Table `effects`: what a decision left to be done outside of the database. A row is written in the decision's own
//! transaction, taken with a lease, and deleted when it is done; one row for each kind and key.

use std::sync::LazyLock;

use super::{Connection, Timestamp, leased::Leased};
use crate::error::Result;

const COLUMNS: &str = "id, kind, key, payload, attempts, created_at";
static TABLE: LazyLock<Leased> = LazyLock::new(|| Leased::of("effects", COLUMNS, "TRUE"));

/// Something to be done.
#[derive(Clone, Debug)]
pub struct Effect {
    /// UUID version 7; another one whenever the same is left again.
    pub id: String,
    /// What is to be done: `sfu.end`.
    pub kind: String,
    /// To whom or what; the same thing is never done twice at once.
    pub key: String,
    /// What it needs to know, as JSON.
    pub payload: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
    /// When it was left.
    pub created_at: Timestamp,
}

/// An effect that a transaction has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its kind.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// Its id.
    pub id: String,
}

/// Leaves something to be done as soon as the transaction is committed, and again until it is done. What was left before of that
/// kind and key and is not done yet becomes this one; if somebody is at it just now, it is done once more after them.
pub fn leave(connection: &mut Connection, kind: &str, key: &str, payload: &str) -> Result<()> {
    let id = uuid::Uuid::now_v7().to_string();
    connection.execute(
        "INSERT INTO effects (id, kind, key, payload, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (kind, key) DO UPDATE SET id = excluded.id, payload = excluded.payload, due_at = excluded.due_at,
                created_at = excluded.created_at, attempts = 0, last_error = NULL",
        &[&id, &kind, &key, &payload, &Timestamp::now()],
    )?;
    connection.left.push(Left { kind: kind.to_owned(), key: key.to_owned(), id });
    Ok(())
}

/// What the work on this connection has left until now.
pub fn left(connection: &mut Connection) -> Vec<Left> {
    connection.left.clone()
}

/// Takes at most `limit` that are due and nobody's, oldest first; they are `by`'s until `until`.
pub fn take(
    connection: &mut Connection,
    by: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Effect>> {
    TABLE.take(connection, by, (now, until), limit, |row| {
        Ok(Effect {
            id: row.get(0)?,
            kind: row.get(1)?,
            key: row.get(2)?,
            payload: row.get(3)?,
            attempts: row.get(4)?,
            created_at: row.get(5)?,
        })
    })
}

/// When the next one may be taken; `None` when there is none.
pub fn next(connection: &mut Connection) -> Result<Option<Timestamp>> {
    TABLE.next(connection)
}

/// It is done. If it was left again meanwhile, it may be taken again at once.
pub fn done(connection: &mut Connection, effect: &Effect, by: &str) -> Result<()> {
    TABLE.done(connection, &effect.id, (&effect.kind, &effect.key), by)
}

/// It failed, and is due again at `due_at`; at once if it was left again meanwhile.
pub fn failed(
    connection: &mut Connection,
    effect: &Effect,
    by: &str,
    due_at: Timestamp,
    error: &str,
) -> Result<()> {
    connection.execute(
        "UPDATE effects SET leased_by = NULL, leased_until = NULL, last_error = $5,
                due_at = CASE WHEN id = $4 THEN $6 ELSE due_at END
          WHERE kind = $1 AND key = $2 AND leased_by = $3",
        &[&effect.kind, &effect.key, &by, &effect.id, &error, &due_at],
    )?;
    Ok(())
}

/// Gives back what `by` took before they were started anew.
pub fn release(connection: &mut Connection, by: &str) -> Result<u64> {
    TABLE.release(connection, by)
}

/// How many were left before `before` and failed since, and why the last of them did; `None` where none did.
pub fn failing(connection: &mut Connection, before: Timestamp) -> Result<Option<(i64, String)>> {
    let sql =
        "SELECT count(*), max(last_error) FROM effects WHERE created_at < $1 AND last_error IS NOT NULL";
    let found = connection.first(sql, &[&before], |row| Ok((row.get(0)?, row.get::<Option<String>>(1)?)))?;
    Ok(found.and_then(|(count, why)| Some((count, why?))))
}
