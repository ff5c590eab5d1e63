import { expect, test } from 'vitest';
import { capacity, layOut, places } from './grid';

test.each([
  ['one person has it all', 1, 1256, 706, 1],
  ['two sit side by side on a wide screen', 2, 1256, 706, 2],
  ['two are one above the other on a phone', 2, 378, 700, 1],
  ['six on a phone are two columns', 6, 378, 754, 2],
  ['nine are three by three', 9, 1256, 706, 3],
  ['25 are five by five', 25, 1900, 1000, 5],
])('%s', (_name, count, width, height, columns) => {
  expect(layOut(count, width, height).columns).toBe(columns);
});

test('no tile leaves the area or meets another, whatever the numbers', () => {
  for (const [width, height] of [
    [320, 400],
    [390, 700],
    [916, 706],
    [1920, 1000],
  ] as const) {
    for (let count = 1; count <= 25; count += 1) {
      const all = places(count, width, height);
      expect(all).toHaveLength(count);
      for (const [index, place] of all.entries()) {
        expect(place.x).toBeGreaterThanOrEqual(0);
        expect(place.y).toBeGreaterThanOrEqual(0);
        expect(place.x + place.width).toBeLessThanOrEqual(width + 1);
        expect(place.y + place.height).toBeLessThanOrEqual(height + 1);
        for (const other of all.slice(index + 1)) {
          const apart =
            place.x + place.width <= other.x ||
            other.x + other.width <= place.x ||
            place.y + place.height <= other.y ||
            other.y + other.height <= place.y;
          expect(apart).toBe(true);
        }
      }
    }
  }
});

test('a quarter of the area at most stays empty with four people', () => {
  const { width, height } = layOut(4, 1256, 706);
  expect((4 * width * height) / (1256 * 706)).toBeGreaterThan(0.75);
});

test.each([
  ['a desk', 1256, 706, 25],
  ['a large screen', 3800, 2000, 25],
  ['a phone', 378, 690, 25],
  ['320 px with the keyboard open', 308, 300, 12],
])('a page on %s', (_name, width, height, count) => {
  expect(capacity(width, height)).toBe(count);
});
