import { expect, test } from 'vitest';
import { plainName } from './names';

test.each([
  ['Anna', 'Anna'],
  ['<b>Anna</b>', '<b>Anna</b>'],
  ['\u202Eanna\u202C', 'anna'],
  ['An\u200Bna\n', 'Anna'],
  ['\u202E \u200B', 'id'],
  ['', 'id'],
  ['🎉', '🎉'],
  ['زهرا', 'زهرا'],
])('%j', (name, expected) => {
  expect(plainName(name, 'id')).toBe(expected);
});

test('a name of ten thousand characters is cut', () => {
  expect([...plainName('😀'.repeat(10_000), 'id')]).toHaveLength(100);
});
