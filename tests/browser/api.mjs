/** The HTTP API for what a test needs beside its people: accounts, rooms, and tries that no page would make. */
import assert from 'node:assert/strict';

export const PASSWORD = 'correct horse battery staple';

export class Api {
  #url;
  #accessToken;

  constructor(url, accessToken) {
    this.#url = url;
    this.#accessToken = accessToken;
  }

  /** One request; the answer's status and JSON body. */
  async ask(method, path, body, headers = {}) {
    const authorization = this.#accessToken && { authorization: `Bearer ${this.#accessToken}` };
    const answer = await fetch(this.#url + path, {
      method,
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, ...(await answer.json()) };
  }

  /** The same, and it has to work. */
  async do(method, path, body) {
    const answer = await this.ask(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Creates a room. */
  room(name, more = {}) {
    return this.do('POST', '/api/room/create', { name, ...more });
  }
}

/** An address has plain letters, also where the name has others. */
export function mailOf(name) {
  const first = name.split(' ')[0].toLowerCase();
  return `${/^[a-z]+$/.test(first) ? first : `user-${Buffer.from(first).toString('hex').slice(0, 8)}`}@example.org`;
}

/** Makes the administrator of a fresh server by its set-up link. */
export async function setUp(daemon, name = 'Root') {
  const stranger = new Api(daemon.url);
  const made = await stranger.do('POST', '/api/auth/setup', {
    token: daemon.setupToken(),
    email: mailOf(name),
    password: PASSWORD,
    name,
  });
  return new Api(daemon.url, made.tokens.accessToken);
}

/** Makes an account. */
export async function register(daemon, name) {
  const stranger = new Api(daemon.url);
  const made = await stranger.do('POST', '/api/auth/register', { email: mailOf(name), password: PASSWORD, name });
  return Object.assign(new Api(daemon.url, made.tokens.accessToken), { id: made.user.id });
}

/** Signs in to an account that exists already. */
export async function login(daemon, name) {
  const stranger = new Api(daemon.url);
  const { tokens } = await stranger.do('POST', '/api/auth/login', { email: mailOf(name), password: PASSWORD });
  return new Api(daemon.url, tokens.accessToken);
}
