/**
 * Who is signed in on this browser. The refresh token is in an HttpOnly cookie and never seen here; the access
 * token lives in memory and is shared between tabs, so that two of them never use one refresh token at once.
 */
import { json, number, oneOf, some, text } from '../data/read';
import { local, read, remembers, write } from '../memory/store';
import { ApiError, listen, send } from './http';
import type { Answer, Call, Made, Method, Path, Tokens, User } from './types';

/** Not a secret: says only that asking for a session may be worth a request. */
const HINT = 'bedrud.signed-in';
const LOCK = 'bedrud.refresh';
/** Renewed this long before it ends, so that a request on its way does not meet the end. */
const MARGIN_MS = 20_000;

/** What the server answers when there is no session any more. */
const refused = [400, 401, 403];

/** What the page needs to know of whoever is signed in. */
export type Who = Pick<User, 'id' | 'name' | 'provider' | 'accesses'>;

type News = { kind: 'token'; token: string } | { kind: 'out' };

const news = some({ kind: oneOf('token', 'out'), token: text(10_000) });
const claimed = some({ sub: text(200), exp: number(0, Number.MAX_SAFE_INTEGER) });
const there = (given: unknown) => given !== undefined || undefined;

function claims(token: string): { sub?: string; exp?: number } {
  try {
    const part = token.split('.')[1] ?? '';
    return claimed(json(atob(part.replace(/-/g, '+').replace(/_/g, '/')))) ?? {};
  } catch {
    return {};
  }
}

/** A browser that remembers nothing is asked every time. */
const mayBeSignedIn = () => !remembers() || read(local, HINT, there) !== undefined;

class Session {
  /** `unknown` until the first answer of this page load. */
  state = $state<'unknown' | 'out' | 'in'>('unknown');
  user = $state.raw<Who | undefined>();

  #token = '';
  #restoring: Promise<void> | undefined;
  #tabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('bedrud.session');

  constructor() {
    this.#tabs?.addEventListener('message', (event: MessageEvent<unknown>) => {
      // The other tab may have another version of the page.
      const { kind, token } = news(event.data) ?? {};
      if (kind === 'out') this.#forget();
      else if (kind && token) this.#token = token;
    });
  }

  get isGuest(): boolean {
    return this.user?.provider === 'guest';
  }

  /** Signed in with an account, not as a guest. */
  get isMember(): boolean {
    return this.state === 'in' && !this.isGuest;
  }

  /** Finds out, once per page load, whether somebody is signed in. Asks nobody when nobody ever was. */
  restore(): Promise<void> {
    return (this.#restoring ??= this.#restore());
  }

  async #restore(): Promise<void> {
    if (this.state === 'in') return;
    if (!mayBeSignedIn()) {
      this.state = 'out';
      return;
    }
    try {
      this.user = await this.request({ method: 'get', path: '/api/auth/me' });
      this.state = 'in';
    } catch (error) {
      if (error instanceof ApiError && refused.includes(error.status)) return this.#forget();
      // Nothing is known: the next one to ask tries again.
      this.#restoring = undefined;
      throw error;
    }
  }

  /** Takes over what a login, a registration or a guest's join answered. */
  adopt({ user, tokens }: { user: Who; tokens: Tokens }): void {
    this.#take(tokens.accessToken);
    this.user = user;
    this.state = 'in';
  }

  /** The same of a new account, or the address that has to be confirmed before. */
  enter(made: Made): string | undefined {
    if ('requiresVerification' in made) return made.email;
    this.adopt(made);
    return undefined;
  }

  /** Begins with tokens alone, and asks who it is. */
  async begin({ access_token }: { access_token: string }): Promise<void> {
    this.#take(access_token);
    this.user = await this.request({ method: 'get', path: '/api/auth/me' });
    this.state = 'in';
  }

  /** The profile has another name, or, with new tokens, another address. */
  changed(user: Who, tokens?: Tokens): void {
    if (tokens) this.#take(tokens.accessToken);
    this.user = user;
  }

  /** A guest's join answers no user; this is what the page needs of one. */
  adoptGuest(tokens: Tokens, name: string): void {
    const id = claims(tokens.accessToken).sub ?? '';
    this.adopt({
      tokens,
      user: { id, name, provider: 'guest', accesses: ['guest'] },
    });
  }

  /** Ends this browser's session, also when the server cannot be told. */
  async signOut(): Promise<void> {
    try {
      await this.request({ method: 'post', path: '/api/auth/logout', body: {} });
    } finally {
      this.forget();
    }
  }

  /** There is no session any more, in none of the tabs. */
  forget(): void {
    this.#forget();
    this.#tabs?.postMessage({ kind: 'out' } satisfies News);
  }

  /** A request in this session's name. A 401 renews the session once and repeats. */
  async request<M extends Method, P extends Path<M>>(call: Call<M, P>): Promise<Answer<M, P>> {
    if (this.#ends() - MARGIN_MS < Date.now()) await this.#renew();
    const used = this.#token;
    try {
      return await send(call, used);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await this.#renew(used);
      return send(call, this.#token);
    }
  }

  /** What the server tells by itself at this address, in this session's name. */
  async *listen(address: string, signal: AbortSignal): AsyncGenerator<unknown> {
    if (this.#ends() - MARGIN_MS < Date.now()) await this.#renew();
    yield* listen(address, this.#token, signal);
  }

  #ends(): number {
    return (claims(this.#token).exp ?? 0) * 1000;
  }

  /** One tab at a time; who waited takes what the other tab was given. */
  async #renew(stale = this.#token): Promise<void> {
    const renew = async () => {
      if (this.#token !== stale && this.#ends() - MARGIN_MS > Date.now()) return;
      const answer = await send({ method: 'post', path: '/api/auth/refresh', body: {} });
      this.#take(answer.access_token);
    };
    try {
      // Without locks (very old browsers) both tabs are given the same pair, unless one has used it already.
      await (navigator.locks ? navigator.locks.request(LOCK, renew) : renew());
    } catch (error) {
      if (error instanceof ApiError && refused.includes(error.status)) this.#forget();
      throw error;
    }
  }

  #take(token: string): void {
    this.#token = token;
    write(local, HINT, 1);
    this.#tabs?.postMessage({ kind: 'token', token } satisfies News);
  }

  #forget(): void {
    this.#token = '';
    this.user = undefined;
    this.state = 'out';
    write(local, HINT, undefined);
  }
}

export const session = new Session();
