/** A whole visit keeps to itself: no other host is asked, nothing breaks the page's own policy, nothing complains. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { PASSWORD, register } from './api.mjs';
import { SMALL_CAMERA, WITH_WEBGL } from './person.mjs';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

/** Every name but the server's own fails to resolve, so that even a forgotten prefetch would be seen failing. */
const ALONE = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'];

/** In software, a blurred picture takes its time, and the page with it. */
const SLOW = { withinMs: 60_000 };

/** What MediaPipe's program and WebGL in software say of themselves. */
const PROGRAM_TALKS = /\/blur\/vision_wasm_internal\.js\)$|GL Driver Message/;

scene('a visit from the start page through everything a meeting has asks no other host', async (stage) => {
  await stage.begin();
  await register(stage.daemon, 'Anna');
  const anna = await stage.person('Anna', { flags: [...ALONE, ...WITH_WEBGL] });
  await anna.context.addInitScript(SMALL_CAMERA);
  anna.context.setDefaultTimeout(SLOW.withinMs);
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
  await anna.press('Raise hand (H)');
  await bo.page.getByText('Anna raised a hand').first().waitFor();
  await anna.press('React');
  await anna.page.getByRole('menuitem', { name: 'Applause' }).click();
  await anna.press('Stop sharing (S)');
  await anna.press(/^People/);
  await anna.press('Moderate Bo');
  await anna.page.getByRole('menuitem', { name: 'Connection' }).click();
  await anna.page.getByRole('dialog').getByText('Direct', { exact: true }).waitFor();
  await anna.page.keyboard.press('Escape');
  await anna.press('More');
  await anna.page.getByRole('menuitem', { name: 'Devices' }).click();
  for (const [wish, kind] of [['Take noise out of my voice', 'audio'], ['Blur my background', 'video']]) {
    await anna.page.getByLabel(wish).check();
    const processed = () => anna.page.evaluate((of) => window.seen.sentKinds(of).includes('processed'), kind);
    await until(`${kind} to be processed by the page`, processed, SLOW);
  }
  await anna.page.getByLabel('Blur my background').uncheck();
  await anna.page.keyboard.press('Escape');

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
    assert.deepEqual(person.complaints.filter((line) => !PROGRAM_TALKS.test(line)), []);
    await person.leave();
  }
});
