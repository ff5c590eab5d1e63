/** A fresh Debian host, booted with systemd in a container (systemd-nspawn), with a network of its own to this machine. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../browser/wait.mjs';

const BASES = join(import.meta.dirname, '../../build/boot');
/** What any Debian server has; the rest of it is what `apt install` brings. */
const INCLUDED = 'systemd,systemd-sysv,dbus,libnss-systemd,iproute2,ca-certificates,procps,apt-utils';
const DEBIAN = { mirror: 'http://deb.debian.org/debian' };
/** Debian has no keys of Ubuntu: they come from there, and have to be these. */
const UBUNTU = {
  mirror: 'http://archive.ubuntu.com/ubuntu',
  keys: 'pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb',
  sha256: '36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8',
};
const ARCHIVES = { bookworm: DEBIAN, trixie: DEBIAN, noble: UBUNTU };

/** The releases to try; RELEASE picks one. */
export const releases = Object.keys(ARCHIVES).filter((name) => name.includes(process.env.RELEASE ?? ''));
const REBOOTS = 133;
const run = promisify(execFile);

/** Makes the packed root of a release once; where it is, and where its packages come from. */
export function base(release) {
  const packed = join(BASES, `${release}.tar.zst`);
  const { mirror, ...keys } = ARCHIVES[release];
  if (!existsSync(packed)) {
    mkdirSync(BASES, { recursive: true });
    const draft = join(BASES, `${release}.new.tar.zst`);
    const words = ['--quiet', '--variant=apt', `--include=${INCLUDED}`, ...(keys.keys ? [`--keyring=${keyring(mirror, keys)}`] : [])];
    execFileSync('mmdebstrap', [...words, release, draft, mirror]);
    renameSync(draft, packed);
  }
  return { packed, mirror };
}

/** The keys of an archive that this machine does not know. */
function keyring(mirror, { keys, sha256 }) {
  const folder = mkdtempSync(join(BASES, 'keys-'));
  const deb = join(folder, 'keys.deb');
  execFileSync('/usr/lib/apt/apt-helper', ['-q', 'download-file', `${mirror}/${keys}`, deb, `SHA256:${sha256}`]);
  execFileSync('dpkg-deb', ['--extract', deb, folder]);
  return join(folder, 'usr/share/keyrings/ubuntu-archive-keyring.gpg');
}

export class Host {
  /** Its addresses: of this machine's end, and of the host's. */
  static #next = process.pid % 200;
  #machine;

  constructor(release, allowed) {
    this.allowed = allowed;
    Host.#next += 1;
    this.name = `bd${process.pid % 100_000}x${Host.#next % 100}`;
    const network = `10.213.${(Host.#next % 250) + 1}`;
    Object.assign(this, { here: `${network}.1`, address: `${network}.2`, release });
    mkdirSync(BASES, { recursive: true });
    this.root = mkdtempSync(join(BASES, `${release}-`));
  }

  /** `allowed` is what it may do more than usual; with bpf some directives of units bite that would do nothing, without a word. */
  static async boot(release, allowed = ['--system-call-filter=bpf']) {
    const { packed } = base(release);
    const host = new Host(release, allowed);
    process.once('exit', () => host.#destroy());
    execFileSync('tar', ['--extract', '--zstd', '--file', packed, '--directory', host.root]);
    await host.start();
    return host;
  }

  /** Switches it on. */
  async start() {
    const words = ['--quiet', '--register=no', '--keep-unit', '--boot', `--directory=${this.root}`, `--machine=${this.name}`];
    words.push('--network-veth', '--link-journal=no', '--timezone=off', ...this.allowed);
    this.#machine = spawn('systemd-nspawn', words, {
      env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
      stdio: 'ignore',
    });
    await until(`${this.name} to boot`, () => {
      if (this.#machine.exitCode !== null) throw new Error(`systemd-nspawn ended with ${this.#machine.exitCode}`);
      return existsSync(`/proc/${this.#machine.pid}`) && this.#leader() !== undefined;
    });
    const link = `ve-${this.name}`.slice(0, 15);
    await until('the cable', () => existsSync(`/sys/class/net/${link}`));
    execFileSync('ip', ['addr', 'replace', `${this.here}/24`, 'dev', link]);
    execFileSync('ip', ['link', 'set', link, 'up']);
    await until('systemd to answer', () => this.try('systemctl is-system-running --wait | grep -qE "running|degraded"'));
    await this.run(`ip addr replace ${this.address}/24 dev host0 && ip link set host0 up && ip route replace default via ${this.here}`);
  }

  /** Runs a line of shell as root inside; gives what it printed, and fails with all of it. */
  async run(line, environment = []) {
    const inside = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LANG=C.UTF-8', 'NO_COLOR=1', ...environment, 'sh', '-c', line];
    const words = ['-t', String(this.#leader()), '-m', '-u', '-i', '-n', '-p', '-C', '--', ...inside];
    try {
      return (await run('nsenter', words, { maxBuffer: 1 << 26 })).stdout.trimEnd();
    } catch (error) {
      throw new Error(`${this.release}: ${line}\nended with ${error.code}\n${error.stdout}${error.stderr}`);
    }
  }

  /** The same; whether it ended well. */
  async try(line) {
    return this.run(line).then(() => true, () => false);
  }

  /** A path of the host on this machine. */
  path(inside) {
    return join(this.root, inside);
  }

  /** Everything that lies on its disk. */
  async files() {
    const elsewhere = ['/proc', '/sys', '/tmp', '/dev', '/run'].map((path) => `-path ${path}`).join(' -o ');
    return (await this.run(`find / -xdev \\( ${elsewhere} \\) -prune -o -print`)).split('\n');
  }

  /** Switches it off and on again, by its own command. */
  async reboot() {
    const ended = once(this.#machine, 'exit');
    await this.try('systemctl reboot');
    const [code] = await ended;
    if (code !== REBOOTS) throw new Error(`systemd-nspawn ended with ${code} instead of asking for a reboot`);
    await this.start();
  }

  /** Pulls the plug. */
  async cutPower() {
    const ended = once(this.#machine, 'exit');
    process.kill(this.#leader(), 'SIGKILL');
    await ended;
  }

  async close() {
    if (this.#machine?.exitCode === null && this.#machine.signalCode === null) {
      const ended = once(this.#machine, 'exit');
      this.#machine.kill('SIGTERM');
      await ended;
    }
    this.#destroy();
  }

  #destroy() {
    if (this.#machine?.exitCode === null) this.#machine.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Its first process, as this machine counts. */
  #leader() {
    const { pid } = this.#machine;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return children.find((child) => /systemd|init/.test(readFileSync(`/proc/${child}/comm`, 'utf8')));
  }
}
