import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { paced } from './pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first time at once, a flood now and then, and the last of it too', () => {
  const deed = vi.fn();
  const { soon } = paced(100, deed);
  soon();
  expect(deed).toHaveBeenCalledTimes(1);
  for (let time = 0; time < 10_000; time += 1) soon();
  expect(deed).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1000);
  expect(deed).toHaveBeenCalledTimes(2);
  soon();
  expect(deed).toHaveBeenCalledTimes(3);
});

test('what waits can be finished, once', () => {
  const deed = vi.fn();
  const { soon, finish } = paced(100, deed);
  soon();
  soon();
  finish();
  finish();
  vi.advanceTimersByTime(1000);
  expect(deed).toHaveBeenCalledTimes(2);
});
