/** One test with its server and its people. All of them are gone afterwards; when it fails, they tell what they saw. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { setUp } from './api.mjs';
import { Crowd } from './crowd.mjs';
import { Daemon } from './daemon.mjs';
import { Person } from './person.mjs';
import { repository } from './programs.mjs';

const LONGEST_MS = 300_000;
const failures = join(repository, 'build/browser-failures');

/** For scenes in which two browsers and more show moving pictures to each other. */
export const STARVED = 'browsers that encode video in software starve a small machine';

/**
 * Declares a test. `play` is given a stage, on which it asks for a daemon and for people. A scene fails when it fails.
 * Only where something outside the program is known to spoil it, `spoiled` names that cause: then it plays once more, from
 * the beginning, and the first failure is told in full, and its first line beside the test's name.
 */
export function scene(name, play, { timeout = LONGEST_MS, spoiled } = {}) {
  test(name, { timeout: (spoiled ? 2 : 1) * timeout }, async (context) => {
    try {
      await once(name, play, context);
    } catch (error) {
      if (!spoiled) throw error;
      console.error(error);
      context.diagnostic(`FAILED ONCE (${spoiled}?) and is played again: ${error.message.split('\n')[0]}`);
      await once(name, play, context);
    }
  });
}

async function once(name, play, context) {
  const stage = new Stage((figure) => context.diagnostic(figure));
  try {
    await play(stage);
  } catch (error) {
    await stage.tell(name);
    throw error;
  } finally {
    await stage.close();
  }
}

export class Stage {
  people = [];
  #crowds = [];
  /** Prints a figure beside the test's name. */
  note;

  constructor(note) {
    this.note = note;
  }

  /** Starts the server of this scene; `admin` is its administrator at the API. */
  async begin(options) {
    this.daemon = await Daemon.start(options);
    this.admin = await setUp(this.daemon);
  }

  /** Somebody new, with a browser of their own. */
  async person(name, options) {
    const person = await Person.arrive(name, this.daemon.url, options);
    this.people.push(person);
    return person;
  }

  /** People without a browser, for the rooms of this scene. */
  crowd() {
    const crowd = new Crowd(this.daemon);
    this.#crowds.push(crowd);
    return crowd;
  }

  /** Everybody of these names in this room, as guests, seeing each other. */
  async meeting(room, ...names) {
    const people = await Promise.all(names.map((name) => this.person(name)));
    for (const person of people) await person.join(room);
    for (const person of people) for (const name of names) if (name !== person.name) await person.sees(name);
    return people;
  }

  /** What there is to know about a failure: the server's log, everybody's complaints and a picture of their page. */
  async tell(name) {
    if (this.daemon) console.error(this.daemon.logTail());
    mkdirSync(failures, { recursive: true });
    for (const person of this.people) {
      const path = join(failures, `${`${name} ${person.name}`.replace(/\W+/g, '-')}.png`);
      console.error(`--- ${person.name} at ${person.page.url()}, picture in ${path}`, person.complaints);
      // a browser that died takes no picture; the failure itself matters more
      await person.page.screenshot({ path, timeout: 5000 }).catch((error) => console.error(error.message));
    }
  }

  async close() {
    await Promise.allSettled([...this.people, ...this.#crowds].map((one) => one.close()));
    this.daemon?.close();
  }
}
