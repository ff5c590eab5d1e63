import type { Room } from 'livekit-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchStandstill } from './standstill';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A room whose transport has counted `line.bytes`; a question makes them more as long as it is `alive`. */
function stub() {
  const line = { bytes: 0, alive: true, questions: 0 };
  const report = () => new Map([['p', { id: 'p', type: 'candidate-pair', bytesReceived: line.bytes }]]);
  const track = { getRTCStatsReport: async () => report() };
  const publishData = async () => {
    line.questions += 1;
    if (line.alive) line.bytes += 100;
  };
  const localParticipant = { identity: 'me', publishData, trackPublications: new Map([['t', { track }]]) };
  const room = { state: 'connected', remoteParticipants: new Map(), localParticipant };
  return { line, room: room as unknown as Room };
}

/** Somebody speaks for so long. */
async function speak(line: { bytes: number }, milliseconds: number) {
  const voice = setInterval(() => (line.bytes += 60), 20);
  await vi.advanceTimersByTimeAsync(milliseconds);
  clearInterval(voice);
}

test('sound that flows is never asked for', async () => {
  const { line, room } = stub();
  const lost = vi.fn();
  const end = watchStandstill(room, lost, () => {});
  await speak(line, 10_000);
  expect([lost.mock.calls.length, line.questions]).toEqual([0, 0]);
  end();
});

test('a meeting where nobody speaks is not lost', async () => {
  const { line, room } = stub();
  const lost = vi.fn();
  const end = watchStandstill(room, lost, () => {});
  await speak(line, 2000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(lost).not.toHaveBeenCalled();
  expect(line.questions).toBeGreaterThan(5);
  end();
});

test('a path that is gone is found out within a second and a half, and asked again', async () => {
  const { line, room } = stub();
  const lost = vi.fn();
  const end = watchStandstill(room, lost, () => {});
  await speak(line, 2000);
  line.alive = false;
  await vi.advanceTimersByTimeAsync(1500);
  expect(lost).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(3000);
  expect(lost.mock.calls.length).toBeGreaterThan(1);
  end();
  const times = lost.mock.calls.length;
  await vi.advanceTimersByTimeAsync(5000);
  expect(lost).toHaveBeenCalledTimes(times);
});

test('a transport that is still being opened is left in peace', async () => {
  const { line, room } = stub();
  const lost = vi.fn();
  const end = watchStandstill(room, lost, () => {});
  line.alive = false;
  await vi.advanceTimersByTimeAsync(5000);
  await speak(line, 2000);
  // after a reconnect it counts from the beginning
  line.bytes = 0;
  await vi.advanceTimersByTimeAsync(5000);
  expect(lost).not.toHaveBeenCalled();
  end();
});

test('it is told at every look whether something flows, also while the client resumes', async () => {
  const { line, room } = stub();
  let flowing = false;
  const end = watchStandstill(
    room,
    () => {},
    (something) => (flowing = something),
  );
  (room as { state: string }).state = 'signalReconnecting';
  await speak(line, 2000);
  expect(flowing).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(flowing).toBe(false);
  end();
});
