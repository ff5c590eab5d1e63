/** Microphone and camera in the call: held back, silent, pulled out, forbidden, and freed of noise. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { STARVED, scene } from './scene.mjs';
import { writeVoice } from './sound.mjs';
import { until } from './wait.mjs';

const sounds = mkdtempSync(join(tmpdir(), 'bedrud-sounds-'));
after(() => rmSync(sounds, { recursive: true, force: true }));

const hearing = (loudness) => {
  const file = join(sounds, `voice-${loudness}.wav`);
  writeVoice(file, loudness);
  return { flags: [`--use-file-for-fake-audio-capture=${file}`] };
};

scene('who speaks while muted is told once, and the space bar opens the microphone while it is held', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna', hearing(0.7));
  await anna.join('standup');
  const bo = await stage.person('Bo');
  await bo.join('standup');
  await bo.sees('Anna');
  const told = anna.page.getByText('You are muted. Press M to speak');
  await anna.page.keyboard.press('m');
  await told.waitFor();
  await told.waitFor({ state: 'detached' });

  await anna.page.keyboard.down(' ');
  await bo.page.getByRole('listitem', { name: /^Anna(, speaking)?$/ }).waitFor();
  await anna.page.keyboard.up(' ');
  await bo.page.getByRole('listitem', { name: /^Anna, microphone off/ }).waitFor();
});

scene('a microphone that gives no sound is noticed, and another can be chosen', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna', hearing(0));
  await anna.join('standup');
  await anna.page.getByText('No sound comes from your microphone.').waitFor();
  await anna.press('Choose another');
  await anna.heading('Devices').waitFor();
});

scene('a device that is pulled out is replaced, and its successor is named', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.page.evaluate(() => window.seen.unplug('video'));
  await bo.page.getByText(/^The camera was unplugged. Now in use: fake/).first().waitFor();
  await anna.sees('Bo');
  // and when there is no other
  await bo.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
    window.seen.unplug('video');
  });
  await bo.page.getByText('The camera was unplugged, and there is no other.').first().waitFor();
  await bo.button('Turn camera on (V)').waitFor();
  await bo.press('Turn camera on (V)');
  await bo.page.getByText('The camera was not found.').first().waitFor();
  await bo.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('busy', 'NotReadableError'));
  });
  await bo.press('Turn camera on (V)');
  await bo.page.getByText('The camera is in use by another program.').first().waitFor();
}, { spoiled: STARVED });

scene('a permission that was refused and is given later is taken up', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna', { context: { permissions: [] }, asks: false });
  const permit = async (setting) => {
    const session = await anna.browser.newBrowserCDPSession();
    const { browserContextIds } = await session.send('Target.getBrowserContexts');
    for (const name of ['camera', 'microphone'])
      for (const browserContextId of browserContextIds)
        await session.send('Browser.setPermission', { permission: { name }, setting, browserContextId });
  };
  await permit('denied');
  await anna.goTo('/m/standup');
  await anna.page.getByText(/^Camera and microphone are blocked for this page/).waitFor();
  await permit('granted');
  await anna.page.getByLabel('Your camera').waitFor();
  await anna.comeIn();

  const bo = await stage.person('Bo');
  await bo.join('standup');
  await bo.sees('Anna');
}, { spoiled: STARVED });

scene('noise is taken out of a voice by what this server has, and nothing of it is loaded before', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna', hearing(0.7));
  await anna.join('standup');
  const bo = await stage.person('Bo');
  await bo.join('standup');
  await bo.hears();
  const loaded = () => anna.requests.filter((url) => /rnnoise/.test(url));
  assert.deepEqual(loaded(), []);
  await anna.press('More');
  await anna.page.getByRole('menuitem', { name: 'Devices' }).click();
  await anna.page.getByLabel('Take noise out of my voice').check();
  await until('the network to be loaded', () => loaded().some((url) => url.endsWith('.wasm')));
  await until('a processed track to be sent', () => anna.page.evaluate(() => window.seen.sentKinds('audio')).then((kinds) => kinds.includes('processed')));
  await anna.page.keyboard.press('Escape');
  await bo.hears();
  assert.deepEqual(await anna.page.evaluate(() => window.seen.violations), []);
  assert.ok(loaded().every((url) => new URL(url).host === new URL(stage.daemon.url).host));
});
