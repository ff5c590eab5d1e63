/** What the start page, the dashboard and a meeting cost with nothing in the cache: bytes, requests, and time to be there. */
import { register, setUp } from '../browser/api.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { Person } from '../browser/person.mjs';

/** What a person waits for: the field of the start page, the one for a new room, the way into the meeting. */
const READY = { start: '#room', dashboard: 'main form input', meeting: 'form .primary:enabled' };

const daemon = await Daemon.start();
try {
  await setUp(daemon);
  const owner = await register(daemon, 'Ada');
  await owner.room('standup');
  const start = await cost('Ada', READY.start, (person) => person.goTo('/'));
  const dashboard = await cost(
    'Ada',
    READY.dashboard,
    async (person) => {
      await person.goTo('/dashboard');
      await person.heading('Your rooms').waitFor();
    },
    (person) => person.signIn(),
  );
  const meeting = await cost('Grace', READY.meeting, (person) => person.join('standup'));
  console.log(JSON.stringify({ start, dashboard, meeting }));
} finally {
  daemon.close();
}

/**
 * Everything that `act` made the page load, heads included; what `before` loaded is forgotten. Milliseconds count from
 * the navigation: to the first paint of anything, and until what `ready` names could be used.
 */
async function cost(name, ready, act, before = async () => {}) {
  const person = await Person.arrive(name, daemon.url);
  try {
    await before(person);
    await person.context.addInitScript((selector) => {
      const look = () => {
        if (document.querySelector(selector)) window.readyAt = performance.now();
        else requestAnimationFrame(look);
      };
      look();
    }, ready);
    const devtools = await person.context.newCDPSession(person.page);
    let [bytes, requests] = [0, 0];
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      requests += 1;
    });
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    await act(person);
    await person.page.waitForLoadState('networkidle');
    const [paint, interactive] = await person.page.evaluate(() => [
      performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      window.readyAt,
    ]);
    return { bytes, requests, paint, interactive };
  } finally {
    await person.close();
  }
}
