//! Whether a database is whole, in words for an operator: what it says of itself, and what our schema wants of it.

use super::{
    connection::{Connection, Database},
    pool::Place,
    schema,
};
use crate::error::Result;

/// Everything that is wrong, a sentence each; nothing where it is whole. Reads all of it, so it takes its time.
pub(in crate::store) fn complaints(connection: &mut Connection, place: &Place) -> Result<Vec<String>> {
    let mut all = Vec::new();
    let (newest, applied) = schema::versions(connection, place)?;
    if applied != Some(newest) {
        let applied = applied.map_or_else(|| "none".to_owned(), |version| version.to_string());
        all.push(format!("Its schema is number {applied} and should be {newest}. Restart the daemon."));
    }
    all.extend(damage(connection)?);
    Ok(all)
}

/// What the database itself says is wrong with it.
pub(in crate::store) fn damage(connection: &mut Connection) -> Result<Vec<String>> {
    let mut all = Vec::new();
    let asked: &[(&str, &str)] = match connection.database {
        Database::Sqlite(_) => &[
            ("is damaged", "SELECT quick_check FROM pragma_quick_check WHERE quick_check <> 'ok'"),
            (
                "has a row whose parent is gone",
                "SELECT DISTINCT \"table\" || ' of ' || \"parent\" FROM pragma_foreign_key_check",
            ),
        ],
        Database::Postgres(_) => &[
            (
                "has an index that is not valid; type REINDEX",
                "SELECT indexrelid::regclass::TEXT FROM pg_index WHERE NOT indisvalid",
            ),
            (
                "has a constraint that was never checked",
                "SELECT conrelid::regclass::TEXT || ' ' || conname::TEXT FROM pg_constraint WHERE NOT convalidated",
            ),
            (
                "sorts by a language and not by code point",
                "SELECT table_name::TEXT || '.' || column_name::TEXT FROM information_schema.columns
                  WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
                    AND table_name IN (SELECT 'users' UNION ALL SELECT 'rooms' UNION ALL SELECT 'sessions')",
            ),
        ],
    };
    for (what, sql) in asked {
        let found = connection.query(sql, &[], |row| row.get::<String>(0))?;
        all.extend(found.into_iter().map(|named| format!("The database {what}: {named}.")));
    }
    Ok(all)
}
