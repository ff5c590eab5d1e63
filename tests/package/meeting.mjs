/** Two people from outside in a meeting on the host, and how long they saw nothing. */
import { request } from 'node:https';
import { watchFlow } from '../network/flow.mjs';
import { Person } from '../browser/person.mjs';
import { until } from '../browser/wait.mjs';

/** Two cores make and show the pictures of two people. */
const FLAGS = ['--use-fake-device-for-media-stream=device-count=1,fps=10'];
const STEADY_FRAMES = 30;
/** While the line looks weak, as on a busy machine, the page holds pictures back for some time. */
const PATIENT = { withinMs: 60_000 };

export class Meeting {
  people = [];

  /** The first administrator is made by the set-up link, makes a room and comes in; a guest follows. */
  static begin(url, setupLink) {
    return Meeting.#of(url, async (anna) => {
      await anna.signUp(setupLink.split('#')[1]);
      await anna.createRoom('standup');
    });
  }

  /** The same people in the same room, on another day. */
  static again(url) {
    return Meeting.#of(url, (anna) => anna.signIn());
  }

  static async #of(url, prepare) {
    const meeting = new Meeting();
    meeting.url = url;
    const [anna, bo] = [await meeting.#arrive('Anna'), await meeting.#arrive('Bo')];
    try {
      await prepare(anna);
      await Promise.all([anna.join('standup'), bo.join('standup')]);
      meeting.firstFrame = await until('the first picture', async () => (await bo.frameTimes())[0]);
      await meeting.flows();
    } catch (error) {
      for (const person of meeting.people) console.error(person.name, person.complaints, await person.page.locator('body').innerText().catch(() => ''));
      await meeting.close();
      throw error;
    }
    return meeting;
  }

  async #arrive(name) {
    const person = await Person.arrive(name, this.url, { flags: FLAGS, context: { ignoreHTTPSErrors: true } });
    await person.context.addInitScript(watchFlow);
    this.people.push(person);
    return person;
  }

  /** Everybody sees everybody, by frames that are decoded. */
  async flows() {
    const [anna, bo] = this.people;
    await Promise.all([anna.sees('Bo', PATIENT), bo.sees('Anna', PATIENT), anna.hears(), bo.hears()]);
    for (const person of this.people)
      await until('a steady picture', async () => (await person.frameTimes()).length > STEADY_FRAMES);
  }

  /** Does something meanwhile, and gives the longest time in ms that anybody saw nothing new. */
  async gapDuring(act) {
    for (const person of this.people) await person.page.evaluate(() => window.flow.begin());
    await act();
    await this.flows();
    const gaps = await Promise.all(this.people.map((person) => person.page.evaluate(() => window.flow.pictures().ms)));
    return Math.round(Math.max(...gaps));
  }

  async close() {
    await Promise.all(this.people.map((person) => person.close()));
  }
}

/** One request from outside, whoever signed the certificate: status and body. */
export function ask(url) {
  return new Promise((done, fail) => {
    const asked = request(url, { rejectUnauthorized: false, agent: false, timeout: 5000 }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part) => (body += part));
      answer.on('end', () => done({ status: answer.statusCode, body }));
    });
    asked.on('timeout', () => asked.destroy(new Error(`${url} did not answer within 5 s`)));
    asked.on('error', fail).end();
  });
}
