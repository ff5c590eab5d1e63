/** Notices of the server to the meeting. Only the server sends without being a participant: anything else is not one. */

export type Notice =
  | { event: 'kick' | 'ban' | 'ask_unmute' | 'ask_camera'; actor: string; target: string }
  | { event: 'room_ended' | 'room_closed' | 'room_suspended' | 'room_deleted' | 'room_archived' };

const aboutPeople = new Set(['kick', 'ban', 'ask_unmute', 'ask_camera']);
const aboutRoom = new Set(['room_ended', 'room_closed', 'room_suspended', 'room_deleted', 'room_archived']);

const word = (value: unknown) => (typeof value === 'string' ? value : '');

/** `hasSender` tells whether a participant sent the packet; then it is nobody's notice, whatever it says. */
export function parseNotice(payload: Uint8Array, hasSender: boolean): Notice | undefined {
  if (hasSender) return undefined;
  let body: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (parsed === null || typeof parsed !== 'object') return undefined;
    body = parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const event = word(body.event);
  if (body.type !== 'system') return undefined;
  if (aboutPeople.has(event)) {
    return { event, actor: word(body.actor), target: word(body.target) } as Notice;
  }
  if (aboutRoom.has(event)) return { event } as Notice;
  return undefined;
}
