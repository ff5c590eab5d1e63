import { expect, test } from 'vitest';
import { standingOf } from './standing';

test('a moderator, a guest and what is held are read', () => {
  const told = standingOf('{"role":"moderator","accesses":["guest"],"held":["camera","x"]}');
  expect(told).toEqual({ moderates: true, isGuest: true, administers: false, held: ['camera'] });
});

test('what cannot be read says nothing', () => {
  const nothing = { moderates: false, isGuest: false, administers: false, held: [] };
  for (const text of [undefined, '', '{', 'null', '7', '{"held":7,"accesses":{}}']) {
    expect(standingOf(text)).toEqual(nothing);
  }
});
