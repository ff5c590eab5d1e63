//! What is written while a move copies: triggers note the key of every row that changes, and the row as it is then is taken over
//! afterwards, again and again until little is left.

use std::collections::HashSet;

use super::{
    shape::{Kind, Table},
    side::{Cell, has_table},
};
use crate::{
    error::{Error, Result},
    store::{Connection, Param, engine::connection::Database},
};

pub(super) const NOTES: &str = "moving_changes";
/// Noted rows taken over in one go.
const SLICE: i64 = 2000;

/// A row that changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Change {
    /// The place of its table among the tables.
    table: usize,
    key: Vec<Cell>,
}

/// Begins to note what changes.
pub(super) fn note(source: &mut Connection, tables: &[Table]) -> Result<()> {
    forget(source, tables)?;
    let number = match source.database {
        Database::Sqlite(_) => "INTEGER PRIMARY KEY AUTOINCREMENT",
        Database::Postgres(_) => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    };
    source.batch(&format!(
        "CREATE TABLE {NOTES} (number {number}, place TEXT NOT NULL, row_key TEXT NOT NULL)"
    ))?;
    for table in tables {
        for sql in triggers(source, table) {
            source.batch(&sql)?;
        }
    }
    Ok(())
}

fn triggers(source: &Connection, table: &Table) -> Vec<String> {
    let name = &table.name;
    let noted = |row: &str, array: &str, end: &str| {
        let key: Vec<_> = table.key_names().iter().map(|column| format!("{row}.{column}")).collect();
        format!("INSERT INTO {NOTES} (place, row_key) VALUES ('{name}', {array}({}){end});", key.join(", "))
    };
    match source.database {
        Database::Sqlite(_) => {
            let trigger = |verb: &str, rows: &[&str]| {
                let noted: String = rows.iter().map(|row| noted(row, "json_array", "")).collect();
                format!("CREATE TRIGGER moving_{name}_{verb} AFTER {verb} ON {name} BEGIN {noted} END")
            };
            vec![trigger("INSERT", &["NEW"]), trigger("UPDATE", &["OLD", "NEW"]), trigger("DELETE", &["OLD"])]
        }
        Database::Postgres(_) => {
            let (old, new) =
                (noted("OLD", "json_build_array", "::text"), noted("NEW", "json_build_array", "::text"));
            vec![
                format!(
                    "CREATE FUNCTION moving_{name}() RETURNS trigger LANGUAGE plpgsql AS $moving$ BEGIN
                       IF TG_OP <> 'INSERT' THEN {old} END IF;
                       IF TG_OP <> 'DELETE' THEN {new} END IF;
                       RETURN NULL; END $moving$"
                ),
                format!(
                    "CREATE TRIGGER moving AFTER INSERT OR UPDATE OR DELETE ON {name}
                       FOR EACH ROW EXECUTE FUNCTION moving_{name}()"
                ),
            ]
        }
    }
}

/// Notes no more, and leaves nothing behind; also of a move that was broken off.
pub(super) fn forget(source: &mut Connection, tables: &[Table]) -> Result<()> {
    if !has_table(source, NOTES)? {
        return Ok(());
    }
    for table in tables {
        let name = &table.name;
        match source.database {
            Database::Sqlite(_) => {
                for verb in ["INSERT", "UPDATE", "DELETE"] {
                    source.batch(&format!("DROP TRIGGER IF EXISTS moving_{name}_{verb}"))?;
                }
            }
            // the trigger goes with its function
            Database::Postgres(_) => {
                source.batch(&format!("DROP FUNCTION IF EXISTS moving_{name}() CASCADE"))?
            }
        }
    }
    source.batch(&format!("DROP TABLE {NOTES}"))
}

/// Takes over what is noted; says how many notes were read. What could not be taken yet stays in `waiting`: it hangs on
/// something that is noted later.
pub(super) fn take_over(
    source: &mut Connection,
    target: &mut Connection,
    tables: &[Table],
    waiting: &mut Vec<Change>,
) -> Result<usize> {
    let sql = format!(
        "DELETE FROM {NOTES} WHERE number IN (SELECT number FROM {NOTES} ORDER BY number LIMIT {SLICE})
         RETURNING number, place, row_key"
    );
    let mut noted = source
        .query(&sql, &[], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)))?;
    noted.sort_unstable();
    let count = noted.len();
    let mut seen: HashSet<Change> = waiting.iter().cloned().collect();
    for (_, place, key) in noted {
        let change = change(tables, &place, &key)?;
        if seen.insert(change.clone()) {
            waiting.push(change);
        }
    }
    let mut rows = Vec::new();
    for change in waiting.drain(..) {
        let row = now(source, tables, &change)?;
        rows.push((change, row));
    }
    // who is gone first, children before parents; then who is there, parents before children
    rows.sort_by_key(|(change, row)| match (row, i64::try_from(change.table).unwrap_or(0)) {
        (None, table) => (0, -table),
        (Some(_), table) => (1, table),
    });
    if target
        .transaction(|target| rows.iter().try_for_each(|(change, row)| put(target, tables, change, row)))
        .is_ok()
    {
        return Ok(count);
    }
    // one hangs on another that comes later in this order: each for itself
    for (change, row) in rows {
        if put(target, tables, &change, &row).is_err() {
            waiting.push(change);
        }
    }
    Ok(count)
}

fn change(tables: &[Table], place: &str, key: &str) -> Result<Change> {
    let strange = || Error::internal(format!("a note of {place} that cannot be read"));
    let at = tables.iter().position(|table| table.name == place).ok_or_else(strange)?;
    let table = tables.get(at).ok_or_else(strange)?;
    let values: Vec<serde_json::Value> = serde_json::from_str(key).map_err(Error::internal)?;
    let kinds = table.keys.iter().filter_map(|&key| table.columns.get(key)).map(|column| column.kind);
    let cells = kinds.zip(values).map(|(kind, value)| match (kind, value) {
        (Kind::Text, serde_json::Value::String(text)) => Some(Cell::Text(text)),
        (Kind::Integer, serde_json::Value::Number(number)) => number.as_i64().map(Cell::Integer),
        (Kind::Bool, serde_json::Value::Bool(value)) => Some(Cell::Bool(value)),
        (Kind::Bool, serde_json::Value::Number(number)) => number.as_i64().map(|n| Cell::Bool(n != 0)),
        _ => None,
    });
    let key = cells.collect::<Option<Vec<_>>>().ok_or_else(strange)?;
    Ok(Change { table: at, key })
}

/// The row as it is now.
fn now(source: &mut Connection, tables: &[Table], change: &Change) -> Result<Option<Vec<Cell>>> {
    let Some(table) = tables.get(change.table) else { return Ok(None) };
    let sql = format!("SELECT {} FROM {} WHERE {}", table.listed(), table.name, table.of_key());
    source.first(&sql, &params(&change.key), |row| {
        let cells = table.columns.iter().enumerate();
        cells.map(|(at, column)| Ok(Cell::of(column.kind, row.there(at)?))).collect()
    })
}

/// Makes the row of the target what that of the source is, and looks whether it is.
fn put(target: &mut Connection, tables: &[Table], change: &Change, row: &Option<Vec<Cell>>) -> Result<()> {
    let Some(table) = tables.get(change.table) else { return Ok(()) };
    let Some(row) = row else {
        let sql = format!("DELETE FROM {} WHERE {}", table.name, table.of_key());
        return target.execute(&sql, &params(&change.key)).map(drop);
    };
    let places: Vec<_> = (1..=table.columns.len()).map(|at| format!("${at}")).collect();
    let keys = table.key_names();
    // the key too: a statement that changes nothing gives nothing back
    let set: Vec<_> = table.columns.iter().map(|c| format!("{0} = excluded.{0}", c.name)).collect();
    let sql = format!(
        "INSERT INTO {} ({listed}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {} RETURNING {listed}",
        table.name,
        places.join(", "),
        keys.join(", "),
        set.join(", "),
        listed = table.listed(),
    );
    let kept: Vec<Vec<Cell>> = target.query(&sql, &params(row), |row| {
        let cells = table.columns.iter().enumerate();
        cells.map(|(at, column)| Ok(Cell::of(column.kind, row.there(at)?))).collect()
    })?;
    if kept.first() == Some(row) {
        Ok(())
    } else {
        Err(Error::internal(format!("a row of {} became another one", table.name)))
    }
}

fn params(cells: &[Cell]) -> Vec<&dyn Param> {
    cells.iter().map(|cell| cell as &dyn Param).collect()
}
