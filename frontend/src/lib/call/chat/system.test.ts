import { expect, test } from 'vitest';
import { parseNotice } from './system';

const kick = new TextEncoder().encode('{"type":"system","event":"kick","actor":"a","target":"b"}');

test('the server is believed', () => {
  expect(parseNotice(kick, false)).toEqual({ event: 'kick', actor: 'a', target: 'b' });
});

test('a participant is not', () => {
  expect(parseNotice(kick, true)).toBeUndefined();
});
