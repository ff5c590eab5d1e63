import { expect, test } from 'vitest';
import { encodeGesture, parseGesture } from './gesture-wire';

const bytes = (raw: string) => new TextEncoder().encode(raw);
const NOW = 1_700_000_000_000;

test('a gesture comes as it was sent', () => {
  for (const gesture of [
    { type: 'hand', raised: true, at: NOW - 5 },
    { type: 'reaction', emoji: '👏' },
    { type: 'lower_hand' },
  ] as const)
    expect(parseGesture(encodeGesture(gesture), NOW)).toEqual(gesture);
});

test('nobody is first in line by a clock that runs ahead, or by none', () => {
  expect(parseGesture(bytes(`{"type":"hand","raised":true,"at":${NOW + 9999}}`), NOW)).toMatchObject({
    at: NOW,
  });
  expect(parseGesture(bytes('{"type":"hand","raised":true,"at":-1}'), NOW)).toMatchObject({ at: NOW });
});

test.each([['null'], ['no json'], ['{"type":"reaction","emoji":"<b>x</b>"}'], ['{"type":"wave"}'], ['[]']])(
  'nothing is made of %s',
  (raw) => expect(parseGesture(bytes(raw))).toBeUndefined(),
);
