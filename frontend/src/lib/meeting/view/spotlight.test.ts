import { expect, test } from 'vitest';
import { Spotlight } from './spotlight';

const all = ['bo', 'cem', 'dil'];
const who = (...names: string[]) => new Set(names);

test('the first to come stands there before anybody has spoken', () => {
  const light = new Spotlight();
  light.look(all, who(), 0);
  expect(light.on).toBe('bo');
});

test('a cough does not take the stage, a sentence does, within a second', () => {
  const light = new Spotlight();
  light.look(all, who(), 0);
  expect(light.look(all, who('cem'), 100)).toBe(800);
  light.look(all, who(), 300);
  light.look(all, who('cem'), 900);
  expect(light.on).toBe('bo');
  light.look(all, who('cem'), 1600);
  expect(light.on).toBe('cem');
});

test('whoever speaks is not interrupted, and stays in silence', () => {
  const light = new Spotlight();
  light.look(all, who('cem'), 0);
  light.look(all, who('cem'), 700);
  light.look(all, who('cem', 'dil'), 800);
  light.look(all, who('cem', 'dil'), 9000);
  expect(light.on).toBe('cem');
  light.look(all, who(), 20_000);
  expect(light.on).toBe('cem');
});

test('when they leave, somebody else stands there', () => {
  const light = new Spotlight();
  light.look(all, who(), 0);
  light.look(['dil'], who(), 100);
  expect(light.on).toBe('dil');
  light.look([], who(), 200);
  expect(light.on).toBeUndefined();
});
