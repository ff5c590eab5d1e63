/** Bytes on the wire of the start page, the dashboard and a meeting, each with nothing in the cache. */
import { register, setUp } from '../browser/api.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { Person } from '../browser/person.mjs';

const daemon = await Daemon.start();
try {
  await setUp(daemon);
  const owner = await register(daemon, 'Ada');
  await owner.room('standup');
  const start = await bytesOf('Ada', (person) => person.goTo('/'));
  const dashboard = await bytesOf(
    'Ada',
    async (person) => {
      await person.goTo('/dashboard');
      await person.heading('Your rooms').waitFor();
    },
    (person) => person.signIn(),
  );
  const meeting = await bytesOf('Grace', (person) => person.join('standup'));
  console.log(JSON.stringify({ start, dashboard, meeting }));
} finally {
  daemon.close();
}

/** What everything that `act` made the page load took on the wire, heads included; what `before` loaded is forgotten. */
async function bytesOf(name, act, before = async () => {}) {
  const person = await Person.arrive(name, daemon.url);
  try {
    await before(person);
    const devtools = await person.context.newCDPSession(person.page);
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await devtools.send('Network.enable');
    await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
    await act(person);
    await person.page.waitForLoadState('networkidle');
    return bytes;
  } finally {
    await person.close();
  }
}
