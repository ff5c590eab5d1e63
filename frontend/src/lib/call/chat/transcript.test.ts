import { expect, test } from 'vitest';
import { readKept, Transcript } from './transcript';

const NOW = 1_700_000_000_000;
const bo = { identity: 'bo', name: 'Bo', own: false };
const mallory = { identity: 'mallory', name: 'Mallory', own: false };
const said = (id: string, message = id) => ({ id, message, attachments: [] });
const ids = (transcript: Transcript) => transcript.messages.map((one) => one.id);

test('messages stand in the order in which they came, with the hour of this browser', () => {
  const transcript = new Transcript([]);
  transcript.add({ ...said('1'), timestamp: 8.7e15 } as never, bo, NOW);
  transcript.add({ ...said('2'), timestamp: -5 } as never, mallory, NOW + 1);
  expect(transcript.messages.map((one) => [one.id, one.timestamp])).toEqual([
    ['1', NOW],
    ['2', NOW + 1],
  ]);
});

test(
  'what somebody else wrote is still there after ten thousand messages of one',
  { timeout: 60_000 },
  () => {
    const transcript = new Transcript([]);
    for (let index = 0; index < 90; index += 1) transcript.add(said(`bo ${index}`), bo);
    for (let index = 0; index < 10_000; index += 1) transcript.add(said(`flood ${index}`), mallory);
    expect(transcript.messages).toHaveLength(300);
    expect(ids(transcript)).toContain('bo 0');
    expect(ids(transcript).at(-1)).toBe('flood 9999');
  },
);

test('a few very long messages do not push out the short ones of others', () => {
  const transcript = new Transcript([]);
  transcript.add(said('bo'), bo);
  for (let index = 0; index < 20; index += 1) transcript.add(said(`${index}`, 'x'.repeat(100_000)), mallory);
  expect(ids(transcript)).toContain('bo');
  expect(transcript.messages.reduce((sum, one) => sum + one.message.length, 0)).toBeLessThan(700_000);
});

test('an answer shows what was really said, and by whom; what is not known is said by nobody', () => {
  const transcript = new Transcript([]);
  transcript.add(said('1', 'Good morning'), bo);
  const put = { name: 'Bo', text: 'I resign' };
  transcript.add({ ...said('2'), replyTo: { id: '1', ...put } }, mallory);
  transcript.add({ ...said('3'), replyTo: { id: 'none', ...put } }, mallory);
  expect(transcript.messages.slice(1).map((one) => one.replyTo)).toEqual([
    { id: '1', name: 'Bo', text: 'Good morning' },
    { id: 'none', name: '', text: 'I resign' },
  ]);
});

test('one person leaves room for the signs of others', () => {
  const transcript = new Transcript([]);
  transcript.add(said('1'), bo);
  const signs = Array.from({ length: 50 }, (_, index) => String.fromCodePoint(0x1f600 + index));
  for (const sign of signs) transcript.mark('1', sign, 'mallory');
  expect(Object.keys(transcript.messages[0]?.reactions ?? {})).toHaveLength(6);
  expect(transcript.mark('1', '👍', 'cleo')).toBe(true);
  expect(transcript.mark('1', signs[0] ?? '', 'mallory')).toBe(true);
  expect(Object.keys(transcript.messages[0]?.reactions ?? {})).toHaveLength(6);
});

test('what an older page kept, a broken clock included, is shown', () => {
  const old = { id: '1', identity: 'bo', name: 'Bo', message: 'Hi', attachments: [], own: false };
  const kept = readKept(
    { messages: [{ ...old, timestamp: 8.7e15 }, { ...old, id: '2', timestamp: 'x' }, 5, null] },
    NOW,
  );
  expect(kept.messages.map((one) => [one.id, one.timestamp])).toEqual([
    ['1', NOW],
    ['2', NOW],
  ]);
  expect(kept.draft).toBe('');
});

test('what the server kept comes in its order, once, and what is taken back is gone', () => {
  const transcript = new Transcript([]);
  const from = { identity: 'anna', name: 'Anna', own: false };
  transcript.add({ id: '2', message: 'two', attachments: [] }, from, 2000);
  const kept = (id: string, message: string, timestamp: number) => ({
    id,
    message,
    attachments: [],
    timestamp,
    ...from,
  });
  const record = [kept('1', 'one', 1000), kept('2', 'two', 1500), kept('3', 'three', 1800)];
  expect(transcript.merge(record)).toBe(true);
  expect(transcript.messages.map((one) => one.message)).toEqual(['one', 'two', 'three']);
  expect(new Set(transcript.messages.map((one) => one.key)).size).toBe(3);
  expect(transcript.merge(record)).toBe(false);
  expect(transcript.remove('bo', '2')).toBe(false);
  expect(transcript.remove('anna', '2')).toBe(true);
  expect(transcript.messages.map((one) => one.message)).toEqual(['one', 'three']);
});
