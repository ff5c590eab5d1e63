/**
 * From the click on Join to the first picture of somebody else: our page, and beside it plain livekit-client on the
 * same SFU without our proxy, in turns. Both have page, camera and token ready before the click.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { register, setUp } from '../browser/api.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { Person } from '../browser/person.mjs';
import { pause, until } from '../browser/wait.mjs';

const RUNS = 11;
/** The SFU asks a camera for a key frame at most so often; a newer publisher would make both wait. */
const PUBLISHER_RUNS_MS = 3500;

const script = readFileSync(new URL('../browser/node_modules/livekit-client/dist/livekit-client.umd.js', import.meta.url));
const plain = http.createServer((request, answer) => {
  const isScript = request.url === '/livekit.js';
  answer.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
  answer.end(isScript ? script : '<!doctype html><meta charset=utf-8><title>bare</title><script src=/livekit.js></script><body>');
});
const bareUrl = `http://127.0.0.1:${await listen(plain)}`;

const sfuPort = await freePort();
const daemon = await Daemon.start({ config: { livekit: { port: sfuPort } } });
const people = [];
const times = { ours: [], bare: [] };
try {
  const admin = await setUp(daemon);
  await admin.room('standup');
  const viewer = await register(daemon, 'Grace');
  const publisher = await arrive('Ada', daemon.url);
  await publisher.join('standup');
  const [ours, bare] = [await arrive('Grace', daemon.url), await arrive('Grace', bareUrl)];
  await ours.signIn();
  await pause(PUBLISHER_RUNS_MS);
  for (let run = 0; run < RUNS; run += 1) {
    times.ours.push(await byPage(ours));
    times.bare.push(await byBareClient(bare, viewer));
  }
  console.error(`  ours ${times.ours.join(' ')}\n  bare ${times.bare.join(' ')}`);
  console.log(JSON.stringify({ ours: median(times.ours), bare: median(times.bare) }));
} finally {
  await Promise.allSettled(people.map((person) => person.close()));
  daemon.close();
  plain.close();
}

async function arrive(name, url) {
  const person = await Person.arrive(name, url);
  people.push(person);
  return person;
}

/** Opens the link, waits until everything is warm, and presses Join. Leaves, or the next visit would begin inside. */
async function byPage(person) {
  await person.goTo('/m/standup');
  await person.button('Join').waitFor();
  await person.page.getByLabel('Your camera').waitFor();
  await person.page.waitForLoadState('networkidle');
  const time = await sinceClick(person.page, () => document.querySelector('form button.primary').click());
  await person.leave();
  return time;
}

/** The least that livekit-client needs, with a token that our server gave and the SFU's own address. */
async function byBareClient({ page }, viewer) {
  const { token } = await viewer.do('POST', '/api/room/join', { roomName: 'standup' });
  await page.goto('/');
  await page.evaluate(async () => {
    window.tracks = await LivekitClient.createLocalTracks({ audio: true, video: true });
  });
  const time = await sinceClick(
    page,
    ({ url, token }) => {
      const room = new LivekitClient.Room();
      room.on('trackSubscribed', (track) => document.body.append(track.attach()));
      void room
        .connect(url, token)
        .then(() => Promise.all(window.tracks.map((track) => room.localParticipant.publishTrack(track))));
    },
    { url: `ws://127.0.0.1:${sfuPort}`, token },
  );
  await page.goto('about:blank');
  return time;
}

/** Runs `click` in the page; milliseconds until a picture of somebody else is shown. */
async function sinceClick(page, click, argument) {
  const clicked = await page.evaluate(`(() => {
    const at = performance.timeOrigin + performance.now();
    (${click})(${JSON.stringify(argument)});
    return at;
  })()`);
  const first = await until('the first picture', () => page.evaluate(() => window.seen.frames[0]));
  return Math.round(first - clicked);
}

async function listen(server) {
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server.address().port;
}

async function freePort() {
  const server = http.createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
