/** A meeting from the first visit on: an account, a room, its link, and two people who see and hear each other. */
import assert from 'node:assert/strict';
import { scene } from './scene.mjs';
import { Daemon } from './daemon.mjs';

scene('a fresh server becomes a meeting between its first administrator and a guest', async (stage) => {
  stage.daemon = await Daemon.start();
  const anna = await stage.person('Anna Berg');
  await anna.signUp(stage.daemon.setupToken());
  await anna.createRoom('standup');
  await anna.page.getByRole('link', { name: 'Open standup' }).click();
  await anna.comeIn();

  // two clicks and a name: into the field, and Join
  const bo = await stage.person('Bo Larsen');
  await bo.goTo('/m/standup');
  await bo.page.getByLabel('Your name', { exact: true }).click();
  await bo.page.keyboard.type(bo.name);
  await bo.press('Join');
  await bo.isInside();

  await anna.sees('Bo Larsen');
  await bo.sees('Anna Berg');
  await anna.hears();
  await bo.hears();
});

scene('chat goes both ways and outlives a reload', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await anna.write('Shall we begin?');
  await bo.reads('Shall we begin?');
  await bo.write('Yes, with the garden.');
  await anna.reads('Yes, with the garden.');
  await anna.page.reload();
  await anna.isInside();
  await anna.reads('Shall we begin?');
  await anna.reads('Yes, with the garden.');
});

scene('a shared screen is seen by the other, until it is stopped', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await anna.press('Share screen (S)');
  await bo.seesScreenOf('Anna');
  await bo.sees('Anna');
  await anna.press('Stop sharing (S)');
  await bo.page.getByRole('region', { name: 'Anna is sharing' }).waitFor({ state: 'detached' });
  await bo.sees('Anna');
});

scene('a reload comes back into the meeting by itself', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.page.reload();
  await bo.isInside();
  await bo.sees('Anna');
  await bo.hears();
  await anna.sees('Bo');
  await anna.hears();
  assert.equal(await anna.tile('Bo').count(), 1, 'Bo is there once, not twice');
});

scene('who switches the camera off and the microphone is neither seen nor heard', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.press('Turn camera off (V)');
  await anna.tile('Bo').locator('video').waitFor({ state: 'detached' });
  await bo.press('Mute (M)');
  await anna.page.getByRole('listitem', { name: 'Bo, microphone off' }).waitFor();
  await bo.press('Turn camera on (V)');
  await bo.press('Unmute (M)');
  await anna.sees('Bo');
  await anna.hears();
});

scene('leaving says so and the way back works', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await bo.leave();
  await anna.tile('Bo').waitFor({ state: 'detached' });
  await bo.press('Come back');
  await bo.comeIn();
  await anna.sees('Bo');
});
