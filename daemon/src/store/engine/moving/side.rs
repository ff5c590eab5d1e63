//! One side of a move, whichever database it is: reads every row of a table, and takes every row of another.

use std::io::Write;

use postgres::fallible_iterator::FallibleIterator;

use super::shape::{Kind, Table};
use crate::{
    error::{Error, Result},
    store::{
        Connection, Param, Value,
        engine::{connection::Database, postgres as server, sqlite},
    },
};

/// A value that is nobody's but its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
}

impl Cell {
    /// By the kind of its column: SQLite has no booleans of its own.
    pub(super) fn of(kind: Kind, value: Value<'_>) -> Self {
        match typed(kind, value) {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Integer(value) => Self::Integer(value),
            Value::Text(text) => Self::Text(text.to_owned()),
        }
    }
}

impl Param for Cell {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::Text(text) => Value::Text(text),
        }
    }
}

fn typed(kind: Kind, value: Value<'_>) -> Value<'_> {
    match (kind, value) {
        (Kind::Bool, Value::Integer(value)) => Value::Bool(value != 0),
        (_, value) => value,
    }
}

/// Makes a connection last as long as a move does.
pub(super) fn patient(connection: &mut Connection) -> Result<()> {
    match connection.database {
        Database::Sqlite(_) => Ok(()),
        Database::Postgres(_) => {
            for name in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"] {
                let most = if name == "lock_timeout" { "5s" } else { "0" };
                connection.batch(&format!("SET {name} = '{most}'"))?;
            }
            Ok(())
        }
    }
}

/// Begins to see the database as it is now, whatever others write from now on.
pub(super) fn snapshot(connection: &mut Connection) -> Result<()> {
    match connection.database {
        Database::Sqlite(_) => {
            connection.batch("BEGIN")?;
            // the moment is that of the first look
            connection.first("SELECT count(*) FROM leases", &[], |row| row.get::<i64>(0)).map(drop)
        }
        Database::Postgres(_) => {
            connection.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            connection.first("SELECT count(*) FROM leases", &[], |row| row.get::<i64>(0)).map(drop)
        }
    }
}

/// Gives every row of a table to `take`, one after the other.
pub(super) fn each(
    connection: &mut Connection,
    table: &Table,
    mut take: impl FnMut(&[Value<'_>]) -> Result<()>,
) -> Result<()> {
    let sql = format!("SELECT {} FROM {}", table.listed(), table.name);
    match &mut connection.database {
        Database::Sqlite(client) => client.each(&sql, &[], |row| {
            let mut values = Vec::with_capacity(table.columns.len());
            for (at, column) in table.columns.iter().enumerate() {
                let value = sqlite::column(row, at).ok_or_else(|| strange(table, &column.name))?;
                values.push(typed(column.kind, value));
            }
            take(&values)?;
            Ok(true)
        }),
        Database::Postgres(client) => {
            let none: [&str; 0] = [];
            let mut rows = client.raw().query_raw(&sql, none).map_err(server::fault)?;
            while let Some(row) = rows.next().map_err(server::fault)? {
                let columns = table.columns.iter().enumerate();
                let values = columns
                    .map(|(at, column)| server::column(&row, at).ok_or_else(|| strange(table, &column.name)));
                take(&values.collect::<Result<Vec<_>>>()?)?;
            }
            Ok(())
        }
    }
}

fn strange(table: &Table, column: &str) -> Error {
    Error::internal(format!("{}.{column} holds something that its type does not allow", table.name))
}

/// Takes the rows that `give` hands to it into a table, all of them or none.
pub(super) fn fill(
    connection: &mut Connection,
    table: &Table,
    give: impl FnOnce(&mut dyn FnMut(&[Value<'_>]) -> Result<()>) -> Result<()>,
) -> Result<()> {
    match &mut connection.database {
        Database::Sqlite(client) => {
            client.batch("BEGIN IMMEDIATE")?;
            let places: Vec<_> = (1..=table.columns.len()).map(|at| format!("${at}")).collect();
            let (into, places) = (table.listed(), places.join(", "));
            let sql = format!("INSERT INTO {} ({into}) VALUES ({places})", table.name);
            give(&mut |row| {
                let params: Vec<&dyn Param> = row.iter().map(|value| value as &dyn Param).collect();
                client.execute(&sql, &params).map(drop)
            })?;
            client.batch("COMMIT")
        }
        Database::Postgres(client) => {
            let sql = format!("COPY {} ({}) FROM STDIN", table.name, table.listed());
            let mut copy = client.raw().copy_in(&sql).map_err(server::fault)?;
            let mut line = String::new();
            give(&mut |row| {
                line.clear();
                written(row, &mut line);
                copy.write_all(line.as_bytes()).map_err(Error::internal)
            })?;
            copy.finish().map(drop).map_err(server::fault)
        }
    }
}

/// A row as COPY reads it (PostgreSQL manual, COPY, text format).
fn written(row: &[Value<'_>], line: &mut String) {
    for (at, value) in row.iter().enumerate() {
        if at > 0 {
            line.push('\t');
        }
        match value {
            Value::Null => line.push_str("\\N"),
            Value::Bool(value) => line.push(if *value { 't' } else { 'f' }),
            Value::Integer(value) => line.push_str(&value.to_string()),
            Value::Text(text) => {
                for sign in text.chars() {
                    match sign {
                        '\\' => line.push_str("\\\\"),
                        '\n' => line.push_str("\\n"),
                        '\r' => line.push_str("\\r"),
                        '\t' => line.push_str("\\t"),
                        other => line.push(other),
                    }
                }
            }
        }
    }
    line.push('\n');
}

/// How many rows a table has.
pub(super) fn count(connection: &mut Connection, table: &Table) -> Result<i64> {
    let sql = format!("SELECT count(*) FROM {}", table.name);
    Ok(connection.first(&sql, &[], |row| row.get(0))?.unwrap_or(0))
}

/// Whether there is a table of that name.
pub(super) fn has_table(connection: &mut Connection, name: &str) -> Result<bool> {
    let sql = match connection.database {
        Database::Sqlite(_) => "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = $1)",
        Database::Postgres(_) => "SELECT to_regclass($1) IS NOT NULL",
    };
    Ok(connection.first(sql, &[&name], |row| row.get(0))?.unwrap_or(false))
}
