/** The life of the package on fresh Debian hosts, from its repository to its purge, with a meeting going on. RELEASE picks one. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { until } from '../browser/wait.mjs';
import { Host, releases } from './host.mjs';
import { ask, Meeting } from './meeting.mjs';
import { newerDatabase } from './database.mjs';
import { built, installedKilobytes, Repository, reversioned } from './packages.mjs';
import { Figures } from './figures.mjs';

const UNITS = ['bedrud.service', 'bedrud-livekit.service'];
const CONFIG = '/etc/bedrud/bedrud.yaml';
/** systemd counts in tenths: 1.5. */
const EXPOSURE = 15;
/** What apt, dpkg, the journal and the tools for users write for themselves, and the source that this test has added. */
const NOT_OURS = /^\/(etc\/(passwd|group|shadow|gshadow|\.pwd\.lock|apt\/sources\.list\.d)|var\/(lib|cache|log)\/(apt|dpkg|debconf|journal|systemd)|var\/cache\/ldconfig|var\/tmp\/systemd-private-|root\/)/;
/** The bars of gaps are for a quiet machine; this one may be busy with other things. */
const GENEROUS = Number(process.env.GENEROUS ?? 3);

if (process.getuid() !== 0) throw new Error('It boots containers, for which it has to be root: sudo make test-package');
const figures = new Figures();
test.after(() => figures.print());

for (const release of releases)
  test(release, { timeout: 900_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'bedrud-package-'));
    const repository = new Repository(join(folder, 'repository'));
    const note = (name, figure, bar) => figures.note(release, name, figure, bar);
    let host, meeting;
    /** Each goes on from where the one before left the host, so the first that fails is the last. */
    let broken;
    const step = (name, act) =>
      t.test(name, { skip: broken }, async () => {
        await act().catch((error) => {
          broken = 'an earlier step failed';
          throw error;
        });
      });
    try {
      host = await Host.boot(release);
      const url = `https://${host.address}`;
      const active = (unit) => host.try(`systemctl --quiet is-active ${unit}`);
      const before = await host.files();
      // with other defaults as well: a configuration that was edited must neither be lost nor asked about
      const newer = reversioned(built(), '0.1.1', folder, (unpacked) =>
        appendFileSync(join(unpacked, 'usr/share/bedrud/bedrud.yaml'), '# newer:\n#   key: 1\n'),
      );

      await step('three lines on a fresh host make a server that answers at once', async () => {
        await repository.serve(host.here);
        repository.add(built());
        // it depends on nothing that a host has not, so no other archive is asked
        await host.run('rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*');
        await host.run(`/usr/lib/apt/apt-helper download-file ${repository.url}/bedrud.sources /etc/apt/sources.list.d/bedrud.sources`);
        await host.run('apt-get update --error-on=any');
        host.began = Date.now();
        await host.run('apt-get install -y bedrud', ['DEBIAN_FRONTEND=noninteractive']);
        for (const unit of UNITS) assert.ok(await active(unit), `${unit} is not active`);
        assert.equal((await ask(`${url}/api/health`)).status, 200);
        note('apt install until it answers', `${seconds(host.began)} s`, '60 s');
        assert.equal((await ask(`${url}/api/ready`)).status, 200);
        assert.match(await host.run('bedrudctl status'), /SFU +ready/);
        note('resident when idle', `${await resident(host)} MB`, '120 MB');
      });

      await step('two people from outside see and hear each other', async () => {
        const link = await host.run('bedrudctl setup');
        meeting = await Meeting.begin(url, link);
        note('apt install until the first picture', `${((meeting.firstFrame - host.began) / 1000).toFixed(1)} s`, '60 s');
      });

      await step('both units are hardened while media flow', async () => {
        for (const unit of UNITS) {
          const said = await host.run(`systemd-analyze security --no-pager --threshold=${EXPOSURE} ${unit}`);
          note(`exposure of ${unit}`, said.match(/Overall exposure level.*: ([\d.]+)/)[1], '1.5');
        }
        await meeting.flows();
      });

      await step('memory of the whole appliance with two people in a meeting', async () => {
        note('resident with a meeting of two', `${await resident(host)} MB`, '120 MB');
      });

      await step('members of the groups may do what theirs is, others nothing', async () => {
        const people = 'u boss -\nm boss bedrud-admin\nu helper -\nm helper bedrud-mod\nu nobodys -\n';
        await host.run(`printf '${people}' | systemd-sysusers -`);
        const as = (user, line) => host.run(`setpriv --reuid=${user} --regid=${user} --init-groups ${line}`);
        await as('boss', 'bedrudctl user list');
        assert.match(await as('helper', 'bedrudctl room list'), /standup/);
        await assert.rejects(as('helper', 'bedrudctl user list'), /ended with 5/);
        await assert.rejects(as('nobodys', 'bedrudctl room list'), /ended with 5/);
      });

      await step('a restart and a kill -9 of the daemon end no meeting', async () => {
        const restart = await meeting.gapDuring(() => host.run('systemctl restart bedrud'));
        note('restart: longest time without a new picture', `${restart} ms`, '500 ms');
        const kill = await meeting.gapDuring(async () => {
          const pid = await host.run('systemctl show -P MainPID bedrud');
          await host.run(`kill -9 ${pid}`);
          await until('another daemon', () => host.try(`systemctl --quiet is-active bedrud && [ "$(systemctl show -P MainPID bedrud)" != ${pid} ]`));
        });
        note('kill -9: longest time without a new picture', `${kill} ms`, '500 ms');
        assert.equal(await inside(host), 2);
        assert.ok(Math.max(restart, kill) < GENEROUS * 500);
      });

      await step('an upgrade ends no meeting and keeps an edited configuration', async () => {
        const config = host.path(CONFIG);
        writeFileSync(config, `${readFileSync(config, 'utf8')}log:\n  level: debug\n`);
        const edited = readFileSync(config, 'utf8');
        const sfu = await host.run('systemctl show -P MainPID bedrud-livekit');
        repository.add(newer);
        const gap = await meeting.gapDuring(async () => {
          await host.run('apt-get update --error-on=any && apt-get upgrade -y', ['DEBIAN_FRONTEND=noninteractive']);
        });
        note('upgrade: longest time without a new picture', `${gap} ms`, '500 ms');
        assert.match(await host.run('dpkg-query -W bedrud'), /0\.1\.1/);
        assert.equal(readFileSync(config, 'utf8'), edited);
        assert.match(await host.run('systemctl show -P StatusText bedrud'), /1 meeting, 2 people/);
        assert.equal(await host.run('systemctl show -P MainPID bedrud-livekit'), sfu, 'the media server was exchanged under a meeting');
        assert.equal(await inside(host), 2);
        assert.ok(gap < GENEROUS * 500);
      });

      await step('a kill -9 of the media server is over in moments', async () => {
        const gap = await meeting.gapDuring(() => host.run('pkill -9 -x livekit-server'));
        note('kill -9 of the media server: longest time without a new picture', `${gap} ms`, '2000 ms');
        assert.ok(gap < GENEROUS * 2000);
      });

      await step('after a reboot the room is there and can be joined without a hand', async () => {
        await meeting.close();
        meeting = undefined;
        await host.reboot();
        await until('the server after the reboot', async () => (await ask(`${url}/api/ready`)).status === 200);
        meeting = await Meeting.again(url);
        assert.equal(await inside(host), 2);
        await meeting.close();
        meeting = undefined;
      });

      await step('a half-written configuration is refused at a reload, and the daemon goes on', async () => {
        const config = host.path(CONFIG);
        const good = readFileSync(config, 'utf8');
        const pid = await host.run('systemctl show -P MainPID bedrud');
        writeFileSync(config, `${good}server:\n  port: [443\n`);
        await assert.rejects(host.run('systemctl reload bedrud'));
        assert.match(await host.run('journalctl -o cat -u bedrud -n 20'), /not valid YAML.*line \d+.*Mend that line/s);
        assert.equal(await host.run('systemctl show -P MainPID bedrud'), pid);
        assert.equal((await ask(`${url}/api/health`)).status, 200);
        writeFileSync(config, good);
        await host.run('systemctl reload bedrud');
      });

      await step('one command goes back to the build before, with the copy of a database that was changed', async () => {
        // what was written before the copy comes back; what came after it is kept aside
        const state = host.path('/var/lib/bedrud');
        newerDatabase(state);
        await host.try('systemctl restart bedrud');
        assert.ok(!(await active('bedrud.service')), 'it runs on a database that it does not know');
        assert.match(await host.run('journalctl -o cat -u bedrud -n 20'), /written by a newer version/);
        await host.run('/usr/lib/bedrud/go-back 0.1.0', ['DEBIAN_FRONTEND=noninteractive']);
        assert.match(await host.run('dpkg-query -W bedrud'), /0\.1\.0/);
        for (const unit of UNITS) assert.ok(await active(unit), `${unit} is not active`);
        assert.match(await host.run('bedrudctl room list'), /standup/);
        assert.ok(statSync(join(state, 'bedrud.db.newer')).size > 0);
      });

      await step('a power cut in the middle of an upgrade loses nothing', async () => {
        const upgrade = host.run('apt-get install -y bedrud=0.1.1', ['DEBIAN_FRONTEND=noninteractive']).catch(() => 'cut off');
        await until('dpkg to unpack', () => host.try('ls /usr/lib/bedrud/*.dpkg-new /usr/sbin/*.dpkg-new 2>/dev/null | grep -q .'));
        await host.cutPower();
        await upgrade;
        await host.start();
        // the programs of before serve, or wait for this, which apt itself asks for
        await host.run('dpkg --configure -a; apt-get install -y -f bedrud=0.1.1', ['DEBIAN_FRONTEND=noninteractive']);
        for (const unit of UNITS) await until(`${unit}`, () => active(unit));
        assert.equal((await ask(`${url}/api/health`)).status, 200);
        assert.match(await host.run('bedrudctl room list'), /standup/);
        assert.match(readFileSync(host.path(CONFIG), 'utf8'), /level: debug/);
      });

      await step('the nightly backup is made where it should be, and nobody else reads it', async () => {
        assert.ok(await active('bedrud-backup.timer'), 'nothing would start it');
        await host.run('systemctl start bedrud-backup.service');
        assert.match(await host.run('stat -c "%a %U %n" /var/backups/bedrud /var/backups/bedrud/*'), /^700 root .*\n600 root [^\n]+$/);
        await host.run('bedrudctl backup verify /var/backups/bedrud/*');
        await host.run('rm /var/backups/bedrud/*');
      });

      await step('remove keeps data, purge leaves nothing, and it can be installed again', async () => {
        await host.run('apt-get remove -y bedrud');
        assert.ok(!(await active('bedrud.service')) && !(await active('bedrud.socket')));
        assert.ok(statSync(host.path('/var/lib/bedrud/bedrud.db')).size > 0);
        assert.ok(statSync(host.path(CONFIG)).size > 0);
        await host.run('apt-get install -y bedrud', ['DEBIAN_FRONTEND=noninteractive']);
        assert.match(await host.run('bedrudctl room list'), /standup/);
        await host.run('apt-get purge -y bedrud');
        assert.deepEqual((await host.files()).filter((path) => !before.includes(path) && !NOT_OURS.test(path)), []);
        assert.ok(!(await host.try('ls /etc/systemd/system/*.wants/bedrud*')));
        await host.run('apt-get install -y bedrud', ['DEBIAN_FRONTEND=noninteractive']);
        assert.equal((await ask(`${url}/api/health`)).status, 200);
        assert.match(await host.run('bedrudctl setup'), /\/setup#/, 'a fresh server wants an administrator');
      });

      await step('what was preseeded is there after an installation, and nothing is asked', async () => {
        await host.run('apt-get purge -y bedrud');
        // the authority is away: the server runs all the same, and says so
        const lines = { domain: 'meet.example.org', email: 'me@example.org', admin: 'root@example.org' };
        for (const [name, value] of Object.entries(lines))
          await host.run(`echo 'bedrud bedrud/${name} string ${value}' | debconf-set-selections`);
        const said = await host.run('apt-get install -y bedrud </dev/null 2>&1', ['DEBIAN_FRONTEND=noninteractive']);
        assert.match(said, /meet\.example\.org leads nowhere/);
        assert.match(said, /bedrudctl user passwd root@example\.org/);
        assert.equal((await ask(`${url}/api/health`)).status, 200);
        assert.match(readFileSync(host.path(CONFIG), 'utf8'), /^ {2}domain: meet\.example\.org$/m);
        assert.match(await host.run('bedrudctl user list'), /root@example\.org +admin/);
        await host.run('dpkg --verify bedrud');
        await host.run('echo PURGE | debconf-communicate bedrud; apt-get purge -y bedrud');
      });

      await step('a host without IPv6 serves as well', async () => {
        await host.run('sysctl -qw net.ipv6.conf.all.disable_ipv6=1', []);
        await host.run('apt-get install -y bedrud', ['DEBIAN_FRONTEND=noninteractive']);
        for (const unit of UNITS) assert.ok(await active(unit), `${unit} is not active`);
        assert.equal((await ask(`${url}/api/health`)).status, 200);
      });

      await step('an installation over another web server says who is in the way', async () => {
        await host.run('apt-get purge -y bedrud');
        await host.run(`systemd-run --unit=other-web perl -MIO::Socket::INET -e 'IO::Socket::INET->new(LocalPort => 443, Listen => 5, ReuseAddr => 1) && sleep 600'`);
        await until('another web server', () => host.try('ss -ltn | grep -q ":443 "'));
        const said = await host.run('apt-get install -y bedrud 2>&1', ['DEBIAN_FRONTEND=noninteractive']);
        assert.match(said, /443/);
        const pid = await host.run('systemctl show -P MainPID other-web');
        assert.match(said, new RegExp(`process ${pid}, unit other-web\\.service`));
        assert.match(said, /systemctl disable --now other-web/);
        await host.run('systemctl stop other-web && systemctl restart bedrud.socket bedrud');
        assert.equal((await ask(`${url}/api/health`)).status, 200);
      });
      note('package', `${(statSync(built()).size / 1e6).toFixed(1)} MB`, '30 MB');
      note('installed', `${(installedKilobytes(built()) / 1024).toFixed(1)} MB`, '85 MB');
    } finally {
      if (broken && host) console.error(await host.run('journalctl --no-pager -n 60 -u "bedrud*"; systemctl status --no-pager "bedrud*"').catch((error) => error.message));
      await meeting?.close();
      repository.close();
      await host?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

const seconds = (began) => ((Date.now() - began) / 1000).toFixed(1);

/** What all of our processes hold together, in MB; what they share is counted once. */
async function resident(host) {
  const pids = (await host.run('cat /sys/fs/cgroup/system.slice/bedrud*.service/cgroup.procs')).split('\n');
  let kilobytes = 0;
  for (const pid of pids) kilobytes += Number((await host.run(`cat /proc/${pid}/smaps_rollup`)).match(/^Pss: +(\d+)/m)[1]);
  return Math.round(kilobytes / 1024);
}

/** How many people the operator sees in the room. */
async function inside(host) {
  const told = JSON.parse(await host.run('bedrudctl --json room participants standup'));
  return (told.participants ?? told).length;
}
