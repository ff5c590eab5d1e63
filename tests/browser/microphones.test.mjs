/** Microphones, cameras and sound outputs that do not open, come and go: nobody seems to be heard or seen who is not. */
import assert from 'node:assert/strict';
import { scene } from './scene.mjs';
import { until } from './wait.mjs';

const TWO_CAMERAS = {
  flags: ['--use-fake-device-for-media-stream=device-count=2,fps=30'],
};

/** Given to Playwright as an init script: `fail(name, id)` lets a device (or all without an id) fail as real ones do. */
const FRAGILE = () => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  let failing = [];
  window.fail = (name, id) => failing.push({ name, id });
  window.heal = () => (failing = []);
  const idOf = (wish) => wish?.deviceId?.exact ?? wish?.deviceId?.ideal ?? wish?.deviceId;
  devices.getUserMedia = (wish) => {
    for (const { name, id } of failing)
      if (!id || [wish.audio, wish.video].some((one) => idOf(one) === id))
        return Promise.reject(name === 'OverconstrainedError' ? new OverconstrainedError('deviceId') : new DOMException('no', name));
    return ask(wish);
  };
};

/** Given to Playwright as an init script: `plug(kind, label)` and `unplug(label)` do what hands do. */
const PLUGS = () => {
  const devices = navigator.mediaDevices;
  const list = devices.enumerateDevices.bind(devices);
  let more = [];
  const changed = () => devices.dispatchEvent(new Event('devicechange'));
  window.plug = (kind, label) => {
    more.push({ kind, label, deviceId: label, groupId: label });
    changed();
  };
  window.unplug = (label) => {
    more = more.filter((one) => one.label !== label);
    changed();
  };
  devices.enumerateDevices = async () => [...(await list()), ...more];
};

async function meeting(stage, options) {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna', options);
  await anna.context.addInitScript(FRAGILE);
  await anna.context.addInitScript(PLUGS);
  const bo = await stage.person('Bo');
  await anna.join('standup');
  await bo.join('standup');
  await bo.tile('Anna').waitFor();
  return [anna, bo];
}

async function openDevices(person) {
  await person.press(person.words.meeting.more);
  await person.page.getByRole('menuitem', { name: person.words.devices.title }).click();
  await person.heading(person.words.devices.title).waitFor();
}

const select = (person, label) => person.page.getByRole('combobox', { name: label, exact: true });
const optionsOf = (person, label) => select(person, label).locator('option').allTextContents();
const inUse = (person, label) => select(person, label).evaluate((one) => one.selectedOptions[0].textContent);
const idOf = (person, label, option) =>
  select(person, label).evaluate((one, text) => [...one.options].find((each) => each.textContent === text).value, option);

scene('a microphone that does not open leaves the one before in use, and says so', async (stage) => {
  const [anna, bo] = await meeting(stage);
  await openDevices(anna);
  const before = await inUse(anna, 'Microphone');
  const other = (await optionsOf(anna, 'Microphone')).find((one) => one !== before);
  const id = await idOf(anna, 'Microphone', other);
  for (const name of ['NotReadableError', 'OverconstrainedError', 'NotFoundError', 'NotAllowedError']) {
    await anna.page.evaluate(([name, id]) => window.fail(name, id), [name, id]);
    await select(anna, 'Microphone').selectOption(other);
    await anna.page.getByText(`Now in use: ${before}.`).first().waitFor();
    await bo.hears();
    assert.equal(await inUse(anna, 'Microphone'), before, name);
    assert.equal(await bo.page.getByRole('listitem', { name: /^Anna, microphone off/ }).count(), 0, name);
    await anna.page.evaluate(() => window.heal());
    await anna.page.getByText(`Now in use: ${before}.`).first().waitFor({ state: 'detached' });
  }
  // and one that does
  await select(anna, 'Microphone').selectOption(other);
  await bo.hears();
  assert.equal(await inUse(anna, 'Microphone'), other);
});

scene('where no microphone opens any more one is muted for everybody and told, and a press tries again', async (stage) => {
  const [anna, bo] = await meeting(stage);
  await openDevices(anna);
  const options = await optionsOf(anna, 'Microphone');
  const before = await inUse(anna, 'Microphone');
  await anna.page.evaluate(() => window.fail('NotReadableError'));
  await select(anna, 'Microphone').selectOption(options.find((one) => one !== before));
  await anna.page
    .getByText(/in use by another program.* You are muted\./)
    .first()
    .waitFor();
  await anna.page.keyboard.press('Escape');
  await anna.button('Unmute (M)').waitFor();
  await bo.page.getByRole('listitem', { name: /^Anna, microphone off/ }).waitFor();
  await anna.press('Unmute (M)');
  await anna.page
    .getByText(/in use by another program/)
    .first()
    .waitFor();
  await anna.button('Unmute (M)').waitFor();
  await anna.page.evaluate(() => window.heal());
  await anna.press('Unmute (M)');
  await anna.button('Mute (M)').waitFor();
  await bo.page.getByRole('listitem', { name: /^Anna(, speaking)?$/ }).waitFor();
  await bo.hears();
});

scene('a camera that does not open leaves the one before in use; where none does it is off, and a press tries again', async (stage) => {
  const [anna, bo] = await meeting(stage, TWO_CAMERAS);
  await openDevices(anna);
  const before = await inUse(anna, 'Camera');
  const other = (await optionsOf(anna, 'Camera')).find((one) => one !== before);
  await anna.page.evaluate((id) => window.fail('NotReadableError', id), await idOf(anna, 'Camera', other));
  await select(anna, 'Camera').selectOption(other);
  await anna.page.getByText(`Now in use: ${before}.`).first().waitFor();
  await bo.sees('Anna');
  await anna.page.evaluate(() => window.fail('NotReadableError'));
  await select(anna, 'Camera').selectOption(other);
  await anna.page
    .getByText(/Your camera is off\./)
    .first()
    .waitFor();
  await anna.page.keyboard.press('Escape');
  await anna.button('Turn camera on (V)').waitFor();
  await bo.tile('Anna').locator('video').waitFor({ state: 'detached' });
  await anna.page.evaluate(() => window.heal());
  await anna.press('Turn camera on (V)');
  await bo.sees('Anna');
});

scene('a microphone that ends without a word is opened anew, or another', async (stage) => {
  const [anna, bo] = await meeting(stage);
  // as livekit-client leaves it when the device it changes to by itself does not open: no event tells
  await anna.page.evaluate(() => window.seen.sent('audio').forEach((track) => track.stop()));
  await anna.page
    .getByText(/Now in use: /)
    .first()
    .waitFor();
  await bo.hears();
});

scene('a camera that gives no picture is noticed, and another can be chosen', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  await until('the camera to be sent', () => anna.page.evaluate(() => window.seen.sent('video').length > 0));
  // as the system says it when a cover is shut or another program takes the camera
  await anna.page.evaluate(() => {
    window.muted = window.seen.sent('video');
    for (const track of window.muted) track.dispatchEvent(new Event('mute'));
  });
  const told = anna.page.getByText(/^No picture comes from your camera\./);
  await told.waitFor();
  await anna.page.evaluate(() => window.muted.forEach((track) => track.dispatchEvent(new Event('unmute'))));
  await told.waitFor({ state: 'detached' });
});

scene('before the meeting too a microphone that does not open leaves the one before in use', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.context.addInitScript(FRAGILE);
  await anna.goTo('/m/standup');
  await anna.page.getByLabel('Your camera').waitFor();
  await until('the list', async () => (await optionsOf(anna, 'Microphone')).length > 1);
  const before = await inUse(anna, 'Microphone');
  const other = (await optionsOf(anna, 'Microphone')).find((one) => one !== before);
  await anna.page.evaluate((id) => window.fail('NotReadableError', id), await idOf(anna, 'Microphone', other));
  await select(anna, 'Microphone').selectOption(other);
  await anna.page.getByText(/in use by another program.* Now in use: /).waitFor();
  assert.equal(await inUse(anna, 'Microphone'), before);
  await anna.button('Turn microphone off').waitFor();
});

scene('a permission that is taken away in the meeting mutes for everybody, and is told for what it is', async (stage) => {
  const [anna, bo] = await meeting(stage);
  const session = await anna.browser.newBrowserCDPSession();
  const { browserContextIds } = await session.send('Target.getBrowserContexts');
  const permit = async (setting) => {
    for (const browserContextId of browserContextIds)
      await session.send('Browser.setPermission', {
        permission: { name: 'microphone' },
        setting,
        browserContextId,
      });
  };
  await anna.page.evaluate(() => window.fail('NotAllowedError'));
  await permit('denied');
  // Chromium ends the track itself where a person takes the permission away; by this protocol it does not
  await anna.page.evaluate(() => window.seen.unplug('audio'));
  await anna.page
    .getByText(/^The microphone is blocked for this page\..* You are muted\.$/)
    .first()
    .waitFor();
  await bo.page.getByRole('listitem', { name: /^Anna, microphone off/ }).waitFor();
  await anna.page.evaluate(() => window.heal());
  await permit('granted');
  await anna.page.getByText('The microphone is allowed now. You can turn it on.').first().waitFor();
  await anna.press('Unmute (M)');
  await bo.hears();
});

scene('what is plugged in appears in all three lists at once, before the meeting and in it', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.context.addInitScript(PLUGS);
  await anna.goTo('/m/standup');
  await anna.page.getByLabel('Your camera').waitFor();
  const headset = [
    ['Microphone', 'audioinput'],
    ['Camera', 'videoinput'],
    ['Sound output', 'audiooutput'],
  ];
  const comeAndGo = async () => {
    for (const [list, kind] of headset) {
      await anna.page.evaluate((kind) => window.plug(kind, 'Blue Headset'), kind);
      await until(`it to appear under ${list}`, async () => (await optionsOf(anna, list)).includes('Blue Headset'));
      await anna.page.evaluate(() => window.unplug('Blue Headset'));
      await until(`it to be gone from ${list}`, async () => !(await optionsOf(anna, list)).includes('Blue Headset'));
    }
  };
  await comeAndGo();
  await anna.comeIn();
  const bo = await stage.person('Bo');
  await bo.join('standup');
  await anna.hears();
  await openDevices(anna);
  await comeAndGo();

  const sinks = () => anna.page.evaluate(() => [...document.querySelectorAll('audio')].map((one) => one.sinkId));
  const other = (await optionsOf(anna, 'Sound output')).at(-1);
  await select(anna, 'Sound output').selectOption(other);
  const id = await idOf(anna, 'Sound output', other);
  await until('the voices to come out there', async () => (await sinks()).every((one) => one === id));
  // one that does not exist any more
  await anna.page.evaluate(() => window.plug('audiooutput', 'Gone Headset'));
  await select(anna, 'Sound output').selectOption('Gone Headset');
  await anna.page.getByText('The sound output was not found.').first().waitFor();
  assert.equal(await inUse(anna, 'Sound output'), other);
  assert.deepEqual(await sinks(), [id]);
  await anna.hears();
});

scene('a remembered device that is not there any more is replaced, and that is said once', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.goTo('/');
  await anna.page.evaluate(() =>
    localStorage.setItem(
      'bedrud.wishes',
      JSON.stringify({
        microphoneId: 'f'.repeat(64),
        speakerId: 'e'.repeat(64),
      }),
    ),
  );
  await anna.goTo('/m/standup');
  const told = anna.page.getByText(
    /^The microphone that was chosen is not there\. Now in use: .+ The sound output that was chosen is not there\. Now in use: /,
  );
  await told.waitFor();
  await anna.comeIn();
  await anna.goTo('/');
  await anna.goTo('/m/standup');
  await anna.page.getByLabel('Your camera').waitFor();
  assert.equal(await told.count(), 0);
});

scene('a shared screen with sound does not bring back the voices of the others', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.context.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const known = devices.getSupportedConstraints.bind(devices);
    devices.getSupportedConstraints = () => ({
      ...known(),
      restrictOwnAudio: true,
      suppressLocalAudioPlayback: true,
    });
    const ask = devices.getDisplayMedia.bind(devices);
    devices.getDisplayMedia = (wish) => {
      window.asked = wish;
      return ask(wish);
    };
  });
  await anna.join('standup');
  await anna.press('Share screen (S)');
  const asked = await until('the browser to be asked', () => anna.page.evaluate(() => window.asked));
  assert.deepEqual(asked.audio, {
    restrictOwnAudio: true,
    suppressLocalAudioPlayback: true,
  });
});
