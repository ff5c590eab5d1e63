import { afterEach, expect, test, vi } from 'vitest';
import { ApiError, send } from './http';

const sent: RequestInit[] = [];

/** A browser that has room for so many bytes of bodies to be left behind. */
function browser(
  room: number,
  answer: () => Response = () => Response.json({ status: 'success', timestamp: 1 }),
) {
  sent.length = 0;
  vi.stubGlobal('fetch', async (_address: string, request: RequestInit) => {
    sent.push(request);
    if (request.keepalive && new TextEncoder().encode(String(request.body)).length > room)
      throw new TypeError('Failed to fetch');
    return answer();
  });
}

const say = (message: string) =>
  send({
    method: 'post',
    path: '/api/room/{id}/chat',
    params: { id: 'r' },
    body: { id: '1', message, attachments: [] } as never,
    outlives: true,
  });

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['a short message outlives the page', 'Hello', 64_000, [true]],
  ['a long message is sent as any other', 'ä'.repeat(40_000), 64_000, [undefined]],
  ['where others have taken the room it is sent as any other', 'Hello', 10, [true, undefined]],
])('%s', async (_what, message, room, keptAlive) => {
  browser(room);
  await say(message);
  expect(sent.map((one) => one.keepalive)).toEqual(keptAlive);
});

test('a failure is told in the words of the page, where it has some for its code', async () => {
  vi.stubGlobal('document', { documentElement: {} });
  const refused = (code: string) => () =>
    Response.json({ code, error: 'As the server says it.' }, { status: 409 });
  const told = async (code: string) => {
    browser(64_000, refused(code));
    const error: unknown = await say('Hello').catch((error: unknown) => error);
    return error instanceof ApiError && [error.status, error.code, error.sentence];
  };
  expect(await told('room_quota')).toEqual([
    409,
    'room_quota',
    'You have as many rooms as this server allows. Delete one first.',
  ]);
  for (const code of ['something_else', 'constructor'])
    expect(await told(code)).toEqual([409, code, 'As the server says it.']);
});
