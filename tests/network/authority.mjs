/**
 * The certificate authority: Debian's pebble, a real ACME server, with a DNS server of its own that sends it to the server
 * under test on the same machine. Its root is made anew at every start, so the browsers are told afterwards.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../browser/wait.mjs';
import { pair } from './pairs.mjs';
import { inside, run } from './shell.mjs';

const ACME_PORT = 14000;
const MANAGEMENT = 'https://127.0.0.1:15000';
const DNS = '127.0.0.1:8053';
const ROOT = 'acme-root';

export class Authority {
  #children = [];

  /** Starts it inside the server's namespace; `directory` gets its files and `authorities.pem`, what browsers shall trust. */
  static async begin(namespace, directory) {
    const authority = new Authority();
    const file = (name) => join(directory, name);
    const [certificate, key] = [file('acme.pem'), file('acme.key')];
    // for the ACME server itself; the daemon is given its root as tls.acmeRootFile
    pair(directory, ROOT, 'acme', 'IP:127.0.0.1');
    const pebble = {
      listenAddress: `127.0.0.1:${ACME_PORT}`,
      managementListenAddress: '127.0.0.1:15000',
      certificate,
      privateKey: key,
      httpPort: 80,
      tlsPort: 443,
    };
    writeFileSync(file('pebble.json'), JSON.stringify({ pebble }));
    authority.#spawn(inside(namespace, 'pebble-challtestsrv', '-defaultIPv6', '', '-defaultIPv4', '127.0.0.1',
      '-dns01', DNS, '-http01', '', '-https01', '', '-tlsalpn01', '', '-management', '127.0.0.1:8055'));
    authority.#spawn(inside(namespace, 'pebble', '-config', file('pebble.json'), '-dnsserver', DNS));
    const asked = () => {
      const ask = `fetch('${MANAGEMENT}/roots/0').then(async (answer) => console.log(await answer.text()))`;
      const words = inside(namespace, 'env', `NODE_EXTRA_CA_CERTS=${file(`${ROOT}.pem`)}`, process.execPath, '-e', ask);
      return run(words);
    };
    writeFileSync(file('authorities.pem'), await until('pebble to give its root', asked));
    return authority;
  }

  /** What the daemon is told of it. */
  static tls(directory) {
    return {
      mode: 'acme',
      email: 'operator@example.org',
      acmeDirectory: `https://127.0.0.1:${ACME_PORT}/dir`,
      acmeRootFile: join(directory, `${ROOT}.pem`),
    };
  }

  #spawn(words) {
    // it waits for up to 15 s before it looks, unless it is told not to
    const environment = { ...process.env, PEBBLE_VA_NOSLEEP: '1' };
    this.#children.push(spawn(words[0], words.slice(1), { env: environment, stdio: 'ignore' }));
  }

  close() {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}
