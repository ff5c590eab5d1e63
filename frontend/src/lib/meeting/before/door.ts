/** Asking to be let in: the server's answers as the page's words for them. */
import { ApiError } from '$lib/api/http';
import { joinAsGuest, joinRoom, refreshJoinToken } from '$lib/api/rooms';
import { session } from '$lib/api/session.svelte';
import type { Admission, JoinAnswer } from '$lib/api/types';
import type { Answer, Pass } from '$lib/call';

export type DoorEnding =
  | 'full'
  | 'notFound'
  | 'closed'
  | 'banned'
  | 'private'
  | 'waiting'
  | 'refused'
  | 'guestsOff'
  | 'failed'
  | 'signedOut';

const byCode: Record<string, DoorEnding> = {
  room_full: 'full',
  banned: 'banned',
  room_private: 'private',
  guests_off: 'guestsOff',
  lobby_refused: 'refused',
  must_wait: 'waiting',
};

/** Where one waits to be let in. Without a ticket nobody was asked yet. */
export interface Place {
  roomId: string;
  ticket?: string;
  place: number;
  waiting: number;
  moderatorInside: boolean;
}

/**
 * `sentence` is the server's own, to be shown where we have no better words; `title` is what the room is called. `isPrivate` comes with a pass: of such a
 * room the server tells nobody who is inside. `waitSeconds` comes with `later` where the server said when to come again.
 */
export type Said = (Answer<DoorEnding> | { place: Place }) & {
  sentence?: string;
  isPrivate?: boolean;
  title?: string;
  waitSeconds?: number;
  /** The invitation opens nothing. */
  uninvited?: boolean;
};

/** The longest wait that the page spends by itself; nobody looks at a spinner for longer. */
const LONGEST_WAIT_SECONDS = 120;
/** Pages that were sent away together do not come back in the same moment. */
const SPREAD_MS = 2000;

export function refusal(error: unknown): Said {
  if (!(error instanceof ApiError)) throw error;
  const { status, code, sentence } = error;
  const known = byCode[code];
  if (known) return { ending: known, sentence };
  if (status === 404) return { ending: 'notFound', sentence };
  if (status === 410) return { ending: 'closed', sentence };
  if (status === 401) return { ending: 'signedOut', sentence };
  // Who has no way past the lobby may still ask.
  if (code.startsWith('invitation_')) return { later: true, uninvited: true, sentence };
  // What was typed stays, to be mended.
  if (code === 'name_invalid') return { later: true, sentence };
  if (status === 429) return { later: true, sentence, waitSeconds: error.waitSeconds };
  // Nothing but time stands in the way of these.
  if (status === 0 || status >= 500) return { later: true, sentence };
  return { ending: 'failed', sentence };
}

function answered(answer: JoinAnswer | Admission): Said {
  if ('token' in answer) {
    const pass: Pass = {
      roomId: answer.id,
      ownerId: answer.adminId,
      url: answer.livekitHost,
      token: answer.token,
    };
    return { pass, isPrivate: !answer.isPublic, title: answer.title };
  }
  const { title } = answer;
  if (!('ticket' in answer || 'moderatorInside' in answer)) return { ending: 'closed', title };
  const { id: roomId, ticket, place, waiting, moderatorInside } = answer;
  return { place: { roomId, ticket: ticket ?? undefined, place, waiting, moderatorInside }, title };
}

/** Whether whoever was put out may not come back: the server knows, its notice may come too late to be heard. */
export const isBanned = (slug: string): Promise<boolean> =>
  refreshJoinToken(slug).then(
    () => false,
    (error: unknown) => error instanceof ApiError && error.code === 'banned',
  );

/** With this browser's session, an account's or a guest's. */
export async function comeIn(slug: string, ahead = false, invitation?: string): Promise<Said> {
  try {
    return answered(await joinRoom(slug, ahead, invitation));
  } catch (error) {
    return refusal(error);
  }
}

/** The same for who is inside and lost the way: a door that was locked meanwhile ends it. */
export async function comeBack(slug: string): Promise<Answer<DoorEnding>> {
  const said = await comeIn(slug);
  return 'place' in said ? { ending: 'waiting' } : said;
}

/** As a new guest of that name. */
export async function comeInAsGuest(slug: string, name: string, invitation?: string): Promise<Said> {
  try {
    return answered(await joinAsGuest(slug, name, invitation));
  } catch (error) {
    return refusal(error);
  }
}

/** An account joins as itself; everybody else is a new guest each time they press Join. */
export const askToJoin = (slug: string, name: string, invitation?: string) =>
  session.isMember ? comeIn(slug, false, invitation) : comeInAsGuest(slug, name, invitation);

/** The token in the link that led here; what stands behind the `#` is sent to no server unasked. */
export const invitationIn = (hash: string): string | undefined =>
  /^#invitation=([\w-]{1,100})$/.exec(hash)?.[1];

/**
 * Asks, and where the server has too many at its door, waits as long as it says and asks again, until `gone`. `tell` is given
 * the seconds of each wait, and 0 when it is over.
 */
export async function patiently(
  ask: () => Promise<Said>,
  tell: (seconds: number) => void,
  gone: () => boolean,
): Promise<Said> {
  for (;;) {
    const said = await ask();
    const seconds = 'later' in said ? (said.waitSeconds ?? 0) : 0;
    if (seconds <= 0 || seconds > LONGEST_WAIT_SECONDS) return said;
    tell(seconds);
    await new Promise((done) => setTimeout(done, seconds * 1000 + Math.random() * SPREAD_MS));
    tell(0);
    if (gone()) return said;
  }
}
