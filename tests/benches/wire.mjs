/** Bytes on the wire of the start page, the dashboard and a meeting, each in a browser that has nothing yet. */
import { mailOf, PASSWORD, register, setUp } from '../browser/api.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { Person } from '../browser/person.mjs';

const daemon = await Daemon.start();
try {
  await setUp(daemon);
  const owner = await register(daemon, 'Ada');
  await owner.room('standup');
  const start = await bytesOf('Ada', (person) => person.goTo('/'));
  const dashboard = await bytesOf('Ada', async (person) => {
    // signed in without a page that would fill the cache
    await person.context.request.post('/api/auth/login', { data: { email: mailOf('Ada'), password: PASSWORD } });
    await person.goTo('/dashboard');
    await person.heading('Your rooms').waitFor();
  });
  const meeting = await bytesOf('Grace', (person) => person.join('standup'));
  console.log(JSON.stringify({ start, dashboard, meeting }));
} finally {
  daemon.close();
}

/** What everything that `act` made the page load took on the wire, heads included. */
async function bytesOf(name, act) {
  const person = await Person.arrive(name, daemon.url);
  try {
    const devtools = await person.context.newCDPSession(person.page);
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await devtools.send('Network.enable');
    await act(person);
    await person.page.waitForLoadState('networkidle');
    return bytes;
  } finally {
    await person.close();
  }
}
