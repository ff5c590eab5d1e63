/** Every hardening directive of the units is tried alone on a booted host: what does it keep a program from? Prints a table. RELEASE picks one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Host, releases } from './host.mjs';
import { PREPARED, PROBES } from './probes.mjs';

const SYSTEMD = join(import.meta.dirname, '../../systemd');
const UNITS = ['bedrud.service', 'bedrud-livekit.service'];
/** What a container usually forbids its programs itself, so that a directive which does would not be seen. It may not set the clock. */
const ALLOWED = ['--system-call-filter=bpf adjtimex syslog @keyring', '--capability=CAP_SYSLOG'];
/** What says how a unit is started and watched, and takes nothing away. */
const NO_HARDENING =
  /^(Type|NotifyAccess|Exec\w+|Restart\w*|WatchdogSec|TimeoutStopSec|KillMode|(State|Runtime)Directory\w*|LimitNOFILE)$/;

/** The directives of a unit that take something away, each with all of its values. */
function hardening(unit) {
  const [, service] = readFileSync(join(SYSTEMD, unit), 'utf8').split(/^\[Service\]$/m);
  const found = new Map();
  for (const [, name, value] of service.split(/^\[/m)[0].matchAll(/^(\w+)=(.*)$/gm))
    if (!NO_HARDENING.test(name)) found.set(name, [...(found.get(name) ?? []), value]);
  return found;
}

for (const release of releases)
  test(`each hardening directive bites: ${release}`, { timeout: 600_000 }, async () => {
    const [one, other] = UNITS.map(hardening);
    assert.deepEqual([...one], [...other], 'both units are hardened alike');
    assert.deepEqual([...one.keys()].filter((name) => !PROBES[name]), [], 'a directive that nobody has tried');
    const host = await Host.boot(release, ALLOWED);
    try {
      await host.run(PREPARED);
      /** Whether the probe ends well in a unit with these directives. */
      const tried = async ({ probe, as, after, besides = [] }, directives) => {
        const given = [...(as ? [`User=${as}`] : []), ...besides, ...directives].map((one) => `--property='${one}'`).join(' ');
        const line = `systemd-run --quiet --wait --collect ${given} sh -c '${probe.replaceAll("'", `'\\''`)}'`;
        const ended = await host.try(line);
        const well = after ? await host.try(after) : ended;
        await host.run('rm -f /dev/shm/left');
        return well;
      };
      const toothless = [];
      for (const [name, values] of one) {
        const without = await tried(PROBES[name], PROBES[name].opposite ?? []);
        const directives = values.map((value) => `${name}=${value}`);
        const alone = await tried(PROBES[name], directives);
        assert.ok(await tried({ ...PROBES[name], probe: 'true', after: undefined }, directives), `nothing runs with ${name}`);
        const proof = without && !alone ? 'bites' : without ? 'DOES NOTHING' : 'not to be seen: the container forbids it already';
        console.log(`${release.padEnd(9)} ${name.padEnd(24)} ${proof.padEnd(48)} ${PROBES[name].probe}`);
        if (without && alone) toothless.push(name);
      }
      assert.deepEqual(toothless, []);
    } finally {
      await host.close();
    }
  });
