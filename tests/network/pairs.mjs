/** Certificates by openssl: an authority of the test's own, and pairs that it signs. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './shell.mjs';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const DAYS = ['-days', '2'];

/** Writes NAME.pem and NAME.key for `alternative` (such as `DNS:x`), signed by AUTHORITY.pem, which is made when it is missing. */
export function pair(directory, authority, name, alternative) {
  const file = (stem, kind) => join(directory, `${stem}.${kind}`);
  const [root, rootKey] = [file(authority, 'pem'), file(authority, 'key')];
  if (!existsSync(root))
    run(['openssl', 'req', '-x509', ...KEY, ...DAYS, '-subj', `/CN=Test ${authority}`, '-keyout', rootKey, '-out', root]);
  run(['openssl', 'req', ...KEY, '-subj', `/CN=${name}`, '-keyout', file(name, 'key'), '-out', file(name, 'csr')]);
  writeFileSync(file(name, 'ext'), `subjectAltName=${alternative}\nbasicConstraints=CA:FALSE\n`);
  run(['openssl', 'x509', '-req', '-in', file(name, 'csr'), '-CA', root, '-CAkey', rootKey, '-CAcreateserial', ...DAYS,
    '-extfile', file(name, 'ext'), '-out', file(name, 'pem')]);
}
