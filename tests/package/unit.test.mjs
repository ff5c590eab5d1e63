/** Hosts without the package: the same units by `bedrudctl unit install`, the same meeting, and nothing left after that. RELEASE picks one. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Host, releases } from './host.mjs';
import { ask, Meeting } from './meeting.mjs';

const REPOSITORY = join(import.meta.dirname, '../..');
/** As `make run` or an archive leaves them: side by side. */
const PROGRAMS = ['target/debug/bedrud', 'target/debug/bedrudctl', 'build/livekit-server'];
const UNITS = ['bedrud.socket', 'bedrud.service', 'bedrud-livekit.service'];
/** What systemd and the tools for users write for themselves. */
const NOT_OURS = /^\/(etc\/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)|var\/(log|lib\/systemd|tmp)\/|opt\/bedrud)/;

if (process.getuid() !== 0) throw new Error('It boots containers, for which it has to be root: sudo make test-package');

for (const release of releases)
  test(`${release} without the package`, { timeout: 600_000 }, async () => {
    const host = await Host.boot(release);
    let meeting;
    try {
      const before = await host.files();
      mkdirSync(host.path('/opt/bedrud'));
      for (const program of PROGRAMS) copyFileSync(join(REPOSITORY, program), host.path(join('/opt/bedrud', program.split('/').at(-1))));
      await assert.rejects(host.run('/opt/bedrud/bedrudctl unit install --dry-run >/root/units'), /ended with 7/);
      assert.deepEqual((await host.files()).filter((path) => !before.includes(path) && !NOT_OURS.test(path)), ['/root/units']);
      await host.run('rm /root/units; /opt/bedrud/bedrud install');
      for (const unit of UNITS) assert.ok(await host.try(`systemctl --quiet is-active ${unit}`), `${unit} is not active`);
      const url = `https://${host.address}`;
      assert.equal((await ask(`${url}/api/ready`)).status, 200);
      assert.match(await host.run('bedrudctl unit status'), /bedrud\.service +active +\/etc\/systemd\/system\/bedrud\.service +as shipped/);
      meeting = await Meeting.begin(url, await host.run('bedrudctl setup'));
      await host.run('systemctl restart bedrud');
      await meeting.flows();
      await meeting.close();
      meeting = undefined;

      await host.run('bedrudctl unit uninstall --yes');
      assert.ok(await host.try('test -s /var/lib/bedrud/bedrud.db'), 'accounts and rooms are kept');
      await host.run('/opt/bedrud/bedrud install');
      assert.match(await host.run('bedrudctl room list'), /standup/);
      await host.run('bedrudctl unit uninstall --purge --yes');
      assert.deepEqual((await host.files()).filter((path) => !before.includes(path) && !NOT_OURS.test(path)), []);
      assert.ok(!(await host.try('getent passwd bedrud || getent group bedrud-admin')));
    } catch (error) {
      console.error(await host.run('journalctl --no-pager -n 60 -u "bedrud*"').catch((failed) => failed.message));
      throw error;
    } finally {
      await meeting?.close();
      await host.close();
    }
  });
