import { expect, test } from 'vitest';
import { accountInvitation, destination, signInFrom } from './back';

const at = (path: string) => new URL(path, 'https://meet.example');

test.each([
  ['/m/garden#invitation=abc-_1', '/m/garden#invitation=abc-_1'],
  ['/m/garden', '/m/garden'],
  ['/admin/users?q=anna&page=2', '/admin/users?q=anna&page=2'],
])('who signs in from %s comes back to %s', (from, back) => {
  const way = signInFrom(at(from));
  expect(destination(at(way))).toBe(back);
  expect(way.split('#')[0]).not.toContain('invitation');
  // by way of making an account
  const { search, hash } = at(way);
  expect(destination(at(`/signup${search}${hash}`))).toBe(back);
});

test.each(['', '?to=', '?to=//evil.example', '?to=/%5Cevil.example', '?to=https://evil.example'])(
  'signing in at %s leads to one’s own rooms',
  (search) => {
    expect(destination(at(`/signin${search}#invitation=abc`))).toBe('/dashboard');
  },
);

test('an invitation to a room is none to make an account', () => {
  expect(accountInvitation('#invitation=abc')).toBeUndefined();
  expect(accountInvitation('#abc')).toBe('abc');
  expect(accountInvitation('')).toBeUndefined();
});
