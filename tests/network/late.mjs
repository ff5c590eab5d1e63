/** Inside a namespace without an address: a server starts, then there is one, then another. Started by `late.test.mjs`. */
import assert from 'node:assert/strict';
import { connect } from 'node:tls';
import { Api, setUp } from '../browser/api.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { until } from '../browser/wait.mjs';
import { ip } from './shell.mjs';

const FIRST = '192.0.2.10';
const SECOND = '192.0.2.20';

const config = { server: { port: 443, httpPort: 80 }, tls: { mode: 'self-signed' } };
const daemon = await Daemon.start({ apart: true, config });
// the daemon ends with this process only if that ends by itself
process.once('SIGTERM', () => process.exit(1));
try {
  const admin = await setUp(daemon);
  await admin.room('standup');
  assert.deepEqual(await found(), { url: 'https://127.0.0.1', media: '127.0.0.1' });

  ip('', `link set eth0 up\naddr add ${FIRST}/24 dev eth0\nroute add default via 192.0.2.1`);
  await serves(FIRST);
  ip('', `addr add ${SECOND}/24 dev eth0`);
  ip('', `addr del ${FIRST}/24 dev eth0`);
  ip('', `addr replace ${SECOND}/24 dev eth0\nroute replace default via 192.0.2.1`);
  await serves(SECOND);
} catch (error) {
  console.error(daemon.logTail());
  throw error;
} finally {
  daemon.close();
}

/** What the operator is shown of it. */
async function found() {
  const { publicUrl, livekit } = await daemon.control('/v1/status');
  return { url: publicUrl.replace(/:\d+$/, ''), media: livekit.nodeIp };
}

/** Everything that has this machine's address in it has this one. */
async function serves(address) {
  let last;
  await until(`everything to be told of ${address}`, async () => {
    last = await found();
    return last.url === `https://${address}` && last.media === address;
  }).catch((error) => Promise.reject(new Error(`${error.message}: ${JSON.stringify(last)}`)));
  const { port } = new URL((await daemon.control('/v1/status')).publicUrl.replace('https:', 'http:'));
  await until('the SFU to be back', async () => (await fetch(`https://${address}:${port}/api/ready`)).ok);
  // by another name of this machine people are sent on by that name
  for (const name of [address, 'localhost']) {
    const guest = new Api(`https://${name}:${port}`);
    const joined = await guest.do('POST', '/api/room/guest-join', { roomName: 'standup', guestName: 'Bo' });
    assert.equal(joined.livekitHost, `wss://${name}:${port}/livekit`);
  }
  await until('a certificate for it', async () => (await names(address, port)).includes(`IP Address:${address}`));
}

/** For whom the served certificate is. */
function names(host, port) {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, rejectUnauthorized: false }, () => {
      done(socket.getPeerCertificate().subjectaltname);
      socket.end();
    }).on('error', fail);
  });
}
