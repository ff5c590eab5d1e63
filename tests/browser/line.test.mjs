/** A bad line: the page notices by itself, says so after two seconds, and comes back as soon as it can. */
import assert from 'node:assert/strict';
import { scene } from './scene.mjs';
import { pause, until } from './wait.mjs';

const LOST = 'The connection is lost. Reconnecting…';
/** The browser itself takes 5 to 8 s to call a silent path lost, and the banner waits for 2 s; the rest is for busy machines. */
const NOTICED_MS = 30_000;

const BANNER_AFTER_MS = 2000;

/** In the browser: notes in `window.appeared` whether these words were ever there from now on. */
function watchFor(words) {
  window.appeared = false;
  const look = () => (window.appeared ||= document.body.innerText.includes(words));
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}

scene('an SFU that hangs is noticed, and the meeting goes on when it does', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const people = await stage.meeting('standup', 'Anna', 'Bo');
  const hung = Date.now();
  process.kill(stage.daemon.sfuPid(), 'SIGSTOP');
  const [anna, bo] = people;
  for (const person of people) {
    await person.page.getByText(LOST).waitFor({ timeout: NOTICED_MS });
    stage.note(`SFU hung: ${person.name} is told after ${Date.now() - hung} ms`);
  }
  const wakes = Date.now();
  process.kill(stage.daemon.sfuPid(), 'SIGCONT');
  await Promise.all([anna.sees('Bo', { withinMs: 30_000 }), bo.sees('Anna', { withinMs: 30_000 })]);
  stage.note(`SFU awake: both see each other after ${Date.now() - wakes} ms`);
  for (const person of people) await person.page.getByText(LOST).waitFor({ state: 'detached' });
  await anna.hears();
});

scene('a network that comes back is used at once, without a banner', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  const before = bo.requests.filter((url) => url.includes('/livekit/rtc')).length;
  await bo.page.evaluate(watchFor, LOST);
  const back = Date.now();
  await bo.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await until('a new signalling connection', () => bo.requests.filter((url) => url.includes('/livekit/rtc')).length > before);
  await bo.sees('Anna');
  const took = Date.now() - back;
  stage.note(`on the network again: Bo sees after ${took} ms`);
  await anna.sees('Bo');
  // whoever is away for longer, as on a busy machine, is told so, and then that it is over
  if (took < BANNER_AFTER_MS) assert.equal(await bo.page.evaluate(() => window.appeared), false);
  await bo.page.getByText(LOST).waitFor({ state: 'detached' });
});

scene('a device that was offline is told so, and goes on where it was', async (stage) => {
  await stage.begin();
  await stage.admin.room('standup');
  const [anna, bo] = await stage.meeting('standup', 'Anna', 'Bo');
  // the network takes everything that is new and tells nothing
  await bo.context.setOffline(true);
  await bo.page.getByText('Your device is offline').waitFor({ timeout: NOTICED_MS });
  await pause(3000);
  const back = Date.now();
  await bo.context.setOffline(false);
  await bo.page.getByText('Your device is offline').waitFor({ state: 'detached' });
  await bo.sees('Anna');
  stage.note(`online again: Bo sees after ${Date.now() - back} ms`);
  await anna.sees('Bo');
  assert.equal(await anna.tile('Bo').count(), 1);
});
