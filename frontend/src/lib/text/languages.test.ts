import { expect, test } from 'vitest';
import { grammar } from './grammar';
import { languages, localeOf, pickLanguage } from './languages';

const codes = Object.keys(languages);

test.each([
  [undefined, ['de-AT', 'en'], 'de'],
  [undefined, ['tlh', 'de'], 'de'],
  [undefined, ['tlh'], 'en'],
  ['en', ['de'], 'en'],
  ['tlh', ['de'], 'de'],
  ['constructor', [], 'en'],
])('chosen %s, browser %s: %s', (chosen, wanted, expected) => {
  expect(pickLanguage(chosen, wanted)).toBe(expected);
});

test('dates follow the reader’s own region where it speaks the language', () => {
  expect(localeOf('de', ['en-GB', 'de-AT'])).toBe('de-AT');
  expect(localeOf('de', ['en-GB'])).toBe('de');
});

test('numbers choose among the forms of their language', () => {
  const { plural } = grammar<'one' | 'few' | 'many'>('ru');
  const people = (count: number) =>
    plural(count, { one: '# человек', few: '# человека', many: '# человек', other: '# человека' });
  expect([1, 2, 5, 21, 1000].map(people)).toEqual([
    '1 человек',
    '2 человека',
    '5 человек',
    '21 человек',
    '1\u00a0000 человек',
  ]);
});

/** WCAG 2.5.3: who speaks the words on a button finds it by them. */
test.each(codes)('the name of a button has the words on it: %s', async (code) => {
  const { page } = await import(`./${code}/page.ts`);
  const { account } = await import(`./${code}/account.ts`);
  expect(account.rooms.copyOf('garden')).toContain(page.common.copy);
});
