import { expect, test } from 'vitest';
import { parseRoom } from './slug';

const host = 'meet.example.org';

test.each([
  ['standup', { slug: 'standup' }],
  ['  Design Review ', { slug: 'design-review' }],
  ['https://meet.example.org/m/design-review', { slug: 'design-review' }],
  ['http://MEET.example.org/c/design-review?x=1#y', { slug: 'design-review' }],
  ['meet.example.org/m/standup', { slug: 'standup' }],
  ['/m/standup', { slug: 'standup' }],
  ['https://elsewhere.example/m/standup', { otherHost: 'elsewhere.example' }],
  ['ab', { invalid: true }],
  ['two--hyphens', { invalid: true }],
  ['', { invalid: true }],
  ['a'.repeat(64), { invalid: true }],
])('%s', (typed, expected) => {
  expect(parseRoom(typed, host)).toEqual(expected);
});
