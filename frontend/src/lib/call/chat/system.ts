/** Notices of the server to the meeting. Only the server sends without being a participant: anything else is not one. */
import { json, oneOf, some, text } from '../../data/read';

export type Notice =
  /** Of whom the connection is lost, nothing is heard; they are put out unless they come back. */
  | {
      event:
        | 'kick'
        | 'ban'
        | 'mute'
        | 'video_off'
        | 'ask_unmute'
        | 'ask_camera'
        | 'spotlight'
        | 'deafen'
        | 'undeafen'
        | 'connection_lost'
        | 'connection_back';
      actor: string;
      target: string;
    }
  /** To moderators: who waits to be let in has changed. */
  | { event: 'lobby' }
  /** A message of `target` was taken back. */
  | { event: 'chat_deleted'; actor: string; target: string; message: string }
  | { event: 'room_ended' | 'room_closed' | 'room_suspended' | 'room_deleted' | 'room_archived' };

const word = text(300);
const people = oneOf(
  'kick',
  'ban',
  'mute',
  'video_off',
  'ask_unmute',
  'ask_camera',
  'spotlight',
  'deafen',
  'undeafen',
  'connection_lost',
  'connection_back',
);
const rooms = oneOf('room_ended', 'room_closed', 'room_suspended', 'room_deleted', 'room_archived');
const read = some({ type: oneOf('system'), event: word, actor: word, target: word, message: word });

/** `hasSender` tells whether a participant sent the packet; then it is nobody's notice, whatever it says. */
export function parseNotice(payload: Uint8Array, hasSender: boolean): Notice | undefined {
  if (hasSender) return undefined;
  const { type, event, actor = '', target = '', message = '' } = read(json(payload)) ?? {};
  if (!type) return undefined;
  if (event === 'lobby') return { event };
  if (event === 'chat_deleted') return { event, actor, target, message };
  const [aboutPeople, aboutRoom] = [people(event), rooms(event)];
  if (aboutPeople) return { event: aboutPeople, actor, target };
  return aboutRoom && { event: aboutRoom };
}
