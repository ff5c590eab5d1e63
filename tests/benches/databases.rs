//! SQLite beside PostgreSQL, on this machine.
use std::time::Duration;

use anyhow::Result;
use bedrud_tests::{Builder, Client};
use tokio::task::block_in_place;

use crate::{
    cases::{self, Case},
    figure::{Bar, Figures},
    load::{self, CONNECTIONS},
    paired::{Side, per_cpu_second},
};

const PACED: Duration = Duration::from_secs(10);
/// Of a join on PostgreSQL, at 200 a second, in milliseconds.
const LATEST_JOIN: f64 = 15.0;

/// One of them.
pub struct Database {
    /// What the table calls it.
    pub name: &'static str,
    /// SQL for a random id.
    pub uuid: &'static str,
}

/// The default.
pub const SQLITE: Database = Database {
    name: "SQLite",
    uuid: "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6)))",
};
/// A cluster of its own, on a Unix socket.
pub const POSTGRES: Database = Database { name: "PostgreSQL", uuid: "gen_random_uuid()::text" };

impl Database {
    /// A server with it.
    pub fn of(&self, builder: Builder) -> Builder {
        if self.name == POSTGRES.name { builder.on_postgres() } else { builder.on_file("one of the two") }
    }
}

/// Everything of this part.
pub async fn measure() -> Result<Figures> {
    let mut figures = Figures::default();
    let side = |database: Database| Side { name: database.name, builder: database.of(cases::usual().sfu()) };
    let bar = |name: &str| name.starts_with("list").then_some(Bar::AtLeast(0.5));
    per_cpu_second(&mut figures, [side(SQLITE), side(POSTGRES)], asked, bar).await?;
    join(&mut figures).await?;
    Ok(figures)
}

async fn join(figures: &mut Figures) -> Result<()> {
    let server = POSTGRES.of(cases::usual().sfu()).start().await;
    let join = cases::join(&cases::people(&server, CONNECTIONS).await);
    let times = block_in_place(|| load::pace(server.address(), &join.requests, join.pace, PACED))?;
    for (share, called, bar) in [(0.5, "p50", None), (0.99, "p99", Some(Bar::AtMost(LATEST_JOIN)))] {
        let name = format!("join on PostgreSQL at {}/s, {called}", join.pace);
        figures.add(name, load::quantile(&times, share), "ms", bar, None);
    }
    Ok(())
}

/// What asks a database.
fn asked(people: &[Client]) -> Result<Vec<Case>> {
    Ok(vec![
        cases::me(people),
        cases::list(people),
        cases::join(people),
        cases::create(people),
        cases::login(),
    ])
}
