/** Somebody at a browser of their own, who acts by role and name and reports what reached them. */
import { chromium as playwright } from 'playwright-core';
import { mailOf, PASSWORD } from './api.mjs';
import { chromium } from './programs.mjs';
import { watchMedia } from './seen.mjs';
import { Hopeless, rising, until } from './wait.mjs';
import { exactly, numbered, wordsOf } from './words.mjs';

const FRAMES = 15;
const PACKETS = 15;
/** Only a failure waits for so long; a busy machine may. */
const PATIENCE_MS = 30_000;

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

/** For who blurs: WebGL in software, since these machines have no other, and a camera slow enough for it. */
export const WITH_WEBGL = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-fake-device-for-media-stream=device-count=1,fps=4',
];

/** Given to Playwright as an init script: a small picture, so that there is time for the network. */
export const SMALL_CAMERA = () => {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = (wanted) => {
    const video = wanted.video && { ...wanted.video, width: 320, height: 180 };
    return ask({ ...wanted, video });
  };
};

export class Person {
  /** Lines of the console that are warnings or errors, and scripts that failed. */
  complaints = [];
  /** Every URL the browser asked for, WebSockets included. */
  requests = [];
  /** The join token of the latest meeting, as the page got it. */
  joinToken;
  /** The page's words in this person's language. */
  words;

  /**
   * A browser process of their own: contexts of one process share the fake camera, which stops for all when two of
   * them publish anew. `address` is what the server is told by a proxy header (it has to trust 127.0.0.1). When asked
   * for a screen to share, they choose the tab of the title `shares`; without it, Chromium's made-up screen. Without `asks`
   * nobody answers the browser's questions, and permissions are what the test sets.
   * `language` is the one their browser asks for. `executable` and `environment` are for a browser that runs somewhere else.
   */
  static async arrive(name, url, options = {}) {
    const { flags = [], address, shares, asks = true, language = 'en', context = {}, executable = chromium(), environment } = options;
    const answers = shares ? `--auto-select-tab-capture-source-by-title=${shares}` : '--use-fake-ui-for-media-stream';
    const choice = asks ? [answers] : [];
    const browser = await playwright.launch({
      executablePath: executable,
      env: environment,
      args: [...FLAGS, ...choice, ...flags],
      ignoreDefaultArgs: ['--disable-dev-shm-usage'],
    });
    const person = Object.assign(new Person(), { name, url, browser, words: await wordsOf(language) });
    person.context = await browser.newContext({
      baseURL: url,
      permissions: ['camera', 'microphone', 'clipboard-write'],
      viewport: { width: 1280, height: 800 },
      locale: language === 'en' ? undefined : language,
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

  /** Chromium drops what it loads when the machine gets an address, as a new namespace does a moment later. */
  async goTo(path) {
    await until(`${path} to load`, async () => {
      try {
        return (await this.page.goto(path)) ?? true;
      } catch (error) {
        if (error.message.includes('ERR_NETWORK_CHANGED')) return false;
        throw new Hopeless(error.message, { cause: error });
      }
    });
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
    const join = this.button(this.words.join.join);
    await join.waitFor();
    const field = this.page.getByLabel(this.words.join.name, { exact: true });
    if (await field.isVisible()) await field.fill(this.name);
    await join.click();
    await this.isInside();
  }

  async signIn() {
    await this.goTo('/signin');
    const { account, common, rooms } = this.words;
    await this.fill(account.mail, mailOf(this.name));
    await this.fill(account.password, PASSWORD);
    await this.press(common.signIn);
    await this.heading(rooms.title).waitFor();
  }

  /** By the sign-up page, or by the set-up link where a token is given. */
  async signUp(setupToken) {
    await this.goTo(setupToken ? `/setup#${setupToken}` : '/signup');
    const { account, common, rooms } = this.words;
    await this.fill(account.name, this.name);
    await this.fill(account.mail, mailOf(this.name));
    await this.fill(account.password, PASSWORD);
    await this.press(setupToken ? account.setupButton : common.signUp);
    await this.heading(rooms.title).waitFor();
  }

  async createRoom(name) {
    const { rooms } = this.words;
    await this.fill(rooms.newName, name);
    await this.press(rooms.create);
    await this.page.getByRole('link', { name: rooms.openOf(name) }).waitFor();
  }

  async write(message) {
    const field = this.page.getByLabel(this.words.chat.message, { exact: true });
    if (!(await field.isVisible())) await this.openChat();
    // what waits for a connection stands there yet
    await until('what was written before to be sent', async () => (await field.inputValue()) === '');
    await field.fill(message);
    await field.press('Enter');
  }

  /** By the button of the bar, whatever number of messages it tells. */
  async openChat() {
    const { chat, chatUnread } = this.words.meeting;
    const unread = this.button(numbered(chatUnread));
    await this.button(chat).or(unread).click();
  }

  // --- what they see

  button(name) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  heading(name) {
    return this.page.getByRole('heading', { name, exact: true });
  }

  tile(name) {
    const names = [name, this.words.meeting.you(name)].map(exactly).join('|');
    return this.page.getByRole('listitem', { name: new RegExp(`^(${names})([,،，]|$)`) });
  }

  async isInside() {
    await this.button(this.words.meeting.leave).waitFor();
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
    const stage = this.page.getByRole('region', { name: this.words.meeting.sharing(name) });
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
    const log = this.page.getByRole('log', { name: this.words.chat.title });
    if (!(await log.isVisible())) await this.openChat();
    await log.getByText(message, { exact: true }).waitFor();
  }

  /** Times (ms since the epoch) of every picture of somebody else that was shown since this page was loaded. */
  frameTimes() {
    return this.page.evaluate(() => window.seen.frames);
  }

  async leave() {
    const { meeting, endings } = this.words;
    await this.press(meeting.leave);
    // whoever may end it for everyone is asked what they mean
    const only = this.page.getByRole('menuitem', { name: meeting.leaveOnly });
    if (await only.or(this.heading(endings.left.title)).first().waitFor().then(() => only.isVisible())) await only.click();
    await this.isTold(endings.left.title);
  }

  async close() {
    await this.browser.close();
  }
}
