/** Whose connection breaks without a word: the others are told at once, and see no frozen picture for long. */
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { STARVED, scene } from './scene.mjs';
import { pause, until } from './wait.mjs';

const TOLD_WITHIN_MS = 2000;
const GONE_WITHIN_MS = 12_000;

/** Between a browser and the server; media goes beside it. */
class Wire {
  #sockets = new Set();
  #whole = true;
  #server;

  static async between(daemon) {
    const wire = new Wire();
    const port = Number(new URL(daemon.url).port);
    wire.#server = createServer((near) => wire.#join(near, connect(port, '127.0.0.1'))).listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    wire.flags = [`--host-resolver-rules=MAP ${new URL(daemon.url).host} 127.0.0.1:${wire.#server.address().port}`];
    return wire;
  }

  #join(near, far) {
    if (!this.#whole) return void [near, far].map((end) => end.resetAndDestroy());
    for (const end of [near, far]) {
      this.#sockets.add(end);
      end.on('error', () => {}).on('close', () => this.#sockets.delete(end));
    }
    near.pipe(far).pipe(near);
  }

  get carries() {
    return this.#sockets.size > 0;
  }

  cut() {
    this.#whole = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend() {
    this.#whole = true;
  }

  close() {
    this.cut();
    this.#server.close();
  }
}

const told = (person, words) => person.page.getByRole('log').getByText(words, { exact: true }).waitFor();
const lostTile = (person, name) => person.page.getByRole('listitem', { name: new RegExp(`^${name},.*connection lost`) });

async function kill(person) {
  const session = await person.browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const at = Date.now();
  for (const { id } of processInfo) process.kill(id, 'SIGKILL');
  return at;
}

scene('who is killed is dimmed within two seconds, and gone within twelve', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const crowd = stage.crowd();
  await crowd.join('standup', 'Bo');
  const [anna, cem] = await stage.meeting('standup', 'Anna', 'Cem');
  const at = await kill(cem);
  await told(anna, 'The connection of Cem is lost');
  await lostTile(anna, 'Cem').waitFor();
  const dimmed = Date.now() - at;
  assert.equal(await anna.tile('Cem').locator('video').evaluate((one) => getComputedStyle(one).opacity < 0.5), true);
  await told(anna, 'Cem left');
  assert.equal(await anna.tile('Cem').count(), 0);
  const gone = Date.now() - at;
  stage.note(`killed: told to the others after ${dimmed} ms, gone after ${gone} ms`);
  assert.ok(dimmed < TOLD_WITHIN_MS, `told after ${dimmed} ms`);
  assert.ok(gone < GONE_WITHIN_MS, `gone after ${gone} ms`);
  assert.equal(await lostTile(anna, 'Bo').count(), 0);
}, { spoiled: STARVED });

scene('who only lost the signalling for a moment is told to be back, and keeps their session', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const wire = await Wire.between(stage.daemon);
  try {
    const anna = await stage.person('Anna');
    const bo = await stage.person('Bo', { flags: wire.flags });
    for (const person of [anna, bo]) await person.join('standup');
    await anna.sees('Bo');
    assert.ok(wire.carries, 'Bo comes by the wire');
    const before = await sessions(stage);
    wire.cut();
    await told(anna, 'The connection of Bo is lost');
    await pause(2000);
    wire.mend();
    await told(anna, 'Bo is back');
    await until('the tile to be as it was', async () => (await lostTile(anna, 'Bo').count()) === 0);
    await anna.sees('Bo');
    assert.deepEqual(await sessions(stage), before);
    // and no look back at the end of the patience that it did not need
    await pause(GONE_WITHIN_MS);
    assert.deepEqual(await sessions(stage), before);
  } finally {
    wire.close();
  }
}, { spoiled: STARVED });

scene('who was out of reach for longer than anybody waits comes back by themselves', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const wire = await Wire.between(stage.daemon);
  try {
    const anna = await stage.person('Anna');
    const bo = await stage.person('Bo', { flags: wire.flags });
    for (const person of [anna, bo]) await person.join('standup');
    await anna.hears();
    wire.cut();
    await told(anna, 'Bo left');
    wire.mend();
    await told(anna, 'Bo joined');
    await anna.hears();
    await bo.hears();
    assert.equal(await lostTile(anna, 'Bo').count(), 0);
  } finally {
    wire.close();
  }
}, { spoiled: STARVED });

/** Identity and time of coming of everybody inside, which a new session changes. */
async function sessions(stage) {
  const { participants } = JSON.parse(await stage.daemon.ctl('--json', 'room', 'participants', 'standup'));
  return participants.map(({ identity, joinedAt }) => [identity, joinedAt]).sort();
}
