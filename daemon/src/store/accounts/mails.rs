//! Table `mails`: mail on its way. A row is written in the transaction of what it tells of, taken with a lease, and deleted when
//! it was handed over; one row waits for each kind and key.

use std::sync::LazyLock;

use crate::{
    error::Result,
    store::{Connection, Row, Timestamp, leased::Leased},
};

/// A mail that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// UUID version 7; another one whenever the same is left again.
    pub id: String,
    /// What it is about: `reset`.
    pub kind: String,
    /// Of a kind, one waits for each of these.
    pub key: String,
    /// The mail address it goes to.
    pub recipient: String,
    /// What the letter needs to know, as JSON; no secret.
    pub payload: String,
    /// How often it was begun, this time included.
    pub attempts: i64,
    /// When it was left.
    pub created_at: Timestamp,
    /// When it is tried again.
    pub due_at: Timestamp,
    /// When it was given up.
    pub given_up_at: Option<Timestamp>,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// The queue in figures.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// On its way.
    pub waiting: i64,
    /// Of these, tried in vain at least once.
    pub failing: i64,
    /// Not tried any more.
    pub given_up: i64,
    /// When the oldest of those on their way was left.
    pub oldest: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, kind, key, recipient, payload, attempts, created_at, due_at, given_up_at, last_error";
static TABLE: LazyLock<Leased> = LazyLock::new(|| Leased::of("mails", COLUMNS, "given_up_at IS NULL"));

fn read(row: &Row<'_>) -> Result<Waiting> {
    Ok(Waiting {
        id: row.get(0)?,
        kind: row.get(1)?,
        key: row.get(2)?,
        recipient: row.get(3)?,
        payload: row.get(4)?,
        attempts: row.get(5)?,
        created_at: row.get(6)?,
        due_at: row.get(7)?,
        given_up_at: row.get(8)?,
        last_error: row.get(9)?,
    })
}

/// Leaves a mail to be sent as soon as the transaction is committed. What waited of that kind and key becomes this one.
pub fn leave(
    connection: &mut Connection,
    kind: &str,
    key: &str,
    recipient: &str,
    payload: &str,
) -> Result<()> {
    connection.execute(
        "INSERT INTO mails (id, kind, key, recipient, payload, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (kind, key) DO UPDATE SET id = excluded.id, recipient = excluded.recipient, payload = excluded.payload,
                due_at = excluded.due_at, created_at = excluded.created_at, attempts = 0, last_error = NULL, given_up_at = NULL",
        &[&uuid::Uuid::now_v7().to_string(), &kind, &key, &recipient, &payload, &Timestamp::now()],
    )?;
    connection.has_mail = true;
    Ok(())
}

/// Takes at most `limit` that are due and nobody's, oldest first; they are `by`'s until `until`.
pub fn take(
    connection: &mut Connection,
    by: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Waiting>> {
    TABLE.take(connection, by, (now, until), limit, |row| read(&row))
}

/// When the next one may be taken; `None` when there is none.
pub fn next(connection: &mut Connection) -> Result<Option<Timestamp>> {
    TABLE.next(connection)
}

/// It was handed over, or nobody needs it. If it was left again meanwhile, that one may be taken at once.
pub fn done(connection: &mut Connection, mail: &Waiting, by: &str) -> Result<()> {
    TABLE.done(connection, &mail.id, (&mail.kind, &mail.key), by)
}

/// It failed: due again at `due_at`, or given up; at once if it was left again meanwhile.
pub fn failed(
    connection: &mut Connection,
    mail: &Waiting,
    by: &str,
    due_at: Option<Timestamp>,
    error: &str,
) -> Result<()> {
    let given_up_at = due_at.is_none().then(Timestamp::now);
    connection.execute(
        "UPDATE mails SET leased_by = NULL, leased_until = NULL,
                last_error = CASE WHEN id = $4 THEN $5 ELSE last_error END,
                due_at = CASE WHEN id = $4 THEN coalesce(CAST($6 AS BIGINT), due_at) ELSE due_at END,
                given_up_at = CASE WHEN id = $4 THEN CAST($7 AS BIGINT) END
          WHERE kind = $1 AND key = $2 AND leased_by = $3",
        &[&mail.kind, &mail.key, &by, &mail.id, &error, &due_at, &given_up_at],
    )?;
    Ok(())
}

/// Gives back what `by` took before they were started anew.
pub fn release(connection: &mut Connection, by: &str) -> Result<u64> {
    TABLE.release(connection, by)
}

/// Has everything tried at once that waits for its time, or was given up; says how many.
pub fn again(connection: &mut Connection) -> Result<u64> {
    connection.has_mail = true;
    connection.execute(
        "UPDATE mails SET due_at = $1, attempts = 0, given_up_at = NULL
          WHERE given_up_at IS NOT NULL OR (due_at > $1 AND leased_until IS NULL)",
        &[&Timestamp::now()],
    )
}

/// The queue in figures.
pub fn figures(connection: &mut Connection) -> Result<Figures> {
    let sql = "SELECT coalesce(sum(CASE WHEN given_up_at IS NULL THEN 1 ELSE 0 END), 0),
                      coalesce(sum(CASE WHEN given_up_at IS NULL AND last_error IS NOT NULL THEN 1 ELSE 0 END), 0),
                      coalesce(sum(CASE WHEN given_up_at IS NULL THEN 0 ELSE 1 END), 0),
                      min(CASE WHEN given_up_at IS NULL THEN created_at END) FROM mails";
    let found = connection.first(sql, &[], |row| {
        Ok(Figures { waiting: row.get(0)?, failing: row.get(1)?, given_up: row.get(2)?, oldest: row.get(3)? })
    })?;
    Ok(found.unwrap_or_default())
}

/// How many were given up, or were left before `before` and failed since, and why one of them did; `None` where none did.
pub fn failing(connection: &mut Connection, before: Timestamp) -> Result<Option<(i64, String)>> {
    let sql = "SELECT count(*), max(last_error) FROM mails
                WHERE last_error IS NOT NULL AND (given_up_at IS NOT NULL OR created_at < $1)";
    let found = connection.first(sql, &[&before], |row| Ok((row.get(0)?, row.get::<Option<String>>(1)?)))?;
    Ok(found.and_then(|(count, why)| Some((count, why?))))
}

/// The newest of them.
pub fn list(connection: &mut Connection, limit: i64) -> Result<Vec<Waiting>> {
    let sql = format!("SELECT {COLUMNS} FROM mails ORDER BY id DESC LIMIT $1");
    connection.query(&sql, &[&limit], |row| read(&row))
}

/// Forgets what was given up before.
pub fn forget(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    connection.execute("DELETE FROM mails WHERE given_up_at < $1", &[&before])
}
