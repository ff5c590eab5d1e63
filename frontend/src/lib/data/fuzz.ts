/** For tests: values of every kind that nobody would send or keep in good faith, and the same again for one seed. */

/** A small generator of numbers from 0 to 1 (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const odd: unknown[] = [
  null, true, false, 0, -0, -1, 0.5, 1e21, -1e300, 8.7e15, 2 ** 53, 1_700_000_000_000_000_000, '', ' ', '0', 'null', '__proto__',
  'constructor', 'toString', '\u0000', '\u202e', '\ud800', '👍', '👍 and more', '<img src=x onerror=alert(1)>', 'javascript:alert(1)',
  '/uploads/../x', 'http://[', 'x'.repeat(5000), '👩‍🌾'.repeat(500), [], {}, [[]], [null], { length: -1 }, { toString: 1 },
  { __proto__: { id: 'x' } },
]; // prettier-ignore

/** JSON, since nothing else arrives: any of the `names`, with any value, nested some levels deep. */
export function anything(next: () => number, names: readonly string[], depth = 3): unknown {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const kind = next();
  if (depth === 0 || kind < 0.4) return pick(odd);
  if (kind < 0.5) return pick(names);
  if (kind < 0.6) return Math.floor((next() - 0.5) * 10 ** Math.floor(next() * 18));
  const size = Math.floor(next() * 6);
  if (kind < 0.75) return Array.from({ length: size }, () => anything(next, names, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [pick(names), anything(next, names, depth - 1)]),
  );
}
