/** Somebody at a browser of their own, who acts by role and name and reports what reached them. */
import { chromium as playwright } from 'playwright-core';
import { mailOf, PASSWORD } from './api.mjs';
import { chromium } from './programs.mjs';
import { watchMedia } from './seen.mjs';
import { rising, until } from './wait.mjs';

const FRAMES = 15;
const PACKETS = 15;
const PATIENCE_MS = 15_000;

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--use-fake-device-for-media-stream=device-count=1,fps=30',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-gpu',
];

export class Person {
  /** Lines of the console that are warnings or errors, and scripts that failed. */
  complaints = [];
  /** Every URL the browser asked for, WebSockets included. */
  requests = [];
  /** The join token of the latest meeting, as the page got it. */
  joinToken;

  /**
   * A browser process of their own: contexts of one process share the fake camera, which stops for all when two of
   * them publish anew. `address` is what the server is told by a proxy header (it has to trust 127.0.0.1). When asked
   * for a screen to share, they choose the tab of the title `shares`; without it, Chromium's made-up screen. Without `asks`
   * nobody answers the browser's questions, and permissions are what the test sets.
   * `executable` and `environment` are for a browser that runs somewhere else.
   */
  static async arrive(name, url, { flags = [], address, shares, asks = true, context = {}, executable = chromium(), environment } = {}) {
    const answers = shares ? `--auto-select-tab-capture-source-by-title=${shares}` : '--use-fake-ui-for-media-stream';
    const choice = asks ? [answers] : [];
    const browser = await playwright.launch({
      executablePath: executable,
      env: environment,
      args: [...FLAGS, ...choice, ...flags],
      ignoreDefaultArgs: ['--disable-dev-shm-usage'],
    });
    const person = Object.assign(new Person(), { name, url, browser });
    person.context = await browser.newContext({
      baseURL: url,
      permissions: ['camera', 'microphone', 'clipboard-write'],
      viewport: { width: 1280, height: 800 },
      extraHTTPHeaders: address ? { 'x-forwarded-for': address } : undefined,
      ...context,
    });
    person.context.setDefaultTimeout(PATIENCE_MS);
    await person.context.addInitScript(watchMedia);
    person.page = await person.context.newPage();
    person.#listen();
    return person;
  }

  #listen() {
    const { context, page } = this;
    context.on('request', (request) => this.requests.push(request.url()));
    page.on('websocket', (socket) => this.requests.push(socket.url()));
    page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    page.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) this.complaints.push(`${line.type()}: ${line.text()} (${line.location().url})`.replace(/access_token=\S+/g, 'access_token=…'));
    });
    page.on('response', async (answer) => {
      if (!/\/api\/room\/(guest-)?join$/.test(answer.url()) || !answer.ok()) return;
      // an answer that the page left behind has no body any more
      const body = await answer.json().catch(() => ({}));
      if (body.token) this.joinToken = body.token;
    });
  }

  // --- what they do

  async goTo(path) {
    await this.page.goto(path);
  }

  async fill(label, value) {
    await this.page.getByLabel(label, { exact: true }).fill(value);
  }

  async press(button) {
    await this.button(button).click();
  }

  /** Opens the link of a room and comes in: members as themselves, everybody else with their name. */
  async join(room) {
    await this.goTo(`/m/${room}`);
    await this.comeIn();
  }

  /** From the pre-join screen into the meeting. */
  async comeIn() {
    const join = this.button('Join');
    await join.waitFor();
    const field = this.page.getByLabel('Your name', { exact: true });
    if (await field.isVisible()) await field.fill(this.name);
    await join.click();
    await this.isInside();
  }

  async signIn() {
    await this.goTo('/signin');
    await this.fill('E-mail', mailOf(this.name));
    await this.fill('Password', PASSWORD);
    await this.press('Sign in');
    await this.heading('Your rooms').waitFor();
  }

  /** By the sign-up page, or by the set-up link where a token is given. */
  async signUp(setupToken) {
    await this.goTo(setupToken ? `/setup#${setupToken}` : '/signup');
    await this.fill('Your name', this.name);
    await this.fill('E-mail', mailOf(this.name));
    await this.fill('Password', PASSWORD);
    await this.press(setupToken ? 'Become administrator' : 'Create an account');
    await this.heading('Your rooms').waitFor();
  }

  async createRoom(name) {
    await this.fill('Name of a new room', name);
    await this.press('Create');
    await this.page.getByRole('link', { name: `Open ${name}` }).waitFor();
  }

  async write(message) {
    const field = this.page.getByLabel('Message', { exact: true });
    if (!(await field.isVisible())) await this.press(/^Chat/);
    await field.fill(message);
    await field.press('Enter');
  }

  // --- what they see

  button(name) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  heading(name) {
    return this.page.getByRole('heading', { name, exact: true });
  }

  tile(name) {
    return this.page.getByRole('listitem', { name: new RegExp(`^${name}( \\(you\\))?(,|$)`) });
  }

  async isInside() {
    await this.button('Leave').waitFor();
  }

  /** Waits for the screen of its own that ends or refuses a meeting. */
  async isTold(title) {
    await this.heading(title).waitFor();
  }

  /** Pictures of this person are decoded here, more and more of them. */
  async sees(name, options) {
    await this.#shows(this.tile(name).locator('video'), `pictures of ${name} at ${this.name}'s`, options);
  }

  /** Pictures of this person's screen are decoded here. */
  async seesScreenOf(name) {
    const stage = this.page.getByRole('region', { name: `${name} is sharing` });
    await this.#shows(stage.locator('video'), `pictures of ${name}'s screen at ${this.name}'s`);
  }

  async #shows(video, what, options) {
    const frames = () => video.evaluate((element) => window.seen.framesOf(element), undefined, { timeout: 5000 });
    const first = await until(`${what} to begin`, async () => (await frames()) || undefined, options);
    await until(`more ${what}`, async () => (await frames()) >= first + FRAMES, options);
  }

  soundPackets() {
    return this.page.evaluate(() => window.seen.soundPackets());
  }

  /** Sound of the others arrives here, more and more of it. */
  async hears(options) {
    await rising(`sound at ${this.name}'s`, () => this.soundPackets(), PACKETS, options);
  }

  async reads(message) {
    const log = this.page.getByRole('log', { name: 'Chat' });
    if (!(await log.isVisible())) await this.press(/^Chat/);
    await log.getByText(message, { exact: true }).waitFor();
  }

  /** Times (ms since the epoch) of every picture of somebody else that was shown since this page was loaded. */
  frameTimes() {
    return this.page.evaluate(() => window.seen.frames);
  }

  async leave() {
    await this.press('Leave');
    // whoever may end it for everyone is asked what they mean
    const only = this.page.getByRole('menuitem', { name: /^Leave the meeting/ });
    if (await only.or(this.heading('You left the meeting')).first().waitFor().then(() => only.isVisible())) await only.click();
    await this.isTold('You left the meeting');
  }

  async close() {
    await this.browser.close();
  }
}
