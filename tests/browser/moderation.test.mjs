/** Kick, ban, mute and hold by the operator's tool against a real meeting: they hold, whatever the other side tries. */
import assert from 'node:assert/strict';
import { register } from './api.mjs';
import { Bare, gate } from './bare.mjs';
import { scene } from './scene.mjs';
import { pause, until } from './wait.mjs';

/** For so long nothing may arrive before we believe that nothing does. */
const SILENCE_MS = 2000;

scene('a kicked person is out, their old token is refused, and they may join anew', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  const old = bo.joinToken;
  assert.equal(await gate(stage.daemon, old), 200, 'the token is good while Bo is welcome');

  await stage.daemon.ctl('room', 'kick', 'standup', 'Bo');
  await bo.isTold('You were removed');
  await anna.tile('Bo').waitFor({ state: 'detached' });
  assert.equal(await gate(stage.daemon, old), 403);

  await bo.press('Join again');
  await bo.comeIn();
  await anna.sees('Bo');
  await bo.sees('Anna');
});

scene('a kicked client gets back neither with its token nor with the one that the SFU signed', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const cleo = await Bare.guest(stage, 'standup', 'Cleo');
  await anna.tile('Cleo').waitFor();
  const tokens = [cleo.pass.token, await cleo.resignedToken()];
  assert.notEqual(tokens[0], tokens[1], 'the SFU signed one of its own');

  await stage.daemon.ctl('room', 'kick', 'standup', 'Cleo');
  assert.equal(await cleo.ended(), 'PARTICIPANT_REMOVED');
  for (const token of tokens) {
    assert.equal(await gate(stage.daemon, token), 403);
    assert.match(await cleo.enter(cleo.pass.livekitHost, token), /^ConnectionError/);
  }
  await anna.tile('Cleo').waitFor({ state: 'detached' });
});

scene('a banned account stays out, on every device', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  await register(stage.daemon, 'Dora');
  const dora = await stage.person('Dora');
  await dora.signIn();
  await dora.join('standup');
  await anna.sees('Dora');
  const old = dora.joinToken;

  await stage.daemon.ctl('room', 'ban', 'standup', 'Dora');
  await dora.isTold('You cannot join this room');
  await anna.tile('Dora').waitFor({ state: 'detached' });
  assert.equal(await gate(stage.daemon, old), 403);
  await dora.goTo('/m/standup');
  await dora.isTold('You cannot join this room');

  const otherDevice = await stage.person('Dora');
  await otherDevice.signIn();
  await otherDevice.goTo('/m/standup');
  await otherDevice.isTold('You cannot join this room');

  await stage.daemon.ctl('room', 'unban', 'standup', 'Dora');
  await otherDevice.join('standup');
  await anna.sees('Dora');
});

scene('a banned guest stays out by cookie and by address, and nobody else does', async (stage) => {
  await stage.begin({ config: { server: { port: 0, trustedProxies: ['127.0.0.1'] } } });
  await stage.admin.room('standup');
  const anna = await stage.person('Anna', { address: '203.0.113.1' });
  await anna.join('standup');
  const bo = await stage.person('Bo', { address: '203.0.113.2' });
  await bo.join('standup');
  await anna.sees('Bo');

  await stage.daemon.ctl('room', 'ban', 'standup', 'Bo');
  await bo.isTold('You cannot join this room');
  assert.equal(await gate(stage.daemon, bo.joinToken), 403);

  // the cookie tells, from wherever it comes
  await bo.context.setExtraHTTPHeaders({ 'x-forwarded-for': '198.51.100.7' });
  await refused(bo);
  // the address tells, with a browser that remembers nothing
  await bo.context.setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.2' });
  await bo.context.clearCookies();
  await refused(bo);

  const cleo = await stage.person('Cleo', { address: '203.0.113.3' });
  await cleo.join('standup');
  await anna.sees('Cleo');
});

/** The server knows them before they are asked for a name. */
async function refused(person) {
  await person.goTo('/m/standup');
  await person.isTold('You cannot join this room');
}

scene('a hold holds against the own unmute, until it is released', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await anna.hears();

  await stage.daemon.ctl('room', 'hold', 'standup', 'Bo');
  await anna.page.getByRole('listitem', { name: 'Bo, microphone off' }).waitFor();
  await bo.page.getByText('A moderator holds your microphone.').first().waitFor();
  await bo.page.keyboard.press('m');
  await bo.button('Unmute (M)').waitFor();
  await silent(anna);
  await anna.sees('Bo');

  // a reload brings a new token, and no voice with it
  await bo.page.reload();
  await bo.isInside();
  await anna.sees('Bo');
  await bo.page.keyboard.press('m');
  await silent(anna);

  await stage.daemon.ctl('room', 'release', 'standup', 'Bo');
  await until('Bo to be allowed to speak', async () => {
    if (await bo.button('Mute (M)').isVisible()) return true;
    await bo.page.keyboard.press('m');
    return false;
  }, { everyMs: 500 });
  await anna.hears();
});

scene('a person whose microphone is held and who sends sound as another source is removed unheard', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const cleo = await Bare.guest(stage, 'standup', 'Cleo');
  assert.equal(await cleo.publishSound('microphone'), 'published');
  await anna.hears();

  await stage.daemon.ctl('room', 'hold', 'standup', 'Cleo');
  await silent(anna);
  await cleo.publishSound('camera');
  assert.equal(await cleo.ended(), 'PARTICIPANT_REMOVED');
  await anna.tile('Cleo').waitFor({ state: 'detached' });
  await silent(anna);
});

/** Waits until no sound arrives any more, and for a while longer that none comes back. */
async function silent(person) {
  await until(`silence at ${person.name}'s`, async () => {
    const before = await person.soundPackets();
    await pause(SILENCE_MS);
    return (await person.soundPackets()) <= before;
  });
}
