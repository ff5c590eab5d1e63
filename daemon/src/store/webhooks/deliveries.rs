//! Tables `webhook_deliveries` and `webhook_attempts`: what each webhook is told, in order, and every call that was made for it.

use crate::{
    error::Result,
    store::{Connection, Row, Timestamp},
};

/// Something that one webhook is told.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// UUID version 7; the receiver drops doubles by it.
    pub id: String,
    /// To whom.
    pub webhook_id: String,
    /// The name of the event.
    pub event: String,
    /// What is sent, byte by byte.
    pub body: String,
    /// How far it is.
    pub state: String,
    /// Calls that were made for it.
    pub attempts: i64,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it is given up unless it has arrived.
    pub give_up_at: Timestamp,
    /// When it arrived or was given up.
    pub ended_at: Option<Timestamp>,
}

/// Has to be sent.
pub const WAITING: &str = "waiting";
/// Has arrived.
pub const DELIVERED: &str = "delivered";
/// Was given up: a dead letter.
pub const DEAD: &str = "dead";

/// One call.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub milliseconds: i64,
    /// What was answered; `None` where nothing was.
    pub status: Option<i64>,
    /// Why it failed; empty where it did not.
    pub error: String,
}

const COLUMNS: &str = "id, webhook_id, event, body, state, attempts, created_at, give_up_at, ended_at";

fn read(row: &Row<'_>) -> Result<Delivery> {
    Ok(Delivery {
        id: row.get(0)?,
        webhook_id: row.get(1)?,
        event: row.get(2)?,
        body: row.get(3)?,
        state: row.get(4)?,
        attempts: row.get(5)?,
        created_at: row.get(6)?,
        give_up_at: row.get(7)?,
        ended_at: row.get(8)?,
    })
}

/// Adds one.
pub fn insert(connection: &mut Connection, delivery: &Delivery) -> Result<()> {
    let sql =
        format!("INSERT INTO webhook_deliveries ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    connection.execute(
        &sql,
        &[
            &delivery.id,
            &delivery.webhook_id,
            &delivery.event,
            &delivery.body,
            &delivery.state,
            &delivery.attempts,
            &delivery.created_at,
            &delivery.give_up_at,
            &delivery.ended_at,
        ],
    )?;
    connection.has_news = true;
    Ok(())
}

/// The next for a webhook: the oldest that waits.
pub fn head(connection: &mut Connection, webhook_id: &str) -> Result<Option<Delivery>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'waiting' ORDER BY id LIMIT 1"
    );
    connection.first(&sql, &[&webhook_id], |row| read(&row))
}

/// One of a webhook.
pub fn by_id(connection: &mut Connection, webhook_id: &str, id: &str) -> Result<Option<Delivery>> {
    let sql = format!("SELECT {COLUMNS} FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2");
    connection.first(&sql, &[&webhook_id, &id], |row| read(&row))
}

/// Those of a webhook in one state or any, newest first; and how many there are on all pages.
pub fn list(
    connection: &mut Connection,
    webhook_id: &str,
    state: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<(Vec<Delivery>, i64)> {
    let which = "webhook_id = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2)";
    let sql =
        format!("SELECT {COLUMNS} FROM webhook_deliveries WHERE {which} ORDER BY id DESC LIMIT $3 OFFSET $4");
    let found = connection.query(&sql, &[&webhook_id, &state, &limit, &offset], |row| read(&row))?;
    let sql = format!("SELECT count(*) FROM webhook_deliveries WHERE {which}");
    let total = connection.first(&sql, &[&webhook_id, &state], |row| row.get(0))?;
    Ok((found, total.unwrap_or(0)))
}

/// Every call that was made for one, oldest first.
pub fn attempts(connection: &mut Connection, delivery_id: &str) -> Result<Vec<Attempt>> {
    let sql =
        "SELECT at, milliseconds, status, error FROM webhook_attempts WHERE delivery_id = $1 ORDER BY id";
    connection.query(sql, &[&delivery_id], |row| {
        Ok(Attempt { at: row.get(0)?, milliseconds: row.get(1)?, status: row.get(2)?, error: row.get(3)? })
    })
}

/// Writes one call down, and what became of the delivery by it.
pub fn tried(
    connection: &mut Connection,
    id: &str,
    attempt: &Attempt,
    state: &str,
    ended_at: Option<Timestamp>,
) -> Result<()> {
    let sql =
        "UPDATE webhook_deliveries SET attempts = attempts + 1, state = $2, ended_at = $3 WHERE id = $1";
    if connection.execute(sql, &[&id, &state, &ended_at])? == 0 {
        return Ok(()); // its webhook was deleted meanwhile
    }
    connection.execute(
        "INSERT INTO webhook_attempts (id, delivery_id, at, milliseconds, status, error)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            &uuid::Uuid::now_v7().to_string(),
            &id,
            &attempt.at,
            &attempt.milliseconds,
            &attempt.status,
            &attempt.error,
        ],
    )?;
    Ok(())
}

/// Gives everything of a webhook up whose time is over.
pub fn give_up(connection: &mut Connection, webhook_id: &str, now: Timestamp) -> Result<u64> {
    connection.execute(
        "UPDATE webhook_deliveries SET state = 'dead', ended_at = $2
          WHERE webhook_id = $1 AND state = 'waiting' AND give_up_at <= $2",
        &[&webhook_id, &now],
    )
}

/// Sends one again that has ended; false where it has not.
pub fn replay(
    connection: &mut Connection,
    webhook_id: &str,
    id: &str,
    give_up_at: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE webhook_deliveries SET state = 'waiting', ended_at = NULL, give_up_at = $3
                WHERE webhook_id = $1 AND id = $2 AND state <> 'waiting'";
    Ok(connection.execute(sql, &[&webhook_id, &id, &give_up_at])? == 1)
}

/// Sends every dead letter again; how many there were.
pub fn replay_dead(connection: &mut Connection, webhook_id: &str, give_up_at: Timestamp) -> Result<u64> {
    connection.execute(
        "UPDATE webhook_deliveries SET state = 'waiting', ended_at = NULL, give_up_at = $2
          WHERE webhook_id = $1 AND state = 'dead'",
        &[&webhook_id, &give_up_at],
    )
}

/// How many were given up, or wait since before `before`, and why one of them does; `None` where none does. Pings that an
/// administrator sent are not counted, nor is what nobody is told any more.
pub fn failing(connection: &mut Connection, before: Timestamp) -> Result<Option<(i64, String)>> {
    let sql = "SELECT count(*), max((SELECT a.error FROM webhook_attempts a WHERE a.delivery_id = d.id ORDER BY a.id DESC LIMIT 1))
                 FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
                WHERE w.is_active AND d.event <> 'ping'
                  AND (d.state = 'dead' OR (d.state = 'waiting' AND d.created_at < $1))";
    let found = connection.first(sql, &[&before], |row| Ok((row.get(0)?, row.get::<Option<String>>(1)?)))?;
    Ok(found.and_then(|(count, why)| Some((count, why?))))
}

/// Forgets what arrived before `delivered`, and what was given up before `dead`.
pub fn delete_old(connection: &mut Connection, delivered: Timestamp, dead: Timestamp) -> Result<u64> {
    connection.execute(
        "DELETE FROM webhook_deliveries WHERE (state = 'delivered' AND ended_at < $1) OR (state = 'dead' AND ended_at < $2)",
        &[&delivered, &dead],
    )
}
