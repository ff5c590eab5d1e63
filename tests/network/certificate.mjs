/** The certificate of the running server gives way to a new one: by an authority, or by files. */
import { connect } from 'node:tls';
import { until } from '../browser/wait.mjs';
import { issue } from './files.mjs';
import { NAME } from './islands.mjs';

/** The daemon looks at its files every few seconds; an order takes one or two. */
const NOTICED_MS = 30_000;

/** Exchanges the pair of files. */
export const exchange = (directory) => afterwards(() => issue(directory));

/** Orders a new one, as an operator does. */
export const renew = (daemon) => afterwards(() => daemon.ctl('cert', 'renew'));

/** Does it, and waits until whoever connects now is shown another certificate than before. */
async function afterwards(act) {
  const before = await serial();
  await act();
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
