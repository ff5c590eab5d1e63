/** How long pictures are gone when the SFU is killed in a call, and when the daemon restarts beside a living SFU. */
import { setUp } from '../browser/api.mjs';
import { Daemon } from '../browser/daemon.mjs';
import { Person } from '../browser/person.mjs';
import { pause } from '../browser/wait.mjs';

const RUNS = 3;
/** Long enough for everybody to be back for good. */
const WATCHED_MS = 12_000;

const killed = [];
const restarted = [];
for (let run = 0; run < RUNS; run += 1) {
  killed.push(await worst({}, (daemon) => daemon.killSfu(), backAfter));
  restarted.push(await worst({ apart: true }, (daemon) => daemon.restart(), longestGap));
  console.error(`  run ${run + 1}: SFU killed ${killed.at(-1)} ms, daemon restarted ${restarted.at(-1)} ms`);
}
console.log(JSON.stringify({ killed: median(killed), restarted: median(restarted) }));
process.exit(0);

/** A call of two, what happens to it, and what the one of them saw who saw the worse. */
async function worst(options, happen, read) {
  const daemon = await Daemon.start(options);
  const people = [];
  try {
    const admin = await setUp(daemon);
    await admin.room('standup');
    for (const name of ['Ada', 'Grace']) people.push(await Person.arrive(name, daemon.url));
    for (const person of people) await person.join('standup');
    await people[0].sees('Grace');
    await people[1].sees('Ada');
    await pause(2000);
    const at = Date.now();
    await happen(daemon);
    await pause(WATCHED_MS);
    const times = await Promise.all(people.map((person) => person.frameTimes()));
    return Math.round(Math.max(...times.map((frames) => read(frames, at))));
  } finally {
    await Promise.allSettled(people.map((person) => person.close()));
    daemon.close();
  }
}

/** From `at` to the end of the longest gap after it; frames that were on their way when the SFU died do not count. */
function backAfter(frames, at) {
  const { end } = gap(frames, at);
  return end - at;
}

function longestGap(frames, at) {
  const { begin, end } = gap(frames, at);
  return end - begin;
}

function gap(frames, at) {
  const before = frames.filter((time) => time <= at).at(-1) ?? at;
  // whoever sees nothing any more has a gap that has not ended
  const moments = [before, ...frames.filter((time) => time > at), Date.now()];
  let longest = { begin: at, end: at };
  for (let index = 1; index < moments.length; index += 1) {
    const [begin, end] = [moments[index - 1], moments[index]];
    if (end - begin > longest.end - longest.begin) longest = { begin, end };
  }
  return longest;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
