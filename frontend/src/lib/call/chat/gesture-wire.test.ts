import { expect, test } from 'vitest';
import { encodeGesture, parseGesture } from './gesture-wire';

const bytes = (raw: string) => new TextEncoder().encode(raw);

test('a gesture comes as it was sent', () => {
  for (const gesture of [
    { type: 'hand', raised: true, agoMs: 5 },
    { type: 'reaction', emoji: '👏' },
    { type: 'lower_hand' },
  ] as const)
    expect(parseGesture(encodeGesture(gesture))).toEqual(gesture);
});

test.each([-1, 1e300, '5', null, [], {}])('a hand is raised now, or within the day: %j', (agoMs) => {
  const hand = parseGesture(bytes(JSON.stringify({ type: 'hand', raised: true, agoMs })));
  expect(hand).toMatchObject({ type: 'hand', raised: true });
  const ago = hand?.type === 'hand' ? hand.agoMs : Number.NaN;
  expect(ago >= 0 && ago <= 86_400_000).toBe(true);
});

test.each([['null'], ['no json'], ['{"type":"reaction","emoji":"<b>x</b>"}'], ['{"type":"wave"}'], ['[]']])(
  'nothing is made of %s',
  (raw) => expect(parseGesture(bytes(raw))).toBeUndefined(),
);
