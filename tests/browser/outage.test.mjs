/** The SFU dies, the daemon restarts: how long a meeting notices. The figures are printed; the bars are generous. */
import assert from 'node:assert/strict';
import { STARVED, scene } from './scene.mjs';
import { until } from './wait.mjs';

const STEADY_FRAMES = 60;
const BACK_FRAMES = 15;
const BACK_WITHIN_MS = 8000;
const LONGEST_GAP_MS = 2000;
/** What was in flight when the SFU died is still shown so much later. */
const IN_FLIGHT_MS = 400;

scene('the SFU is killed in a meeting, and both see each other again by themselves', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const people = await stage.meeting('standup', 'Anna', 'Bo');
  await Promise.all(people.map(steady));

  const killed = Date.now();
  const old = stage.daemon.killSfu();
  for (const person of people) {
    await until(`pictures at ${person.name}'s again`, async () => {
      const times = await person.frameTimes();
      return times.filter((at) => at > killed + IN_FLIGHT_MS).length >= BACK_FRAMES;
    }, { withinMs: 30_000 });
  }
  assert.notEqual(stage.daemon.sfuPid(), old);
  for (const person of people) {
    const back = longestGap(await person.frameTimes(), killed).endedAt - killed;
    stage.note(`SFU killed: ${person.name} sees again after ${back.toFixed(0)} ms (bar of the issue: 2000)`);
    assert.ok(back < BACK_WITHIN_MS, `${person.name} saw nothing for ${back} ms`);
  }
  const [anna, bo] = people;
  await anna.sees('Bo');
  await bo.sees('Anna');
  await anna.hears();
  await bo.hears();
}, { spoiled: STARVED });

scene('the daemon restarts while the SFU runs alone, and nobody leaves', async (stage) => {
  await stage.begin({ apart: true });
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  await Promise.all([anna, bo].map(steady));
  const sfu = stage.daemon.sfuPid();
  const told = Date.now();
  await stage.daemon.restart();

  assert.equal(stage.daemon.sfuPid(), sfu, 'the same SFU goes on');
  // goes by signalling, through the new daemon
  await bo.press('Mute (M)');
  await anna.page.getByRole('listitem', { name: 'Bo, microphone off' }).waitFor({ timeout: 30_000 });
  for (const person of [anna, bo]) {
    const times = await person.frameTimes();
    const { ms } = longestGap(times, told);
    stage.note(`daemon restarted: longest gap between pictures at ${person.name}'s ${ms.toFixed(0)} ms (about 300 is LiveKit's own)`);
    assert.ok(ms < LONGEST_GAP_MS, `${person.name} saw nothing for ${ms} ms`);
  }
  await anna.sees('Bo');
  await bo.sees('Anna');
  const participants = JSON.parse(await stage.daemon.ctl('--json', 'room', 'participants', 'standup'));
  assert.equal((participants.participants ?? participants).length, 2);
}, { spoiled: STARVED });

/** Lets the publisher run for a while: a stream that has only begun comes back later than one in full flow. */
async function steady(person) {
  await until(`a steady picture at ${person.name}'s`, async () => (await person.frameTimes()).length > STEADY_FRAMES);
}

/** The longest time without a picture since `from`, and when it ended. */
function longestGap(times, from) {
  let longest = { ms: 0, endedAt: from };
  let last = from;
  for (const at of times.filter((at) => at > from)) {
    if (at - last > longest.ms) longest = { ms: at - last, endedAt: at };
    last = at;
  }
  return longest;
}
