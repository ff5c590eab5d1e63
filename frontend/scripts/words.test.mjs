import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { account } from '../src/lib/text/en/account.ts';
import { admin } from '../src/lib/text/en/admin.ts';
import { meeting } from '../src/lib/text/en/meeting.ts';
import { page } from '../src/lib/text/en/page.ts';
import { problems } from '../src/lib/text/en/problems.ts';
import { sourcesOfPage } from './house.mjs';
import { placesOf, unusedOf } from './words.mjs';

test('the page says every word of its catalogue', () => {
  const sources = [...sourcesOfPage()].filter(([file]) => !/^src\/lib\/text\/\w\w\//.test(file));
  const places = placesOf({ ...page, ...account, ...meeting, admin });
  expect(places.length).toBeGreaterThan(400);
  expect(
    unusedOf(
      places,
      sources.map(([, source]) => source),
    ),
  ).toEqual([]);
});

test('every sentence for a failure is for a code of the server', () => {
  const daemon = '../daemon/src';
  const code = readdirSync(daemon, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.rs'))
    .map((file) => readFileSync(`${daemon}/${file}`, 'utf8'))
    .join('\n');
  expect(Object.keys(problems).filter((name) => !code.includes(`"${name}"`))).toEqual([]);
});

const places = ['chat.send', 'chat.off', 'chat.more.one', 'stage.grid'];

test.each([
  ['by its place', 'text.chat.send', ['chat.off', 'chat.more.one', 'stage.grid']],
  ['over a line', 'text\n  .chat\n  .send(1)', ['chat.off', 'chat.more.one', 'stage.grid']],
  [
    'by a name for its part',
    'const words = text.chat;\nreturn words.off;',
    ['chat.send', 'chat.more.one', 'stage.grid'],
  ],
  [
    'by a computed name',
    "const words = text.chat;\nconst kind = 'one';\nreturn words.more[kind];",
    ['chat.send', 'chat.off', 'stage.grid'],
  ],
  ['where its part is handed on', 'const words = text.chat;\nshow(words);', ['stage.grid']],
  ['taken apart', 'const { send, off: closed } = text.chat;', ['chat.more.one', 'stage.grid']],
  ['in a remark only', '// text.chat.send\n/* text.stage.grid */', places],
  ['of something else', 'other.chat.send; mytext.chat.off; this.text.stage.grid', places],
])('a word is said %s', (_how, source, unused) => {
  expect(unusedOf(places, [source])).toEqual(unused);
});
