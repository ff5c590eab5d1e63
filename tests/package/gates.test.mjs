/** What Debian asks of a package: its own tests in a booted host (autopkgtest), installation and purge by piuparts. RELEASE picks one. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'node:test';
import { base, Host, releases } from './host.mjs';
import { Forwarder } from './forwarder.mjs';
import { built } from './packages.mjs';

const REPOSITORY = join(import.meta.dirname, '../..');
const run = promisify(execFile);

for (const release of releases) {
  test(`autopkgtest passes in a booted host: ${release}`, { timeout: 600_000 }, async () => {
    const host = await Host.boot(release);
    const forwarder = new Forwarder();
    try {
      await forwarder.listen(host.here);
      await host.run(`echo 'Acquire::http::Proxy "${forwarder.url}";' >/etc/apt/apt.conf.d/forwarder`);
      await host.run('apt-get update && apt-get install -y --no-install-recommends autopkgtest', ['DEBIAN_FRONTEND=noninteractive']);
      cpSync(join(REPOSITORY, 'debian'), host.path('/root/source/debian'), {
        recursive: true,
        filter: (path) => !path.startsWith(join(REPOSITORY, 'debian/bedrud/')),
      });
      copyFileSync(built(), host.path('/root/bedrud.deb'));
      const said = await host.run(
        'autopkgtest --ignore-restrictions=isolation-container -B /root/bedrud.deb /root/source -- null 2>&1',
      );
      assert.match(said, /^answers +PASS/m);
    } finally {
      forwarder.close();
      await host.close();
    }
  });

  test(`piuparts finds nothing left or broken: ${release}`, { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bedrud-piuparts-'));
    try {
      const { packed, mirror } = base(release);
      const root = join(folder, 'base.tgz');
      execFileSync('sh', ['-c', 'zstd -dc "$1" | gzip -1 >"$2"', 'sh', packed, root]);
      // the ignored one is a leftover of the base
      const words = ['-b', root, '--mirror', `${mirror} main`, '-d', release, '-I', '^/var/cache/debconf/tmp.ci', built()];
      await run('piuparts', words, { maxBuffer: 1 << 26 }).catch((error) => {
        const lines = `${error.stdout}${error.stderr}`.split('\n').slice(-40).join('\n');
        throw new Error(`piuparts ended with ${error.code}\n${lines}`);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
