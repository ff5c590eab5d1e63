/** A database as a newer build would leave it, with the copy that is made before it is changed. */
import { execFileSync } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { join } from 'node:path';

const CHANGE = `
import sqlite3, sys
state, = sys.argv[1:]
database = sqlite3.connect(state + '/bedrud.db', isolation_level=None)
version, = database.execute('SELECT max(version) FROM refinery_schema_history').fetchone()
database.execute('VACUUM INTO ?', (f'{state}/bedrud.db.version-{version}',))
row = database.execute('SELECT name, applied_on, checksum FROM refinery_schema_history').fetchone()
database.execute('INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (?, ?, ?, ?)', (version + 1, *row))
print(version)
`;

/** Makes it so. */
export function newerDatabase(state) {
  const version = Number(execFileSync('python3', ['-c', CHANGE, state], { encoding: 'utf8' }));
  const { uid, gid } = statSync(join(state, 'bedrud.db'));
  chownSync(join(state, `bedrud.db.version-${version}`), uid, gid);
}
