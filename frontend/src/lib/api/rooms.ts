/** Requests about rooms and the people in them. */
import { send } from './http';
import { session } from './session.svelte';
import type { Admission, Body } from './types';

export const listRooms = () => session.request({ method: 'get', path: '/api/room/list' });

/** Without name and title it gets a link that nobody guesses. */
export const createRoom = (wanted: { name?: string; title?: string }) =>
  session.request({ method: 'post', path: '/api/room/create', body: wanted });

export const deleteRoom = (id: string) =>
  session.request({ method: 'delete', path: '/api/room/{id}', params: { id }, outlives: true });

export type RoomChange = NonNullable<Body<'put', '/api/room/{id}/settings'>>;

export const changeRoom = (id: string, body: RoomChange) =>
  session.request({ method: 'put', path: '/api/room/{id}/settings', params: { id }, body });

/** Who is inside of one's own rooms; rooms without anybody are not among them. */
export const insideOwn = () => session.request({ method: 'get', path: '/api/room/inside' });

export interface Inside {
  count: number;
  people: { identity: string; name: string }[];
}

/** Who is inside a public room. Nobody, where it may not be known. */
export async function whoIsInside(id: string): Promise<Inside> {
  try {
    const found = await session.request({ method: 'get', path: '/api/room/{id}/presence', params: { id } });
    const people = 'participants' in found ? found.participants : [];
    return { count: 'count' in found ? found.count : people.length, people };
  } catch {
    return { count: 0, people: [] };
  }
}

export const checkRoom = (roomName: string) =>
  send({ method: 'get', path: '/api/room/check/{roomName}', params: { roomName } });

/** For a look ahead by which path media will travel. */
export const askPathCheck = () => send({ method: 'post', path: '/api/room/path-check' });

/** With the session of this browser, a guest's included. Who only looks `ahead` asks no moderator yet. */
export const joinRoom = (roomName: string, ahead = false, invitation?: string) =>
  session.request({ method: 'post', path: '/api/room/join', body: { roomName, ahead, invitation } });

/** As a new guest; the answer opens a session too. */
export async function joinAsGuest(
  roomName: string,
  guestName: string,
  invitation?: string,
): Promise<Admission> {
  const answer = await send({
    method: 'post',
    path: '/api/room/guest-join',
    body: { roomName, guestName, invitation },
  });
  session.adoptGuest(answer.tokens, guestName);
  return answer;
}

/** A new join token for a room one is or was in; refuses the banned. */
export const refreshJoinToken = (roomName: string) =>
  session.request({ method: 'post', path: '/api/room/refresh-token', body: { roomName } });

/** The verbs of moderation and their addresses. */
const deeds = {
  mute: '/api/room/{id}/mute/{identity}',
  videoOff: '/api/room/{id}/video/{identity}/off',
  askUnmute: '/api/room/{id}/ask/{identity}/unmute',
  askCamera: '/api/room/{id}/ask/{identity}/camera',
  stopShare: '/api/room/{id}/screenshare/{identity}/stop',
  promote: '/api/room/{id}/promote/{identity}',
  demote: '/api/room/{id}/demote/{identity}',
  bring: '/api/room/{id}/stage/{identity}/bring',
  takeOff: '/api/room/{id}/stage/{identity}/remove',
  spotlight: '/api/room/{id}/spotlight/{identity}',
  remove: '/api/room/{id}/kick/{identity}',
  ban: '/api/room/{id}/ban/{identity}',
} as const;

export type Deed = keyof typeof deeds;

/** What can be taken until it is given back. */
export type Device = 'microphone' | 'camera' | 'screenshare' | 'chat' | 'hearing';

export const moderate = (id: string, deed: Deed, identity: string) =>
  session.request({ method: 'post', path: deeds[deed], params: { id, identity } });

/** Takes a device from somebody until it is released. */
export const hold = (id: string, identity: string, device: Device) =>
  session.request({
    method: 'post',
    path: '/api/room/{id}/hold/{identity}/{device}',
    params: { id, identity, device },
  });

/** Gives a device back. */
export const release = (id: string, identity: string, device: Device) =>
  session.request({
    method: 'post',
    path: '/api/room/{id}/release/{identity}/{device}',
    params: { id, identity, device },
  });

/** Mutes everybody who does not moderate; with `hold` until their microphones are released. */
export const muteAll = (id: string, hold: boolean) =>
  session.request({ method: 'post', path: '/api/room/{id}/mute-all', params: { id }, body: { hold } });

/** Gives the microphone back to everybody. */
export const releaseAll = (id: string) =>
  session.request({ method: 'post', path: '/api/room/{id}/release-all', params: { id } });

/** Puts everybody out; the room and its link stay. */
export const endMeeting = (id: string) =>
  session.request({ method: 'post', path: '/api/room/{id}/end', params: { id } });
