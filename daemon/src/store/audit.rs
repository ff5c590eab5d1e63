//! Table `audit`: one line per state-changing act of a person. Written, read, never changed; forgotten when it is old.
//! Ids are in the order of time (RFC 9562, version 7), so that no index has to be. Whoever follows the events is told of each.

use super::{Connection, Row, Timestamp, events};
use crate::{actor::Actor, error::Result};

/// What is written down about an act.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Who: `Actor::label`.
    pub actor: String,
    /// From where: the client's address, empty for the shell and the system.
    pub address: String,
    /// The verb, such as `room.kick`.
    pub verb: &'static str,
    /// Whom or what it was done to: an id.
    pub target: String,
    /// The room, where there is one.
    pub room_id: Option<String>,
    /// Anything that helps to understand it later; never a secret.
    pub detail: String,
}

impl Line {
    /// Who acts and from where, and what they do; the rest is empty.
    pub fn by(actor: &Actor, verb: &'static str) -> Self {
        Self { actor: actor.label(), address: actor.address(), verb, ..Self::default() }
    }
}

/// Writes one line: who, what, whom, from where.
pub fn write(connection: &mut Connection, line: &Line) -> Result<()> {
    connection.execute(
        "INSERT INTO audit (id, at, actor, verb, target, room_id, address, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &uuid::Uuid::now_v7().to_string(),
            &Timestamp::now(),
            &line.actor,
            &line.verb,
            &line.target,
            &line.room_id,
            &line.address,
            &line.detail,
        ],
    )?;
    events::write(
        connection,
        &events::Event {
            kind: line.verb.to_owned(),
            actor: line.actor.clone(),
            address: line.address.clone(),
            target: line.target.clone(),
            room_id: line.room_id.clone(),
            detail: line.detail.clone(),
        },
    )
}

/// Which lines somebody wants; `None` is all of them.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// By one of two labels: a person may have acted as a user or as a guest.
    pub actors: Option<[String; 2]>,
    /// Done to this id.
    pub target: Option<String>,
    /// The verb begins so.
    pub verb: Option<String>,
    /// In this room.
    pub room_id: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Older than the line of this id.
    pub before: Option<String>,
    /// At most so many.
    pub limit: u32,
}

/// A line, with the names of those ids that are known.
#[derive(Clone, Debug)]
pub struct Found {
    /// UUID version 7: in the order of time.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Who, as a label.
    pub actor: String,
    /// Their mail address or name.
    pub actor_name: Option<String>,
    /// From where.
    pub address: String,
    /// What they did.
    pub verb: String,
    /// Whom or what it was done to: an id.
    pub target: String,
    /// The mail address or name of whom it was done to.
    pub target_name: Option<String>,
    /// Where: an id.
    pub room_id: Option<String>,
    /// Where: a slug.
    pub room: Option<String>,
    /// More about it.
    pub detail: String,
}

impl Found {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            actor_name: row.get(3)?,
            address: row.get(4)?,
            verb: row.get(5)?,
            target: row.get(6)?,
            target_name: row.get(7)?,
            room_id: row.get(8)?,
            room: row.get(9)?,
            detail: row.get(10)?,
        })
    }
}

/// The wanted lines, newest first.
pub fn find(connection: &mut Connection, wanted: &Wanted) -> Result<Vec<Found>> {
    let [one, other] = wanted.actors.clone().map_or([None, None], |actors| actors.map(Some));
    connection.query(
        "SELECT a.id, a.at, a.actor,
                (SELECT coalesce(u.email, u.name) FROM users u
                  WHERE u.id = substr(a.actor, CASE WHEN a.actor LIKE 'guest:%' THEN 7 ELSE 6 END)),
                a.address, a.verb, a.target,
                (SELECT coalesce(u.email, u.name) FROM users u WHERE u.id = a.target),
                a.room_id, (SELECT r.name FROM rooms r WHERE r.id = a.room_id), a.detail
           FROM audit a
          WHERE (CAST($1 AS TEXT) IS NULL OR a.actor = $1 OR a.actor = $2)
            AND (CAST($3 AS TEXT) IS NULL OR a.target = $3)
            AND (CAST($4 AS TEXT) IS NULL OR substr(a.verb, 1, length(CAST($4 AS TEXT))) = $4)
            AND (CAST($5 AS TEXT) IS NULL OR a.room_id = $5)
            AND a.id >= $6
            AND (CAST($7 AS TEXT) IS NULL OR a.id < $7)
          ORDER BY a.id DESC LIMIT $8",
        &[
            &one,
            &other,
            &wanted.target,
            &wanted.verb,
            &wanted.room_id,
            &events::first_id(wanted.since.unwrap_or(Timestamp(0))),
            &wanted.before,
            &wanted.limit,
        ],
        |row| Found::read(&row),
    )
}

/// Deletes at most `most` lines from before `before`, the oldest first; says how many.
pub fn delete_before(connection: &mut Connection, before: Timestamp, most: u64) -> Result<u64> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < $1 ORDER BY id LIMIT $2)";
    connection.execute(sql, &[&events::first_id(before), &most])
}

/// How many acts there were after the line of this id; of all of them without one.
pub fn count_after(connection: &mut Connection, id: Option<&str>) -> Result<i64> {
    let sql = "SELECT count(*) FROM audit WHERE id > $1 AND verb NOT LIKE 'backup.%'";
    Ok(connection.first(sql, &[&id.unwrap_or_default()], |row| row.get(0))?.unwrap_or(0))
}

/// When the oldest line was written; `None` where there is none.
pub fn oldest(connection: &mut Connection) -> Result<Option<Timestamp>> {
    connection.first("SELECT at FROM audit ORDER BY id LIMIT 1", &[], |row| row.get(0))
}

/// When this was last done.
pub fn newest(connection: &mut Connection, verb: &str) -> Result<Option<Timestamp>> {
    let sql = "SELECT at FROM audit WHERE verb = $1 ORDER BY id DESC LIMIT 1";
    connection.first(sql, &[&verb], |row| row.get(0))
}
