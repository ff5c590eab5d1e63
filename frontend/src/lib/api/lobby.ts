/** Requests about the lobby: those of whoever waits, and those of whoever lets them in. */
import { flag, number, oneOf, some, text } from '../data/read';
import { session } from './session.svelte';
import type { Schemas } from './types';

export type Waiting = Schemas['Lobby']['waiting'][number];

const MOST = 100_000;

/** What whoever waits is told. */
const turn = some({
  status: oneOf('waiting', 'admitted', 'refused'),
  place: number(0, MOST),
  waiting: number(0, MOST),
  moderatorInside: flag,
  error: text(500),
  code: text(100),
});
export type Turn = NonNullable<ReturnType<typeof turn>>;

/** The turn of whoever holds the ticket, again and again until the last word. */
export async function* followTurn(id: string, ticket: string, signal: AbortSignal): AsyncGenerator<Turn> {
  const address = `/api/room/${encodeURIComponent(id)}/lobby/${encodeURIComponent(ticket)}`;
  for await (const told of session.listen(address, signal)) {
    const read = turn(told);
    if (read) yield read;
  }
}

/** Also when the page is being closed. */
export const giveUp = (id: string, ticket: string) =>
  session.request({
    method: 'delete',
    path: '/api/room/{id}/lobby/{ticket}',
    params: { id, ticket },
    outlives: true,
  });

export const whoWaits = (id: string) =>
  session.request({ method: 'get', path: '/api/room/{id}/lobby', params: { id } });

export const admit = (id: string, ticket: string) =>
  session.request({ method: 'post', path: '/api/room/{id}/lobby/{ticket}/admit', params: { id, ticket } });

export const refuse = (id: string, ticket: string) =>
  session.request({ method: 'post', path: '/api/room/{id}/lobby/{ticket}/deny', params: { id, ticket } });

export const admitAll = (id: string) =>
  session.request({ method: 'post', path: '/api/room/{id}/lobby/admit', params: { id } });

/** Who is new waits, until the meeting ends or it is unlocked. */
export const setLocked = (id: string, on: boolean) =>
  session.request({
    method: 'post',
    path: on ? '/api/room/{id}/lock' : '/api/room/{id}/unlock',
    params: { id },
  });
