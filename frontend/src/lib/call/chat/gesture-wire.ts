/**
 * Hands and reactions as data packets, topic `gesture`: ours to design, and ignored by older clients. Whose gesture it
 * is, the packet's own sender tells. Pure.
 */
import { flag, json, number, oneOf, some } from '../../data/read';

export const GESTURE_TOPIC = 'gesture';

export const REACTIONS = ['👍', '❤️', '👏', '😂', '🎉', '😮'] as const;
export type Reaction = (typeof REACTIONS)[number];

export type Gesture =
  /** How long ago it was raised, for whoever comes later. Two clocks need not agree on when that was. */
  | { type: 'hand'; raised: boolean; agoMs: number }
  /** A moderator's wish to whoever gets it. */
  | { type: 'lower_hand' }
  | { type: 'reaction'; emoji: Reaction };

export const encodeGesture = (gesture: Gesture): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(gesture));

const LONGEST_MS = 24 * 3_600_000;
const read = some({
  type: oneOf('hand', 'lower_hand', 'reaction'),
  raised: flag,
  agoMs: number(0, LONGEST_MS),
  emoji: oneOf(...REACTIONS),
});

export function parseGesture(payload: Uint8Array): Gesture | undefined {
  const { type, raised = false, agoMs = 0, emoji } = read(json(payload)) ?? {};
  if (type === 'hand') return { type, raised, agoMs };
  if (type === 'reaction') return emoji && { type, emoji };
  return type && { type };
}
