import { beforeEach, expect, test, vi } from 'vitest';
import { anything, chance } from '../data/fuzz';
import { appearance } from './appearance';
import { insideOf } from './inside';
import { forgetRoom, recentRooms, rememberRoom } from './recent';
import { keepWishes, wishes } from './wishes';

const CASES = 5000;
const PATIENCE = { timeout: 60_000 };
const seed = Number(process.env.SEED ?? Date.now() % 1e9);
const names = [
  'slug', 'standup', 'at', 'name', 'microphone', 'camera', 'blur', 'microphoneId', 'cameraId', 'speakerId', 'light', 'dark',
]; // prettier-ignore

const shelf = new Map<string, string>();
const storage = {
  getItem: (key: string) => shelf.get(key) ?? null,
  setItem: (key: string, value: string) => void shelf.set(key, value),
  removeItem: (key: string) => void shelf.delete(key),
};

beforeEach(() => {
  shelf.clear();
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('sessionStorage', storage);
});

test(`whatever lies in the browser, the page gets what it can use (seed ${seed})`, PATIENCE, () => {
  const next = chance(seed);
  for (let index = 0; index < CASES; index += 1) {
    const given = next() < 0.1 ? '{"broken' : JSON.stringify(anything(next, names));
    for (const key of ['appearance', 'inside', 'recent', 'wishes']) shelf.set(`bedrud.${key}`, given);
    expect(['system', 'light', 'dark']).toContain(appearance());
    const inside = insideOf('standup');
    if (inside) expect([typeof inside.microphone, typeof inside.camera]).toEqual(['boolean', 'boolean']);
    const rooms = recentRooms();
    expect(new Set(rooms.map((room) => room.slug)).size).toBe(rooms.length);
    for (const room of rooms) expect(['string', 'undefined']).toContain(typeof room.title);
    for (const room of rooms) expect(new Date(Math.min(room.at, 8.64e15)).getTime()).not.toBeNaN();
    const { microphone, camera, blur, ...texts } = wishes();
    for (const one of [microphone, camera, blur]) expect(typeof one).toBe('boolean');
    for (const one of Object.values(texts)) expect(typeof one).toBe('string');
  }
});

test('what is kept comes back', () => {
  keepWishes({ name: 'Anna', camera: false });
  expect(wishes()).toMatchObject({ name: 'Anna', camera: false, microphone: true });
  rememberRoom('standup', 'Große Runde');
  rememberRoom('garden', 'garden');
  expect(recentRooms().map((room) => room.slug)).toEqual(['garden', 'standup']);
  expect(recentRooms()[1]?.title).toBe('Große Runde');
  expect(forgetRoom('garden').map((room) => room.slug)).toEqual(['standup']);
});
