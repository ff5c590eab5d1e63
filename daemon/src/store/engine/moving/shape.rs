//! Which tables there are, with their columns, keys and parents: read from an empty database that our migrations made, so that
//! no table can be forgotten.

use std::collections::HashSet;

use crate::{
    error::{Error, Result},
    store::engine::schema,
};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Integer,
    Text,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// One table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Of the primary key, as positions among the columns, in its order.
    pub(super) keys: Vec<usize>,
}

impl Table {
    /// `a, b, c`
    pub(super) fn listed(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The names of the key.
    pub(super) fn key_names(&self) -> Vec<&str> {
        self.keys.iter().filter_map(|&at| self.columns.get(at)).map(|column| column.name.as_str()).collect()
    }

    /// `a = $1 AND b = $2`
    pub(super) fn of_key(&self) -> String {
        let terms =
            self.key_names().into_iter().enumerate().map(|(at, name)| format!("{name} = ${}", at + 1));
        terms.collect::<Vec<_>>().join(" AND ")
    }
}

/// Every table, parents before their children.
pub(super) fn tables() -> Result<Vec<Table>> {
    let model = schema::model()?;
    let list = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                   AND name <> 'refinery_schema_history' ORDER BY name";
    let names = strings(&model, list)?;
    let mut waiting = Vec::new();
    for name in names {
        let parents =
            strings(&model, &format!("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list('{name}')"))?;
        waiting.push((table(&model, name)?, parents));
    }
    let (mut sorted, mut there): (Vec<Table>, HashSet<String>) = Default::default();
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|(table, parents)| {
            let is_next = parents.iter().all(|parent| there.contains(parent) || *parent == table.name);
            if is_next {
                there.insert(table.name.clone());
                sorted.push(table.clone());
            }
            !is_next
        });
        if waiting.len() == before {
            return Err(Error::internal("tables are parents of each other"));
        }
    }
    Ok(sorted)
}

fn table(model: &rusqlite::Connection, name: String) -> Result<Table> {
    let sql = format!("SELECT name, type, pk FROM pragma_table_info('{name}') ORDER BY cid");
    let mut statement = model.prepare(&sql).map_err(Error::internal)?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)));
    let (mut columns, mut keys) = (Vec::new(), Vec::new());
    for (at, row) in rows.map_err(Error::internal)?.enumerate() {
        let (column, declared, key) = row.map_err(Error::internal)?;
        let kind = match declared.as_str() {
            "TEXT" => Kind::Text,
            "BIGINT" | "INTEGER" => Kind::Integer,
            "BOOLEAN" => Kind::Bool,
            other => return Err(Error::internal(format!("{name}.{column} is of type {other}"))),
        };
        if key > 0 {
            keys.push((key, at));
        }
        columns.push(Column { name: column, kind });
    }
    keys.sort_unstable();
    if keys.is_empty() {
        return Err(Error::internal(format!("{name} has no primary key")));
    }
    Ok(Table { name, columns, keys: keys.into_iter().map(|(_, at)| at).collect() })
}

fn strings(model: &rusqlite::Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = model.prepare(sql).map_err(Error::internal)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(Error::internal)?;
    rows.collect::<rusqlite::Result<_>>().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_can_be_moved_and_comes_after_its_parents() {
        let tables = tables().expect("tables with keys, of types that both databases have");
        let at = |name: &str| tables.iter().position(|table| table.name == name).expect(name);
        assert!(at("users") < at("sessions") && at("rooms") < at("moderators"));
        assert_eq!(tables[at("moderators")].of_key(), "room_id = $1 AND identity = $2");
    }
}
