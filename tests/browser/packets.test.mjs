/** What comes from other people's clients is only data: nothing of it stops, slows or fills anybody's page. */
import assert from 'node:assert/strict';
import { Bare } from './bare.mjs';
import { chance, HAND_MADE, madeUp } from './hostile.mjs';
import { STARVED, scene } from './scene.mjs';
import { until } from './wait.mjs';

const PACKETS = 10_000;
const BATCH = 250;
/** Some hundred messages that are kept and drawn, and no more. */
const MOST_GROWTH_BYTES = 25_000_000;

const log = (person) => person.page.getByRole('log', { name: 'Chat' });
/** A file that somebody made up is asked for, and is not there. */
const errors = (person) =>
  person.complaints.filter((line) => /^(script|error):/.test(line) && !/Failed to load resource.*\/uploads\//.test(line));

/** JavaScript's memory once everything is collected that can be. */
async function heap(person) {
  const session = await person.context.newCDPSession(person.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** Everything that was sent so far has been seen by this person. */
async function seesTheEnd(person, mallory, marker) {
  await mallory.send('chat', { type: 'chat', id: marker, timestamp: 1, message: marker });
  await log(person).getByText(marker, { exact: true }).waitFor({ timeout: 120_000 });
}

scene('ten thousand random and hand-made packets hurt nobody, and what others write still arrives', async (stage) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  stage.note(`seed ${seed}`);
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  const mallory = await Bare.guest(stage, 'standup', 'Mallory');
  await anna.tile('Mallory').waitFor();
  for (const text of ['one', 'two', 'three']) await bo.write(text);
  await anna.reads('three');
  // the panel of Bo stays shut until the end
  await bo.page.keyboard.press('Escape');
  await bo.page.keyboard.press('Escape');
  await log(bo).waitFor({ state: 'detached' });
  const before = await heap(anna);

  const next = chance(seed);
  const packets = Array.from({ length: PACKETS }, (_, index) =>
    index % 10 === 0 ? HAND_MADE[(index / 10) % HAND_MADE.length] : madeUp(next, 'known'),
  );
  for (let at = 0; at < PACKETS; at += BATCH) await mallory.sendRaw(packets.slice(at, at + BATCH));
  await mallory.misuseStreams();
  await seesTheEnd(anna, mallory, 'the end of it');

  await bo.write('the fourth');
  await anna.reads('the fourth');
  await anna.reads('one');
  const grown = (await heap(anna)) - before;
  stage.note(`memory grew by ${Math.round(grown / 1000)} kB`);
  assert.ok(grown < MOST_GROWTH_BYTES, `memory grew by ${grown} bytes`);

  // the panel opens, and a reload changes nothing
  await bo.reads('three');
  await anna.page.reload();
  await anna.isInside();
  await anna.reads('the fourth');
  await bo.write('the fifth');
  await anna.reads('the fifth');
  for (const person of [anna, bo]) {
    assert.deepEqual(errors(person), []);
    const authors = new Set(await log(person).locator('li b').allInnerTexts());
    assert.deepEqual([...authors].filter((name) => !/^(Anna|Bo|Mallory)( \(you\))?$/.test(name)), []);
    assert.equal(await log(person).getByText('yesterday', { exact: true }).count(), 0);
  }
}, { timeout: 600_000, spoiled: STARVED });

scene('a date that is none stops no chat, not even after a reload, and a slow clock writes now', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const old = await Bare.guest(stage, 'standup', 'Old');
  await anna.tile('Old').waitFor();
  await anna.press(/^Chat/);
  const file = { kind: 'image', url: 'https://a.example/x', name: 'x' };
  const day = 24 * 3_600_000;
  await old.send('chat', { type: 'chat', id: '1', timestamp: 8.7e15, message: 'in nanoseconds', attachments: [] });
  await old.send('chat', { type: 'chat', id: '2', timestamp: Date.now() - 26 * 3_600_000, message: 'a slow clock', attachments: [file, file] });
  await old.send('chat', { type: 'chat', id: '3', timestamp: Date.now() + 30 * day, message: 'a fast clock', attachments: 'none' });
  await old.send('chat', { type: 'chat', id: '4', timestamp: 5, message: 'the last', attachments: [{ url: '/uploads/x', mime: 5 }] });
  const texts = ['in nanoseconds', 'a slow clock', 'a fast clock', 'the last'];
  const order = async () => (await log(anna).locator('li').allInnerTexts()).map((all) => texts.find((text) => all.includes(text)));
  await log(anna).getByText('the last', { exact: true }).waitFor();
  assert.deepEqual(await order(), texts);
  const moments = await log(anna).locator('time').evaluateAll((all) => all.map((one) => Date.parse(one.dateTime)));
  for (const moment of moments) assert.ok(Math.abs(moment - Date.now()) < 120_000, `${new Date(moment)} is not now`);

  await anna.page.reload();
  await anna.isInside();
  await anna.reads('the last');
  assert.deepEqual(await order(), texts);
  await old.send('chat', { type: 'chat', id: '5', timestamp: 0, message: 'still drawn' });
  await anna.reads('still drawn');
  assert.deepEqual(errors(anna), []);
});

scene('an answer cannot put words into somebody’s mouth', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const mallory = await Bare.guest(stage, 'standup', 'Mallory');
  await anna.tile('Mallory').waitFor();
  await anna.write('Good morning');
  const { id } = await mallory.heard('chat');
  const put = { name: 'Anna', text: 'I resign' };
  await mallory.send('chat', { type: 'chat', id: '1', message: 'Really?', replyTo: { id, ...put } });
  await mallory.send('chat', { type: 'chat', id: '2', message: 'And why?', replyTo: { id: 'nothing', ...put } });
  const quote = (text) => log(anna).getByRole('listitem').filter({ hasText: text }).locator('.quote');
  await until('the answer with what was said', async () => (await quote('Really?').innerText()) === 'Anna: Good morning');
  assert.equal(await quote('And why?').innerText(), 'I resign');
});

scene('nobody writes on in the text that somebody else is sending', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  const bo = await Bare.guest(stage, 'standup', 'Bo');
  const mallory = await Bare.guest(stage, 'standup', 'Mallory');
  await anna.tile('Bo').waitFor();
  await anna.tile('Mallory').waitFor();
  await anna.press(/^Chat/);
  await bo.stream('one id', 'I ', { end: false });
  await mallory.stream('one id', 'resign', { end: true });
  await log(anna).getByText('resign', { exact: true }).waitFor();
  await bo.stream('one id', 'stay', { end: true });
  await log(anna).getByText('I stay', { exact: true }).waitFor();
  const said = (text) => log(anna).getByRole('listitem').filter({ hasText: text }).locator('b').innerText();
  assert.deepEqual([await said('I stay'), await said('resign')], ['Bo', 'Mallory']);
  assert.deepEqual(errors(anna), []);
});

scene('nobody lets somebody else seem to speak', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const anna = await stage.person('Anna');
  await anna.join('standup');
  await Bare.guest(stage, 'standup', 'Bo');
  const mallory = await Bare.guest(stage, 'standup', 'Mallory');
  for (const name of ['Bo', 'Mallory']) await anna.tile(name).waitFor();
  await anna.press(/^Chat/);
  const spoke = anna.page.evaluate(
    () => new Promise((seen) => {
      const look = () => (document.querySelector('li.speaking[aria-label^="Bo"]') ? seen(true) : undefined);
      new MutationObserver(look).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'] });
      window.enough = () => seen(false);
    }),
  );
  await mallory.pretendSpeaking('Bo');
  // packets of one person come in their order
  await mallory.send('chat', { type: 'chat', id: '1', message: 'the end' });
  await log(anna).getByText('the end', { exact: true }).waitFor();
  await anna.page.evaluate(() => window.enough());
  assert.equal(await spoke, false);
});

scene('a page that finds nonsense in the browser’s storage works all the same', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna] = await stage.meeting('standup', 'Anna');
  await anna.write('kept');
  await anna.reads('kept');
  const nonsense = ['{"broken', '5', 'null', '"x"', '[null,[]]', '{"slug":5,"name":{},"messages":5,"microphoneId":[],"layout":"x","draft":{}}'];
  /** On every load from now on, before the page reads anything. */
  const leave = (value, spared) =>
    anna.page.addInitScript(([value, spared]) => {
      for (const storage of [localStorage, sessionStorage])
        for (const key of Object.keys(storage)) if (key.startsWith('bedrud.') && !spared.includes(key)) storage.setItem(key, value);
    }, [value, spared]);
  // the room keeps what is said, so nothing is said twice
  for (const [round, value] of nonsense.entries()) {
    await leave(value, ['bedrud.inside', 'bedrud.signed-in']);
    await anna.page.reload();
    await anna.isInside();
    await anna.write(`after ${round}`);
    await anna.reads(`after ${round}`);
    await anna.goTo('/');
    await anna.page.getByRole('heading').first().waitFor();
    await anna.goTo('/m/standup');
    await anna.isInside();
  }
  // without knowing that they were inside, or who they are, it asks again
  for (const [round, value] of nonsense.slice(0, 2).entries()) {
    await leave(value, []);
    await anna.join('standup');
    await anna.write(`once more ${round}`);
    await anna.reads(`once more ${round}`);
  }
  assert.deepEqual(errors(anna), []);
});
