#!/usr/bin/env bash
# rusqlite 0.41.1 with its bundled SQLite (crates.io, pinned). Needs Rust 1.95 and a C compiler.
#
# Expected: a statement that a program keeps and runs again with other values is compiled once, as a prepared statement of
#   PostgreSQL is; only a change of the schema makes it anew.
# Seen: after ANALYZE, in this build (it has STAT4), a kept statement that compares an indexed column with a parameter is compiled
#   anew nearly every time its value changes: sqlite3_stmt_status(SQLITE_STMTSTATUS_REPREPARE) counts it. With
#   SQLITE_DBCONFIG_ENABLE_QPSG, or before ANALYZE, never. A server that keeps statements pays the planner for each request.
set -euo pipefail
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT
cd "$place"; mkdir src
cat > Cargo.toml <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
rusqlite = { version = "=0.41.1", features = ["bundled"] }
END
cat > src/main.rs <<'END'
use rusqlite::{Connection, StatementStatus, config::DbConfig};

const TIMES: i32 = 500;

fn prepared_again(analyzed: bool, stable: bool) -> rusqlite::Result<i32> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, town TEXT NOT NULL, age INTEGER NOT NULL);
         CREATE INDEX towns ON people (town);
         CREATE INDEX ages ON people (age);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO people SELECT i, 'town ' || (i % 50), i % 90 FROM n;",
    )?;
    if analyzed {
        db.execute_batch("ANALYZE")?;
    }
    if stable {
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    }
    let mut kept = db.prepare("SELECT count(*) FROM people WHERE town = ?1 AND age > ?2")?;
    for turn in 0..TIMES {
        let _: i64 = kept.query_row((format!("town {}", turn % 50), turn % 90), |row| row.get(0))?;
    }
    Ok(kept.get_status(StatementStatus::RePrepare))
}

fn main() -> rusqlite::Result<()> {
    let (plain, analyzed, stable) = (prepared_again(false, false)?, prepared_again(true, false)?, prepared_again(true, true)?);
    println!("SQLite {}, one statement, {TIMES} times with other values; prepared again:", rusqlite::version());
    println!("before ANALYZE {plain}, after ANALYZE {analyzed}, after ANALYZE with QPSG {stable}");
    let as_seen = plain == 0 && analyzed > TIMES * 9 / 10 && stable == 0;
    println!("{}", if as_seen { "as seen" } else { "CHANGED: this is not what was seen" });
    std::process::exit(i32::from(!as_seen));
}
END
cargo run -q
