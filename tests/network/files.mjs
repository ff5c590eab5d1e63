/** A certificate authority of the test's own, by openssl: for a server that reads its certificate from files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAME } from './islands.mjs';
import { run } from './shell.mjs';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Writes `authorities.pem`, and a pair for NAME; gives the `tls` section. */
export function issue(directory) {
  const file = (name) => join(directory, name);
  run(['openssl', 'req', '-x509', ...KEY, '-days', '2', '-subj', '/CN=Test authority', '-keyout', file('ca.key'), '-out', file('authorities.pem')]);
  run(['openssl', 'req', ...KEY, '-subj', `/CN=${NAME}`, '-keyout', file('tls.key'), '-out', file('tls.csr')]);
  writeFileSync(file('tls.ext'), `subjectAltName=DNS:${NAME}\nbasicConstraints=CA:FALSE\n`);
  run(['openssl', 'x509', '-req', '-in', file('tls.csr'), '-CA', file('authorities.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', file('tls.ext'), '-out', file('tls.pem')]);
  return { mode: 'files', certFile: file('tls.pem'), keyFile: file('tls.key') };
}
