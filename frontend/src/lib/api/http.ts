/** The only `fetch` of the page: JSON in and out, and failures as one type. */
import { text } from '$lib/text';
import { speaking } from '$lib/text/speaking.svelte';
import { json } from '../data/read';
import type { Answer, Call, Method, Path } from './types';

/** A refused or failed request. `status` 0 means that no answer came; `sentence` can be shown to a person. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly sentence: string,
    readonly body: Record<string, unknown> = {},
    /** With 429: when to come again. */
    readonly waitSeconds?: number,
  ) {
    super(sentence);
  }
}

/** What to tell a person about any failure. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiError ? error.sentence : text.common.unexpected;

const LIMIT_MS = 15_000;

async function answerOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return body !== null && typeof body === 'object' ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Of the page's own words, where it has some for this code and they can be had. */
const known = (code: string): Promise<string | undefined> =>
  import('$lib/text/problems').then(({ problemOf }) => problemOf(code)).catch(() => undefined);

async function failure(response: Response, body: Record<string, unknown>): Promise<ApiError> {
  const said = typeof body.error === 'string' ? body.error : '';
  const code = typeof body.code === 'string' ? body.code : `http_${response.status}`;
  if (response.status === 429) {
    const seconds = Number(body.retryAfter ?? response.headers.get('retry-after') ?? 60);
    return new ApiError(429, code, text.common.tooMany(seconds), body, seconds);
  }
  // 502 to 504 come from something between us and the server: the same as no answer.
  if (response.status >= 502 && response.status <= 504 && !said) {
    return new ApiError(0, code, text.common.unreachable, body);
  }
  const sentence = (await known(code)) ?? (said || text.common.unexpected);
  return new ApiError(response.status, code, sentence, body);
}

/** Characters of a body that the page may leave behind; the browser takes 64 kB, of all bodies on their way together. */
const MOST_LEFT_BEHIND = 20_000;

/** Goes on when the page is closed. Where the browser refuses that, it is a request as any other. */
async function outliving(address: string, request: RequestInit): Promise<Response> {
  const size = typeof request.body === 'string' ? request.body.length : 0;
  if (size > MOST_LEFT_BEHIND) return fetch(address, request);
  try {
    return await fetch(address, { ...request, keepalive: true });
  } catch (error) {
    // other bodies may have taken the room; what has none was refused for another reason
    if (!size) throw error;
    return fetch(address, request);
  }
}

/** Sends one request and gives the answer's body, or throws `ApiError`. */
export async function send<M extends Method, P extends Path<M>>(
  { method, path, params, body, query, outlives }: Call<M, P>,
  token?: string,
): Promise<Answer<M, P>> {
  const values: Record<string, string> = params ?? {};
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const asked = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value)).toString();
  const address = asked ? `${place}?${asked}` : place;
  // What is written to somebody shall be in the language that they read here.
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-language': speaking.language,
  };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (token) headers.authorization = `Bearer ${token}`;
  const request: RequestInit = {
    method: method.toUpperCase(),
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(LIMIT_MS),
  };
  let response: Response;
  try {
    response = await (outlives ? outliving(address, request) : fetch(address, request));
  } catch {
    throw new ApiError(0, 'unreachable', text.common.unreachable);
  }
  const answer = await answerOf(response);
  if (!response.ok) throw await failure(response, answer);
  return answer as Answer<M, P>;
}

/** A line on which nothing came for so long is dead, and nobody says so: what it tells of has a turn every few seconds. */
const SILENCE_MS = 15_000;

/**
 * What the server tells by itself (server-sent events), each as JSON, until it has told all or `signal` ends it. Throws where
 * the line breaks or falls silent.
 */
export async function* listen(address: string, token: string, signal: AbortSignal): AsyncGenerator<unknown> {
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  let silence = setTimeout(end, SILENCE_MS);
  try {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${token}` };
    let response: Response;
    try {
      response = await fetch(address, { headers, signal: ended.signal });
    } catch {
      throw new ApiError(0, 'unreachable', text.common.unreachable);
    }
    if (!response.ok || !response.body) throw await failure(response, await answerOf(response));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      clearTimeout(silence);
      if (done) return;
      silence = setTimeout(end, SILENCE_MS);
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) yield json(event.replace(/^data: ?/, ''));
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
    end();
  }
}
