/** A whole visit keeps to itself: no other host is asked, nothing breaks the page's own policy, nothing complains. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { PASSWORD, register } from './api.mjs';
import { scene } from './scene.mjs';

/** Every name but the server's own fails to resolve, so that even a forgotten prefetch would be seen failing. */
const ALONE = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'];

scene('a visit from the start page into a meeting asks no other host', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const anna = await stage.person('Anna', { flags: ALONE });
  await anna.goTo('/');
  await anna.page.getByRole('link', { name: 'Sign in' }).click();
  await anna.fill('E-mail', 'anna@example.org');
  await anna.fill('Password', PASSWORD);
  await anna.press('Sign in');
  await anna.heading('Your rooms').waitFor();
  await anna.createRoom('garden');
  await anna.page.getByRole('link', { name: 'Open garden' }).click();
  await anna.comeIn();
  const bo = await stage.person('Bo', { flags: ALONE });
  await bo.join('garden');
  for (const [one, other] of [[anna, 'Bo'], [bo, 'Anna']]) await one.sees(other);
  await anna.write('Nobody else hears this.');
  await bo.reads('Nobody else hears this.');
  await anna.press('Share screen (S)');
  await bo.seesScreenOf('Anna');

  const own = new URL(stage.daemon.url).host;
  const addresses = Object.values(networkInterfaces()).flat().map((network) => network.address);
  for (const person of [anna, bo]) {
    const asked = new Set(person.requests.filter((url) => !/^(blob|data):/.test(url)).map((url) => new URL(url).host));
    assert.deepEqual([...asked], [own]);
    const { violations, iceServers } = await person.page.evaluate(() => ({
      violations: window.seen.violations,
      iceServers: [...window.seen.iceServers],
    }));
    assert.notEqual(iceServers.length, 0, 'a client without a STUN server of ours would take a stranger’s');
    for (const url of iceServers) {
      const host = /^(?:stuns?|turns?):(\[[^\]]+\]|[^:?]+)/.exec(url)[1].replace(/[[\]]/g, '');
      assert.ok(addresses.includes(host), `${url} is not this machine`);
    }
    assert.deepEqual(violations, []);
    assert.deepEqual(person.complaints, []);
    await person.leave();
  }
});
