import { expect, test } from 'vitest';
import { parseRoom, slugOf } from './slug';

const host = 'meet.example.org';

test.each([
  ['standup', { slug: 'standup' }],
  ['  Design Review ', { slug: 'design-review' }],
  ['https://meet.example.org/m/design-review', { slug: 'design-review' }],
  ['http://MEET.example.org/c/design-review?x=1#y', { slug: 'design-review' }],
  ['meet.example.org/m/standup', { slug: 'standup' }],
  ['/m/standup', { slug: 'standup' }],
  ['https://meet.example.org/m/standup.', { slug: 'standup' }],
  ['<https://meet.example.org/m/standup>', { slug: 'standup' }],
  ['(see https://meet.example.org/m/Standup), at ten', { slug: 'standup' }],
  ['Come to “meet.example.org/m/stand-up”!', { slug: 'stand-up' }],
  ['https://meet.example.org/m/stand-up%20', { slug: 'stand-up' }],
  ['Agenda: https://wiki.example/m/notes\nRoom: https://meet.example.org/m/standup?x=1', { slug: 'standup' }],
  ['Standup.', { slug: 'standup' }],
  ['https://meet.example.org/m/v1.2', { invalid: true }],
  ['https://meet.example.org/m/%E0%A4%A', { invalid: true }],
  ['https://elsewhere.example/m/standup', { otherHost: 'elsewhere.example' }],
  ['ab', { invalid: true }],
  ['two--hyphens', { invalid: true }],
  ['', { invalid: true }],
  ['a'.repeat(64), { invalid: true }],
])('%s', (typed, expected) => {
  expect(parseRoom(typed, host)).toEqual(expected);
});

test.each([
  ['Stand-Up', 'stand-up'],
  ['stand-up ', 'stand-up'],
  ['standup.', 'standup'],
  ['v1.2', 'v1.2'],
])('the link part %s', (given, slug) => {
  expect(slugOf(given)).toBe(slug);
});
