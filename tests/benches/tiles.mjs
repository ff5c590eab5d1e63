/**
 * What tiles cost: the CPU of a browser in a meeting of 25 with all of them in sight, beside the same window with nine
 * in sight and with none; and the script that runs in the page when another person begins to speak.
 */
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUp } from '../browser/api.mjs';
import { Crowd } from '../browser/crowd.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { Person } from '../browser/person.mjs';
import { testCard } from '../browser/pictures.mjs';
import { pause } from '../browser/wait.mjs';

const PEOPLE = 24; // and the one who looks
const ROUNDS = 3;
const ROUND_MS = 8000;
/** One person on the stage and eight in the strip beside it. */
const WINDOW = { width: 1280, height: 1110 };
const SETTLE_MS = 3000;
const SPEECHES = 20;
const TICKS_PER_SECOND = 100; // of /proc/PID/stat, on every Linux

const directory = mkdtempSync(join(tmpdir(), 'bedrud-bench-'));
const daemon = await Daemon.start();
const crowd = new Crowd(daemon);
let viewer;
try {
  const admin = await setUp(daemon);
  await admin.room('assembly', { maxParticipants: 50 });
  const picture = join(directory, 'card.ivf');
  await testCard(picture);
  const names = Array.from({ length: PEOPLE }, (_, index) => `Guest ${index + 1}`);
  for (const name of names) await crowd.join('assembly', name, { picture });
  viewer = await Person.arrive('Ada', daemon.url, { context: { viewport: WINDOW } });
  await viewer.join('assembly');
  await viewer.page.locator('li video').nth(PEOPLE).waitFor();
  const seen = await tiles();
  const speech = await speeches(names);
  console.log(JSON.stringify({ ...seen, speech }));
} finally {
  await viewer?.close();
  await crowd.close();
  daemon.close();
  rmSync(directory, { recursive: true, force: true });
}

/** Percent of a core with 25 in sight, with nine, and with none, in turns; the least of each, since the machine is not ours alone. */
async function tiles() {
  const found = { all: [], some: [], none: [] };
  const toggle = () => viewer.page.keyboard.press('g');
  const show = (shown) => viewer.page.evaluate((display) => (document.querySelector('.scene').style.display = display), shown ? '' : 'none');
  const after = { all: toggle, some: () => show(false), none: () => show(true).then(toggle) };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const kind of Object.keys(found)) {
      await pause(SETTLE_MS);
      const before = browserSeconds();
      await pause(ROUND_MS);
      found[kind].push(((browserSeconds() - before) / ROUND_MS) * 1e5);
      await after[kind]();
    }
  }
  for (const [kind, values] of Object.entries(found)) console.error(`  ${kind} in sight: ${values.map(Math.round).join(' ')}`);
  return Object.fromEntries(Object.entries(found).map(([kind, values]) => [kind, Math.min(...values)]));
}

/** Milliseconds of script for one change of speaker, above what runs in the same time without. */
async function speeches([first, second]) {
  const devtools = await viewer.context.newCDPSession(viewer.page);
  await devtools.send('Performance.enable');
  const script = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration').value * 1e3;
  };
  const begun = Date.now();
  const from = await script();
  for (let index = 0; index < SPEECHES; index += 1) {
    const [speaks, rests] = index % 2 ? [second, first] : [first, second];
    await crowd.quiet(rests);
    await crowd.speak(speaks);
    await viewer.page.locator('li.speaking').and(viewer.tile(speaks)).waitFor();
  }
  const took = Date.now() - begun;
  const loud = (await script()) - from;
  await crowd.quiet(first);
  await crowd.quiet(second);
  await pause(SETTLE_MS);
  const quietFrom = await script();
  await pause(took);
  const quiet = (await script()) - quietFrom;
  console.error(`  script in ${took} ms: ${loud.toFixed(0)} ms with ${SPEECHES} speakers, ${quiet.toFixed(0)} ms without`);
  return Math.max(0, loud - quiet) / SPEECHES;
}

/** CPU time of every process of the one browser that was started from here. */
function browserSeconds() {
  const stats = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
      const isBrowser = /chrom/.test(readlinkSync(`/proc/${pid}/exe`));
      stats.set(Number(pid), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]), isBrowser });
    } catch {
      // it ended while we looked
    }
  }
  const isOurs = (pid) => pid === process.pid || (stats.has(pid) && isOurs(stats.get(pid).parent));
  const ours = [...stats].filter(([pid, { isBrowser }]) => isBrowser && isOurs(pid));
  return ours.reduce((sum, [, { ticks }]) => sum + ticks, 0) / TICKS_PER_SECOND;
}
