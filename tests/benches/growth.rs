//! Does a figure grow with the store? List and join with a small store and with a large one.
use anyhow::{Context, Result, anyhow};
use bedrud_tests::{Below, Client, Server};
use tokio::task::block_in_place;

use crate::{
    cases,
    databases::{Database, POSTGRES, SQLITE},
    figure::{Bar, Figures},
    requests::rate,
};

/// People who are measured; they own ten rooms each.
const PEOPLE: usize = 4;
/// The most that a figure may change from the small store to the large one.
const MOST: f64 = 1.3;

/// Users and rooms that a store holds in all.
struct Size {
    users: u32,
    rooms: u32,
}

const SMALL: Size = Size { users: 100, rooms: 40 };
const LARGE: Size = Size { users: 100_000, rooms: 10_000 };

/// Requests per CPU-second at both sizes and how many times fewer the larger gives, on both databases.
pub async fn measure() -> Result<Figures> {
    let mut figures = Figures::default();
    for database in [SQLITE, POSTGRES] {
        let small = rates(&database, &SMALL, &mut figures).await?;
        let large = rates(&database, &LARGE, &mut figures).await?;
        for ((name, small), (_, large)) in small.into_iter().zip(large) {
            figures.add(
                format!("{name} on {}: small over large store", database.name),
                small / large,
                "times",
                Some(Bar::AtMost(MOST)),
                None,
            );
        }
    }
    Ok(figures)
}

async fn rates(database: &Database, size: &Size, figures: &mut Figures) -> Result<Vec<(String, f64)>> {
    let (server, people) = filled(database, size).await?;
    let mut rates = Vec::new();
    for case in [cases::list(&people), cases::join(&people)] {
        let rate = block_in_place(|| rate(&server, &case))?;
        let name = format!("{} on {}, {} users, {} rooms", case.name, database.name, size.users, size.rooms);
        figures.add(name, rate, "requests/CPU-s", None, None);
        rates.push((case.name, rate));
    }
    Ok(rates)
}

/// A server with a store of that size. The people who are measured come through the door, all others from below.
async fn filled(database: &Database, size: &Size) -> Result<(Server, Vec<Client>)> {
    let mut server = database.of(cases::usual().sfu()).start().await;
    let people = cases::people(&server, PEOPLE).await;
    server.stop().await;
    block_in_place(|| fill(&server.database(), database, size)).context("filling the store")?;
    server.spawn();
    server.ready().await;
    // the address is another one after the restart
    let people = people.iter().map(|person| server.stranger().bearer(person.token())).collect();
    Ok((server, people))
}

/// Adds users with a session and a line in the audit log each, and rooms of theirs with ten past visits each.
fn fill(below: &Below, database: &Database, size: &Size) -> Result<()> {
    let count = |table: &str| u32::try_from(below.number(&format!("SELECT count(*) FROM {table}")));
    let users = size.users.saturating_sub(count("users")?);
    let rooms = size.rooms.saturating_sub(count("rooms")?);
    // a random id, so that the large store's indexes are as scattered as real ones
    let uuid = database.uuid;
    let done = below.tried(&format!(
        "BEGIN;
         CREATE TEMP TABLE moment AS SELECT max(created_at) AS now FROM users;
         CREATE TEMP TABLE fresh (number INTEGER PRIMARY KEY, id TEXT NOT NULL);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {users})
           INSERT INTO fresh SELECT i, {uuid} FROM n WHERE {users} > 0;
         INSERT INTO users (id, email, name, provider, role, created_at, updated_at)
           SELECT id, 'filler' || number || '@example.org', 'Filler ' || number, 'local', 'user', now - number, now
             FROM fresh, moment;
         INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, last_used_at, expires_at)
           SELECT {uuid}, id, 1, now, now, now, now + 864000000 FROM fresh, moment;
         INSERT INTO audit (id, at, actor, verb, target)
           SELECT {uuid}, now - number, 'user:' || id, 'session.login', id FROM fresh, moment;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rooms})
           INSERT INTO rooms (id, name, created_by, admin_id, max_participants, created_at, updated_at, last_activity_at)
             SELECT {uuid}, 'filler-' || i, f.id, f.id, 20, now - i, now, now - 86400000
               FROM moment, n JOIN fresh f ON f.number = 1 + i % {users} WHERE {rooms} > 0;
         INSERT INTO presences (participant_sid, room_sid, room_id, identity, joined_at, left_at)
           SELECT 'PA_' || {uuid}, 'RM_' || r.id, r.id, f.id, now - 90000000, now - 86400000
             FROM moment, rooms r JOIN fresh f ON f.number <= 10 WHERE r.name LIKE 'filler-%';
         COMMIT;
         ANALYZE;"
    ));
    done.map(drop).map_err(|e| anyhow!(e))
}
