/**
 * Hands and reactions as data packets, topic `gesture`: ours to design, and ignored by older clients. Whose gesture it
 * is, the packet's own sender tells. Pure.
 */

export const GESTURE_TOPIC = 'gesture';

export const REACTIONS = ['👍', '❤️', '👏', '😂', '🎉', '😮'] as const;
export type Reaction = (typeof REACTIONS)[number];

export type Gesture =
  /** `at` is when it was raised (Unix milliseconds), for whoever comes later. */
  | { type: 'hand'; raised: boolean; at: number }
  /** A moderator's wish to whoever gets it. */
  | { type: 'lower_hand' }
  | { type: 'reaction'; emoji: Reaction };

export const encodeGesture = (gesture: Gesture): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(gesture));

const isReaction = (value: unknown): value is Reaction => REACTIONS.some((one) => one === value);

export function parseGesture(payload: Uint8Array, now = Date.now()): Gesture | undefined {
  let body: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (parsed === null || typeof parsed !== 'object') return undefined;
    body = parsed as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (body.type === 'lower_hand') return { type: 'lower_hand' };
  if (body.type === 'reaction' && isReaction(body.emoji)) return { type: 'reaction', emoji: body.emoji };
  if (body.type !== 'hand') return undefined;
  const at = typeof body.at === 'number' && body.at > 0 ? Math.min(body.at, now) : now;
  return { type: 'hand', raised: body.raised === true, at };
}
