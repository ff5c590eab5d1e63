//! Tables `webhooks` and `webhook_lines`: who outside is told, of what, and when they may be called again.

use std::sync::LazyLock;

use crate::{
    error::Result,
    store::{Connection, Row, Timestamp, leased::Leased},
};

/// Somebody's server that is told what happens.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// UUID.
    pub id: String,
    /// Where it is called.
    pub url: String,
    /// What its calls are signed with.
    pub secret: String,
    /// Names of the events it is told of.
    pub events: Vec<String>,
    /// Whether it is told now.
    pub is_active: bool,
    /// `Actor::label` of who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// One with how it fares.
#[derive(Clone, Debug)]
pub struct Faring {
    /// Which.
    pub webhook: Webhook,
    /// Calls that failed since the last one that did not.
    pub failures: i64,
    /// Before that it is not called again; in the past where nothing is wrong.
    pub due_at: Timestamp,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries that were given up.
    pub dead: i64,
}

/// A line stays for as long as its webhook does; it is to be called where one that is told has something waiting.
static LINES: LazyLock<Leased> = LazyLock::new(|| {
    let waits = "EXISTS (SELECT 1 FROM webhooks w WHERE w.id = webhook_lines.id AND w.is_active)
             AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = webhook_lines.id AND d.state = 'waiting')";
    Leased::staying("webhook_lines", "id", waits)
});

const COLUMNS: &str =
    "w.id, w.url, w.secret, w.events, w.is_active, w.created_by, w.created_at, w.updated_at";

fn read(row: &Row<'_>) -> Result<Webhook> {
    let events: String = row.get(3)?;
    Ok(Webhook {
        id: row.get(0)?,
        url: row.get(1)?,
        secret: row.get(2)?,
        events: events.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        is_active: row.get(4)?,
        created_by: row.get(5)?,
        created_at: row.get(6)?,
        updated_at: row.get(7)?,
    })
}

fn joined(events: &[String]) -> String {
    format!(",{},", events.join(","))
}

/// Adds one.
pub fn insert(connection: &mut Connection, webhook: &Webhook) -> Result<()> {
    connection.execute(
        "INSERT INTO webhooks (id, url, secret, events, is_active, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &webhook.id,
            &webhook.url,
            &webhook.secret,
            &joined(&webhook.events),
            &webhook.is_active,
            &webhook.created_by,
            &webhook.created_at,
            &webhook.updated_at,
        ],
    )?;
    let sql = "INSERT INTO webhook_lines (id, due_at) VALUES ($1, $2)";
    connection.execute(sql, &[&webhook.id, &webhook.created_at]).map(drop)
}

/// Writes down what may change: URL, secret, events, and whether it is told.
pub fn update(connection: &mut Connection, webhook: &Webhook) -> Result<()> {
    connection.execute(
        "UPDATE webhooks SET url = $2, secret = $3, events = $4, is_active = $5, updated_at = $6 WHERE id = $1",
        &[
            &webhook.id,
            &webhook.url,
            &webhook.secret,
            &joined(&webhook.events),
            &webhook.is_active,
            &webhook.updated_at,
        ],
    )?;
    Ok(())
}

/// The one of that id.
pub fn by_id(connection: &mut Connection, id: &str) -> Result<Option<Webhook>> {
    let sql = format!("SELECT {COLUMNS} FROM webhooks w WHERE w.id = $1");
    connection.first(&sql, &[&id], |row| read(&row))
}

/// How many there are.
pub fn count(connection: &mut Connection) -> Result<i64> {
    Ok(connection.first("SELECT count(*) FROM webhooks", &[], |row| row.get(0))?.unwrap_or(0))
}

/// How they fare, oldest first; `id` for one only.
pub fn faring(connection: &mut Connection, id: Option<&str>, limit: i64, offset: i64) -> Result<Vec<Faring>> {
    let sql = format!(
        "SELECT {COLUMNS}, l.failures, l.due_at,
                (SELECT count(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting'),
                (SELECT count(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'dead')
           FROM webhooks w JOIN webhook_lines l ON l.id = w.id
          WHERE CAST($1 AS TEXT) IS NULL OR w.id = $1
          ORDER BY w.created_at, w.id LIMIT $2 OFFSET $3"
    );
    connection.query(&sql, &[&id, &limit, &offset], |row| {
        Ok(Faring {
            webhook: read(&row)?,
            failures: row.get(8)?,
            due_at: row.get(9)?,
            waiting: row.get(10)?,
            dead: row.get(11)?,
        })
    })
}

/// Deletes one with everything that it was told; false where there is none.
pub fn delete(connection: &mut Connection, id: &str) -> Result<bool> {
    Ok(connection.execute("DELETE FROM webhooks WHERE id = $1", &[&id])? == 1)
}

/// May be called at once, whatever failed before.
pub fn hurry(connection: &mut Connection, id: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE webhook_lines SET due_at = $2, failures = 0 WHERE id = $1";
    connection.execute(sql, &[&id, &now])?;
    connection.has_news = true;
    Ok(())
}

/// Takes at most `limit` that something waits for and that may be called; they are `by`'s until `until`.
pub fn take(
    connection: &mut Connection,
    by: &str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<String>> {
    LINES.take(connection, by, (now, until), limit, |row| row.get(0))
}

/// When the next may be called; `None` when nothing waits.
pub fn next(connection: &mut Connection) -> Result<Option<Timestamp>> {
    LINES.next(connection)
}

/// Goes on for a while; false where somebody else has it by now.
pub fn renew(connection: &mut Connection, id: &str, by: &str, until: Timestamp) -> Result<bool> {
    let sql = "UPDATE webhook_lines SET leased_until = $3 WHERE id = $1 AND leased_by = $2";
    Ok(connection.execute(sql, &[&id, &by, &until])? == 1)
}

/// Gives one back.
pub fn give_back(connection: &mut Connection, id: &str, by: &str) -> Result<()> {
    LINES.give_back(connection, id, by)
}

/// Gives everything back that `by` took before they were started anew.
pub fn release(connection: &mut Connection, by: &str) -> Result<u64> {
    LINES.release(connection, by)
}

/// A call went well.
pub fn went_well(connection: &mut Connection, id: &str) -> Result<()> {
    let sql = "UPDATE webhook_lines SET failures = 0 WHERE id = $1 AND failures > 0";
    connection.execute(sql, &[&id]).map(drop)
}

/// A call failed: how many have, one after the other.
pub fn went_wrong(connection: &mut Connection, id: &str) -> Result<i64> {
    let sql = "UPDATE webhook_lines SET failures = failures + 1 WHERE id = $1 RETURNING failures";
    Ok(connection.first(sql, &[&id], |row| row.get(0))?.unwrap_or(1))
}

/// Is not called before `due_at`.
pub fn pause(connection: &mut Connection, id: &str, due_at: Timestamp) -> Result<()> {
    let sql = "UPDATE webhook_lines SET due_at = $2 WHERE id = $1";
    connection.execute(sql, &[&id, &due_at]).map(drop)
}
