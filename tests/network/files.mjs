/** A certificate authority of the test's own, by openssl: for a server that reads its certificate from files. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { until } from '../browser/wait.mjs';
import { NAME } from './islands.mjs';
import { run } from './shell.mjs';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const DAYS = ['-days', '2'];
/** The daemon looks at its files every few seconds. */
const NOTICED_MS = 30_000;

/** Writes a pair for NAME, and `authorities.pem` where it is not there yet; gives the `tls` section. */
export function issue(directory) {
  const file = (name) => join(directory, name);
  const [authority, authorityKey] = [file('authorities.pem'), file('authority.key')];
  if (!existsSync(authority))
    run(['openssl', 'req', '-x509', ...KEY, ...DAYS, '-subj', '/CN=Test authority', '-keyout', authorityKey, '-out', authority]);
  run(['openssl', 'req', ...KEY, '-subj', `/CN=${NAME}`, '-keyout', file('new.key'), '-out', file('new.csr')]);
  writeFileSync(file('new.ext'), `subjectAltName=DNS:${NAME}\nbasicConstraints=CA:FALSE\n`);
  run(['openssl', 'x509', '-req', '-in', file('new.csr'), '-CA', authority, '-CAkey', authorityKey, '-CAcreateserial',
    ...DAYS, '-extfile', file('new.ext'), '-out', file('new.pem')]);
  // as certbot exchanges them; in between the pair does not fit, which must not be taken
  for (const kind of ['key', 'pem']) renameSync(file(`new.${kind}`), file(`tls.${kind}`));
  return { mode: 'files', certFile: file('tls.pem'), keyFile: file('tls.key') };
}

/** Exchanges the pair of the running server, and waits until whoever connects now is shown the new one. */
export async function exchange(directory) {
  const before = await serial();
  issue(directory);
  const after = await until('the new certificate', async () => {
    const shown = await serial();
    return shown !== before && shown;
  }, { withinMs: NOTICED_MS });
  return { before, after };
}

/** The serial number of the certificate that a new connection is shown. */
function serial() {
  return new Promise((done, fail) => {
    const socket = connect({ host: NAME, port: 443, servername: NAME }, () => {
      done(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', fail);
  });
}
