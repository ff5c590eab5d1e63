/** A server that reads its certificate from files, signed by an authority of the test's own. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { until } from '../browser/wait.mjs';
import { NAME } from './islands.mjs';
import { pair } from './pairs.mjs';

/** The daemon looks at its files every few seconds. */
const NOTICED_MS = 30_000;

/** Writes a pair for NAME, and `authorities.pem` where it is not there yet; gives the `tls` section. */
export function issue(directory) {
  const file = (name) => join(directory, name);
  pair(directory, 'authorities', 'new', `DNS:${NAME}`);
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
