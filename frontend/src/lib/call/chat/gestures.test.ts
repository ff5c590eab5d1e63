import { EventEmitter } from 'node:events';
import { RoomEvent, type Room } from 'livekit-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Crowd } from '../people/crowd.svelte';
import type { CallEvent } from '../events';
import { encodeGesture, type Gesture } from './gesture-wire';
import { Gestures } from './gestures.svelte';

const NOON = 1_700_000_000_000;

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

function meeting(...names: string[]) {
  const people = names.map((identity) => ({
    identity,
    name: identity,
    handAt: 0,
    seenSince: Date.now(),
    isLocal: false,
  }));
  const find = (identity: string) => people.find((person) => person.identity === identity);
  const raise = (identity: string, at: number) => Object.assign(find(identity) ?? {}, { handAt: at });
  const told: CallEvent[] = [];
  const room = new EventEmitter();
  const gestures = new Gestures({ people, find, raise, me: undefined } as unknown as Crowd, (event) =>
    told.push(event),
  );
  gestures.follow(room as unknown as Room);
  const say = (identity: string, gesture: Gesture) =>
    room.emit(RoomEvent.DataReceived, encodeGesture(gesture), { identity }, 0, 'gesture', 0, identity);
  const line = () =>
    people
      .filter((person) => person.handAt > 0)
      .sort((a, b) => a.handAt - b.handAt)
      .map((person) => person.identity);
  return { say, line, told, gestures };
}

test('nobody is first in line by saying that their hand was up long before', () => {
  const { say, line } = meeting('bo', 'mallory');
  vi.advanceTimersByTime(60_000);
  say('bo', { type: 'hand', raised: true, agoMs: 0 });
  vi.advanceTimersByTime(1000);
  say('mallory', { type: 'hand', raised: true, agoMs: 3_600_000 });
  expect(line()).toEqual(['bo', 'mallory']);
});

test('who comes later sees the line as it is', () => {
  const { say, line } = meeting('bo', 'cleo');
  vi.advanceTimersByTime(500);
  say('cleo', { type: 'hand', raised: true, agoMs: 5000 });
  say('bo', { type: 'hand', raised: true, agoMs: 9000 });
  expect(line()).toEqual(['bo', 'cleo']);
});

test('a hand that goes up and down ten thousand times is told of a few times, and ends where it is', () => {
  const { say, line, told } = meeting('bo');
  for (let turn = 0; turn < 10_000; turn += 1) say('bo', { type: 'hand', raised: turn % 2 === 0, agoMs: 0 });
  say('bo', { type: 'hand', raised: true, agoMs: 0 });
  expect(line()).toEqual(['bo']);
  expect(told.length).toBeLessThanOrEqual(2);
});

test('ten thousand reactions of one are few at a time, and gone soon', () => {
  const { say, gestures } = meeting('bo');
  for (let turn = 0; turn < 10_000; turn += 1) {
    say('bo', { type: 'reaction', emoji: '👏' });
    if (turn % 100 === 0) vi.advanceTimersByTime(100);
    expect(gestures.shown.length).toBeLessThan(20);
  }
  vi.advanceTimersByTime(10_000);
  expect(gestures.shown).toEqual([]);
});
