/** Requests about rooms and the people in them. */
import { send } from './http';
import { session } from './session.svelte';
import type { Admission, JoinAnswer, Presence, Room, Tokens } from './types';

export const listRooms = () => session.request<Room[]>({ method: 'GET', path: '/api/room/list' });

/** An empty name asks for one that nobody guesses. */
export const createRoom = (name: string) =>
  session.request<Room>({ method: 'POST', path: '/api/room/create', body: name ? { name } : {} });

export const deleteRoom = (id: string) =>
  session.request<unknown>({ method: 'DELETE', path: `/api/room/${encodeURIComponent(id)}` });

/** Who is inside a public room; names only for the signed-in, else the count. */
export const presence = (id: string) =>
  session.request<Presence>({ method: 'GET', path: `/api/room/${encodeURIComponent(id)}/presence` });

export const checkRoom = (slug: string) =>
  send<{ exists: boolean; name: string }>({
    method: 'GET',
    path: `/api/room/check/${encodeURIComponent(slug)}`,
  });

/** With the session of this browser, a guest's included. */
export const joinRoom = (roomName: string) =>
  session.request<JoinAnswer>({ method: 'POST', path: '/api/room/join', body: { roomName } });

/** As a new guest; the answer opens a session too. */
export async function joinAsGuest(roomName: string, guestName: string): Promise<Admission> {
  const answer = await send<Admission & { tokens: Tokens }>({
    method: 'POST',
    path: '/api/room/guest-join',
    body: { roomName, guestName },
  });
  session.adoptGuest(answer.tokens, guestName);
  return answer;
}

/** The verbs of moderation, as the paths of the wire contract name them. */
const paths = {
  mute: (who: string) => `mute/${who}`,
  videoOff: (who: string) => `video/${who}/off`,
  askUnmute: (who: string) => `ask/${who}/unmute`,
  askCamera: (who: string) => `ask/${who}/camera`,
  stopShare: (who: string) => `screenshare/${who}/stop`,
  promote: (who: string) => `promote/${who}`,
  demote: (who: string) => `demote/${who}`,
  remove: (who: string) => `kick/${who}`,
  ban: (who: string) => `ban/${who}`,
};

export type Deed = keyof typeof paths;

export const moderate = (roomId: string, deed: Deed, identity: string) =>
  session.request<{ status: string }>({
    method: 'POST',
    path: `/api/room/${encodeURIComponent(roomId)}/${paths[deed](encodeURIComponent(identity))}`,
    body: {},
  });
