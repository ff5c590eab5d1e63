#!/usr/bin/env bash
# PostgreSQL 17.5 as in @electric-sql/pglite 0.3.14, and SQLite as in sql.js 1.13.0 (npm, both pinned). Needs Node.js 20.
#
# Expected: in INSERT ... SELECT a bare parameter takes the type of the column that it goes into, as it does in VALUES;
#   whether the rows are made distinct changes nothing of that.
# Seen: in PostgreSQL it does so without DISTINCT. With DISTINCT, which has to compare the rows before they reach the table,
#   the parameter is settled as text, and the statement is refused: 42804, column is of type bigint but expression is of type
#   text. A cast of the parameter, or GROUP BY instead of DISTINCT, is taken. SQLite takes all of them, so that a statement
#   written and tested there fails on the other database only.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y > /dev/null && npm install --no-audit --no-fund --silent @electric-sql/pglite@0.3.14 sql.js@1.13.0
cat > play.mjs <<'END'
import { PGlite } from '@electric-sql/pglite';
import sqlite from 'sql.js';

const tables = "CREATE TABLE seats (person TEXT); INSERT INTO seats VALUES ('ada'), ('ada'); CREATE TABLE held (person TEXT, until BIGINT);";
const cases = {
  plain: 'INSERT INTO held (person, until) SELECT person, $1 FROM seats',
  distinct: 'INSERT INTO held (person, until) SELECT DISTINCT person, $1 FROM seats',
  'distinct, cast': 'INSERT INTO held (person, until) SELECT DISTINCT person, CAST($1 AS BIGINT) FROM seats',
  grouped: 'INSERT INTO held (person, until) SELECT person, $1 FROM seats GROUP BY person',
};
const server = new PGlite();
const file = new (await sqlite()).Database();
await server.exec(tables);
file.exec(tables);
console.log((await server.query('SELECT version()')).rows[0].version.split(' on ')[0], '| SQLite', file.exec('SELECT sqlite_version()')[0].values[0][0]);
const seen = {};
for (const [name, sql] of Object.entries(cases)) {
  const one = await server.query(sql, [5]).then((done) => `${done.affectedRows} rows`, (error) => `${error.code} ${error.message}`);
  file.run(sql, { $1: 5 });
  seen[name] = [one, `${file.getRowsModified()} rows`];
}
await server.close();
console.table(seen);
const wanted = {
  plain: ['2 rows', '2 rows'],
  distinct: ['42804 column "until" is of type bigint but expression is of type text', '1 rows'],
  'distinct, cast': ['1 rows', '1 rows'],
  grouped: ['1 rows', '1 rows'],
};
const same = JSON.stringify(seen) === JSON.stringify(wanted);
console.log(same ? 'as seen' : 'this has changed');
process.exit(same ? 0 : 1);
END
node play.mjs
