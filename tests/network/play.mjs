/** Plays one row inside the server's namespace and prints what it measured as JSON. Started by `matrix.test.mjs`. */
import { register } from '../browser/api.mjs';
import { Stage } from '../browser/scene.mjs';
import { pause, until } from '../browser/wait.mjs';
import { configuration } from './front.mjs';
import { describe, nameOf } from './flow.mjs';
import { Islands } from './islands.mjs';
import { Router } from './router.mjs';
import { rows } from './rows.mjs';
import { visitor } from './visitor.mjs';

/** The SFU asks a camera for a key frame at most so often; a newer publisher would make everybody wait. */
const PUBLISHER_RUNS_MS = 3500;
const VISITS = 3;
/** While the line looks weak, the page holds pictures back for some time. */
const PATIENCE_MS = 45_000;
const WATCH_MS = 5000;

const [mark, name, directory, tls] = process.argv.slice(2);
const row = rows[name];
const islands = new Islands(mark);
const router = new Router(islands);
const stage = new Stage(() => {});
// the daemon ends with this process only if that ends by itself
process.once('SIGTERM', () => process.exit(1));
try {
  row.lay({ islands, router });
  await stage.begin({ config: configuration(JSON.parse(tls), row.config) });
  await stage.admin.room('standup');
  await register(stage.daemon, 'Bo');
  const anna = await visitor(stage, 'Anna', { islands, directory });
  await anna.join('standup');
  const bo = await visitor(stage, 'Bo', { islands, directory });
  await bo.signIn();
  await pause(PUBLISHER_RUNS_MS);

  const firstFrames = [];
  let promised;
  for (let visit = 1; visit <= VISITS; visit += 1) {
    await bo.goTo('/m/standup');
    promised = await promiseOf(bo);
    firstFrames.push(await firstFrame(bo));
    if (visit < VISITS) await bo.leave();
  }
  const people = [anna, bo];
  for (const [one, other] of [people, [bo, anna]]) {
    await one.sees(other.name, { withinMs: PATIENCE_MS });
    await one.hears({ withinMs: PATIENCE_MS });
  }
  const { livekit } = await stage.daemon.control('/v1/status');
  const result = { advice: livekit.nodeIpAdvice, firstFramesMs: firstFrames, promised, before: await pathsOf(bo) };
  for (const person of people) await person.page.evaluate(() => window.flow.begin());
  const told = row.says && saysWithin(bo, row.says, row.watch);
  result.facts = await row.during?.({ islands, router, directory, daemon: stage.daemon });
  await pause(row.watch ?? WATCH_MS);
  Object.assign(result, await gaps(people), { after: await pathsOf(bo), saidAfterMs: await told });
  console.log(JSON.stringify(result));
} catch (error) {
  await stage.tell(name);
  throw error;
} finally {
  await stage.close();
}

/** What the page says of its path before the meeting. */
async function promiseOf(person) {
  const line = person.page.locator('[data-path]');
  await line.waitFor();
  return { path: await line.getAttribute('data-path'), text: await line.textContent() };
}

/** Milliseconds until the page shows this; nothing when it does not. */
async function saysWithin(person, words, timeout) {
  const began = Date.now();
  const shown = person.page.getByText(words).first().waitFor({ timeout });
  return shown.then(() => Date.now() - began, () => undefined);
}

/** Waits until everything is warm, and presses Join: milliseconds until a picture of somebody else. */
async function firstFrame(person) {
  await person.button('Join').waitFor();
  await person.page.getByLabel('Your camera').waitFor();
  await person.page.waitForLoadState('networkidle');
  const clicked = await person.page.evaluate(() => {
    const at = performance.timeOrigin + performance.now();
    document.querySelector('form button.primary').click();
    return at;
  });
  const first = await until('the first picture', () => person.page.evaluate(() => window.seen.frames[0]));
  return Math.round(first - clicked);
}

async function pathsOf(person) {
  const paths = await person.page.evaluate(() => window.flow.paths());
  return paths.map((path) => ({ name: nameOf(path), told: describe(path), remote: path.remote }));
}

/** The longest of both directions: what happens on Bo's way to the server is seen by Anna. */
async function gaps(people) {
  const all = [];
  for (const person of people) {
    const { picture, sound } = await person.page.evaluate(() => ({ picture: window.flow.pictures(), sound: window.flow.sound }));
    all.push({ person: person.name, video: Math.round(picture.ms), videoBackAt: Math.round(picture.endedAt), sound: Math.round(Math.max(sound.gap, sound.ongoing ?? 0)) });
  }
  return { gaps: all, videoGapMs: Math.max(...all.map((one) => one.video)), soundGapMs: Math.max(...all.map((one) => one.sound)) };
}
