import { expect, test } from 'vitest';
import { plainDigits } from './digits';

test.each([
  ['۱۰۵', 105],
  ['٢٠٩', 209],
  ['25', 25],
])('%s', (typed, number) => {
  expect(Number(plainDigits(typed))).toBe(number);
});
