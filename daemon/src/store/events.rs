//! Table `events`: what happened, for whoever follows along. Written with what it tells of; numbered by the first reader,
//! since numbers given at writing could be committed in another order and a reader would pass over one.

use super::{
    Connection, Timestamp,
    locks::{self, Lock},
    webhooks,
};
use crate::error::Result;

/// Numbered in one go.
const SLICE: i64 = 500;

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// What, such as `room.kick` or `participant.joined`.
    pub kind: String,
    /// Who did it: `Actor::label`; empty where nobody did.
    pub actor: String,
    /// From where; empty where that is not known.
    pub address: String,
    /// Whom or what it befell: an id.
    pub target: String,
    /// The room, where there is one.
    pub room_id: Option<String>,
    /// Anything that helps to understand it; never a secret.
    pub detail: String,
}

/// An event that has its place.
#[derive(Clone, Debug)]
pub struct Numbered {
    /// One more than that of the event before.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The slug of the room, where there is one.
    pub room: Option<String>,
}

/// What is kept: all numbers above `from`, up to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The newest number that is not kept any more; 0 where all are.
    pub from: i64,
    /// The newest number.
    pub to: i64,
}

/// Writes one down, and tells the webhooks that want to know.
pub fn write(connection: &mut Connection, event: &Event) -> Result<()> {
    connection.execute(
        "INSERT INTO events (id, at, kind, actor, address, target, room_id, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            &uuid::Uuid::now_v7().to_string(),
            &Timestamp::now(),
            &event.kind,
            &event.actor,
            &event.address,
            &event.target,
            &event.room_id,
            &event.detail,
        ],
    )?;
    webhooks::tell::tell_of(connection, event)
}

/// Writes down how a part of the server fares, unless the last event whose kind begins with `family` said just that.
pub fn write_change(connection: &mut Connection, family: &str, kind: &str, detail: &str) -> Result<()> {
    connection.transaction(|connection| {
        let last = connection.first(
            "SELECT kind, detail FROM events WHERE room_id IS NULL AND kind >= $1 AND kind < $2 ORDER BY id DESC LIMIT 1",
            &[&family, &format!("{family}\u{7f}")],
            |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)),
        )?;
        if last.is_some_and(|(last, said)| last == kind && said == detail) {
            return Ok(());
        }
        write(connection, &Event { kind: kind.to_owned(), detail: detail.to_owned(), ..Event::default() })
    })
}

/// Gives every committed event its number, and says what is kept.
pub fn number(connection: &mut Connection) -> Result<Kept> {
    let waits = "SELECT EXISTS (SELECT 1 FROM events WHERE number IS NULL)";
    while connection.first(waits, &[], |row| row.get::<bool>(0))?.unwrap_or(false) {
        connection.transaction(|connection| {
            let sql = "SELECT count(*) FROM (SELECT 1 FROM events WHERE number IS NULL LIMIT $1) AS waiting";
            let count = connection.first(sql, &[&SLICE], |row| row.get::<i64>(0))?.unwrap_or(0);
            let newest = locks::hold_times(connection, Lock::Events, count)?;
            let sql = "UPDATE events SET number = n.place + $1
                         FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM events
                                WHERE number IS NULL ORDER BY id LIMIT $2) AS n
                        WHERE events.id = n.id";
            connection.execute(sql, &[&(newest - count), &count]).map(drop)
        })?;
    }
    let to = locks::times(connection, Lock::Events)?;
    let oldest = connection.first("SELECT min(number) FROM events", &[], |row| row.get::<Option<i64>>(0))?;
    Ok(Kept { from: oldest.flatten().map_or(to, |oldest| oldest - 1), to })
}

/// At most `limit` numbered events after `after`, oldest first.
pub fn after(connection: &mut Connection, after: i64, limit: u32) -> Result<Vec<Numbered>> {
    connection.query(
        "SELECT e.number, e.at, e.kind, e.actor, e.address, e.target, e.room_id, e.detail, r.name
           FROM events e LEFT JOIN rooms r ON r.id = e.room_id
          WHERE e.number > $1 ORDER BY e.number LIMIT $2",
        &[&after, &limit],
        |row| {
            let event = Event {
                kind: row.get(2)?,
                actor: row.get(3)?,
                address: row.get(4)?,
                target: row.get(5)?,
                room_id: row.get(6)?,
                detail: row.get(7)?,
            };
            Ok(Numbered { number: row.get(0)?, at: row.get(1)?, event, room: row.get(8)? })
        },
    )
}

/// Forgets what was before `before`. Everything has its number first, so that a reader who missed it is told.
pub fn delete_before(connection: &mut Connection, before: Timestamp) -> Result<u64> {
    number(connection)?;
    connection.execute("DELETE FROM events WHERE id < $1", &[&first_id(before)])
}

/// What ids of that moment and later begin after (RFC 9562, 5.7: 48 bits of milliseconds come first).
pub(super) fn first_id(moment: Timestamp) -> String {
    let milliseconds = u128::try_from(moment.0).unwrap_or_default();
    uuid::Uuid::from_u128(milliseconds << 80).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn numbers_go_on_after_everything_was_forgotten() {
        let folder = tempfile::tempdir().expect("directory");
        let store = Store::open(&folder.path().join("test.db"), 1).expect("store");
        let numbered = store.run(|connection| {
            let empty = number(connection)?;
            for kind in ["a.one", "a.two", "b.three"] {
                write(connection, &Event { kind: kind.to_owned(), ..Event::default() })?;
            }
            let three = number(connection)?;
            let seen: Vec<_> =
                after(connection, 1, 9)?.into_iter().map(|e| (e.number, e.event.kind)).collect();
            write(connection, &Event { kind: "a.four".to_owned(), ..Event::default() })?;
            delete_before(connection, Timestamp::now().plus_seconds(1))?;
            let gone = number(connection)?;
            write_change(connection, "a.", "a.five", "x")?;
            write_change(connection, "a.", "a.five", "x")?;
            Ok((empty, three, seen, gone, number(connection)?))
        });
        let (empty, three, seen, gone, five) = numbered.await.expect("numbered");
        assert_eq!((empty, three), (Kept { from: 0, to: 0 }, Kept { from: 0, to: 3 }));
        assert_eq!(seen, [(2, "a.two".to_owned()), (3, "b.three".to_owned())]);
        assert_eq!((gone, five), (Kept { from: 4, to: 4 }, Kept { from: 4, to: 5 }));
    }
}
