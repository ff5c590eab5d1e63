/** A running server: the real daemon with the real SFU, in directories of its own and on free ports. */
import { execFile, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { bedrud, bedrudctl, livekit } from './programs.mjs';
import { Hopeless, until } from './wait.mjs';

const run = promisify(execFile);
const SHOWN_LINES = 80;
const SHOWN_CHARACTERS = 300;
const unlimited = { max: 0, windowSeconds: 60 };

export class Daemon {
  #directory = mkdtempSync(join(tmpdir(), 'bedrud-browser-'));
  #children = new Map();
  #variables = { NO_COLOR: '1' };
  #onExit = () => this.#killAll();

  /** `apart` runs the SFU under a supervisor of its own, as the package does. `config` is merged by section. */
  static async start({ apart = false, config = {} } = {}) {
    const daemon = new Daemon();
    process.once('exit', daemon.#onExit);
    try {
      daemon.#write(config);
      if (apart) await daemon.#supervise();
      await daemon.begin();
    } catch (error) {
      console.error(daemon.logTail());
      daemon.close();
      throw error;
    }
    return daemon;
  }

  /** Starts `bedrud run` and waits until it serves and its SFU is healthy. */
  async begin() {
    const child = this.#spawn('run');
    const alive = () => {
      if (child.exitCode !== null) throw new Hopeless(`bedrud ended with ${child.exitCode}`);
    };
    const status = await until('bedrud to answer on its control socket', async () => {
      alive();
      const status = await this.control('/v1/status').catch(() => undefined);
      // a socket that a killed daemon left behind belongs to another process
      return status?.pid === child.pid && status;
    });
    this.url = status.publicUrl;
    // whoever comes back after a restart looks for it at the same place
    this.#variables.BEDRUD_SERVER_PORT = status.httpAddress.split(':').at(-1);
    await until('bedrud to be ready', async () => (alive(), (await fetch(`${this.url}/api/ready`)).ok));
  }

  /** Starts the supervisor alone; from its record on, the daemon follows it instead of starting an SFU itself. */
  async #supervise() {
    // the SFU has to know where its webhooks go before there is a daemon
    this.#variables.BEDRUD_SERVER_PORT = String(await freePort());
    const child = this.#spawn('livekit');
    await until('the supervisor to say where its SFU is', () => {
      if (child.exitCode !== null) throw new Hopeless(`bedrud livekit ended with ${child.exitCode}`);
      return existsSync(join(this.#directory, 'run/livekit.json'));
    });
  }

  /** Stops `bedrud run` by SIGTERM, as the system does on an upgrade, and starts it again. */
  async restart() {
    await this.end('SIGTERM');
    await this.begin();
  }

  /** Ends `bedrud run` and waits for it. */
  async end(signal) {
    const child = this.#children.get('run');
    child.kill(signal);
    await until(`bedrud to end on ${signal}`, () => child.exitCode !== null || child.signalCode !== null);
  }

  /** Kills the SFU with -9; gives back the process id that is no more. */
  killSfu() {
    const pid = this.sfuPid();
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  sfuPid() {
    const [pid] = this.#processes('livekit-server');
    if (!pid) throw new Error('no SFU is running');
    return pid;
  }

  /** Asks the control socket, as `bedrudctl` does. */
  control(path) {
    return new Promise((done, fail) => {
      const request = http.get({ socketPath: join(this.#directory, 'run/control.sock'), path }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (part) => (body += part));
        answer.on('end', () => {
          try {
            done(JSON.parse(body));
          } catch (error) {
            fail(error);
          }
        });
      });
      request.on('error', fail);
    });
  }

  /** Runs the operator's tool; fails unless it ends with 0. */
  async ctl(...words) {
    const told = await run(bedrudctl(), ['--socket', join(this.#directory, 'run/control.sock'), ...words], { env: {} });
    return told.stdout;
  }

  /** The secret of the one-time set-up link. */
  setupToken() {
    return readFileSync(join(this.#directory, 'state/setup-token'), 'utf8').trim();
  }

  logTail() {
    const lines = readFileSync(join(this.#directory, 'log'), 'utf8').trimEnd().split('\n');
    const shown = lines.slice(-SHOWN_LINES).map((line) => line.slice(0, SHOWN_CHARACTERS));
    return `--- log of ${this.#directory}\n${shown.join('\n')}`;
  }

  /** Nothing of it is left afterwards: no process, no file. */
  close() {
    process.off('exit', this.#onExit);
    this.#killAll();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #write(more) {
    for (const name of ['state', 'run']) mkdirSync(join(this.#directory, name), { mode: 0o700 });
    const config = {
      server: { port: 0 },
      tls: { mode: 'off' },
      livekit: { binary: livekit(), port: 0, tcpPort: 0, udpPort: 0, turn: { udpPort: 0 } },
      rateLimit: { auth: unlimited, guest: unlimited, join: unlimited, api: unlimited },
      log: { level: 'info', format: 'text' },
    };
    for (const [section, values] of Object.entries(more)) config[section] = { ...config[section], ...values };
    // JSON is YAML
    writeFileSync(join(this.#directory, 'config.yaml'), JSON.stringify(config));
  }

  #spawn(verb) {
    const log = openSync(join(this.#directory, 'log'), 'a');
    const at = (name) => join(this.#directory, name);
    const words = ['--config', at('config.yaml'), '--state-dir', at('state'), '--runtime-dir', at('run'), verb];
    const child = spawn(bedrud(), words, {
      env: this.#variables,
      cwd: this.#directory,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#children.set(verb, child);
    return child;
  }

  #killAll() {
    for (const pid of this.#processes('bedrud').concat(this.#processes('livekit-server'))) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended by itself meanwhile
      }
    }
  }

  /** Processes of this program that name our directory on their command line: children's children, too. */
  #processes(program) {
    const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return numbers.map(Number).filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return basename(words[0]) === program && words.some((word) => word.startsWith(this.#directory));
      } catch {
        return false;
      }
    });
  }
}

/** Free at this moment, which is as good as it gets. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
