import { expect, test } from 'vitest';
import { anything, chance } from '../data/fuzz';
import { read, type Node } from './markdown';

/** A short way to write a tree down. */
const draw = (nodes: Node[]): string =>
  nodes
    .map((node) => {
      if ('text' in node) return node.kind === 'text' ? node.text : `${node.kind}<${node.text}>`;
      const name = node.kind === 'link' ? `link ${node.href}${node.host && ` at ${node.host}`}` : node.kind;
      return `${name}(${draw(node.nodes)})`;
    })
    .join('');

/** What somebody sees of it. */
const seen = (nodes: Node[]): string =>
  nodes.map((node) => ('text' in node ? node.text : seen(node.nodes))).join('');

test.each([
  ['**b** and _e_ and ~~d~~', 'strong(b) and emphasis(e) and struck(d)'],
  ['*e*', 'emphasis(e)'],
  ['***both***', 'strong(emphasis(both))'],
  ['**bold and _both_**', 'strong(bold and emphasis(both))'],
  ['**two\nlines**', 'strong(two\nlines)'],
  ['(*so*), "**so**": *so*!', '(emphasis(so)), "strong(so)": emphasis(so)!'],
  ['**O’Brien’s**, *C++*, *50 %*', 'strong(O’Brien’s), emphasis(C++), emphasis(50 %)'],
  ['*snake_case_name*', 'emphasis(snake_case_name)'],
  ['_a_b_', 'emphasis(a_b)'],
  ['**🎉**', 'strong(🎉)'],
  ['这是**重点**内容', '这是strong(重点)内容'],
  ['سلام **دنیا**', 'سلام strong(دنیا)'],
  ['**ñandú**, **дом**', 'strong(ñandú), strong(дом)'],
  ['`a<b`', 'code<a<b>'],
  ['``a`b``, `` ` ``', 'code<a`b>, code<`>'],
  ['`*p` and `**`', 'code<*p> and code<**>'],
  ['**see `x*y`**', 'strong(see code<x*y>)'],
  ['see https://a.example/x, ok', 'see link https://a.example/x(https://a.example/x), ok'],
  ['https://a.example/x_y_z*w*', 'link https://a.example/x_y_z*w(https://a.example/x_y_z*w)*'],
  ['(https://a.example/b_(c))', '(link https://a.example/b_(c)(https://a.example/b_(c)))'],
  ['<https://a.example/>', '<link https://a.example/(https://a.example/)>'],
  ['www.a.example', 'link http://www.a.example/(www.a.example)'],
  ['[bank](https://evil.example/)', 'link https://evil.example/ at evil.example(bank)'],
  ['[https://bank.example](https://bank.ex)', 'link https://bank.ex/ at bank.ex(https://bank.example)'],
  ['mail a@b.example.', 'mail link mailto:a@b.example(a@b.example).'],
])('marks: %s', (source, expected) => {
  expect(draw(read(source))).toBe(`paragraph(${expected})`);
});

test.each([
  ['```\nx < 1\n```', 'block<x < 1>'],
  ['```js\n  *a*\n\n\\b\n```\nafter', 'block<  *a*\n\n\\b>paragraph(after)'],
  ['- a\n- b', 'list(item(a)item(b))'],
  ['* **a**\n* b', 'list(item(strong(a))item(b))'],
  ['- a\n  - c\n  - d\n- b', 'list(item(alist(item(c)item(d)))item(b))'],
  ['3. a\n4. b', 'ordered(item(a)item(b))'],
  ['> said\n> more\nanswer', 'quote(paragraph(said\nmore))paragraph(answer)'],
  ['before\n- a\n- b', 'paragraph(before)list(item(a)item(b))'],
])('blocks: %j', (source, expected) => {
  expect(draw(read(source))).toBe(expected);
});

test.each([
  // backslashes
  '\\\\server\\share', 'C:\\new\\*.txt', 'C:\\new\\*.txt and D:\\*.*', '\\*not*', 'a\\_b\\_c', 'C:\\dir\\\nD:\\dir\\', '\\[a\\]', '\\d+\\.\\d*',
  // stars and others between numbers, names and signs
  '2*3*4', '2 * 3 * 4', '2**3**4', 'a*b*c', 'a_b_c', 'MY_BIG_NAME', '__init__.py', '__init__', '5*', '*5', '(a*b)*(c*d)', '(a)*(b)*(c)', '~5 or ~6',
  '~/a and ~/b', 'a~~b~~c', '*.txt and *.md', 'rm *.o *.a', 'ls a/**/b **/*.js', 'f(*args, **kwargs)', 'char *p, *q;', '/*x*/', 'SELECT * FROM a',
  '* footnote', 'price* and more*', '**', '** **', '****', '*_*', '>_<', '^_^', '-_-', 'T_T', 'o_o', '*-*', '¯\\_(ツ)_/¯', 'xx*_*xx', '*', '_', '~~',
  '*not\n\nover an empty line*',
  // lists, headings, quotes and lines that are none
  '- 5 degrees', '+1', '+ 1\n+ 2', '- once', '1. once', '1) a\n2) b', '2024. was\n1. good', '1. a\n1. b', '3. a\n7. b', '01. a\n02. b', '# apt install', '#1', '## two',
  'Total\n-----', 'a\n===', '---', '***', '>:(', '>5', '->', '|a|b|', '    four spaces', 'a    b', '\ttab', 'a\n\n\nb', '1.5', '- - -',
  // code that is none
  '```', '```\nnever ended', 'it`s five o`clock', '``', '`', '` `', 'a ``` b',
  // no HTML, no pictures, no other schemes, no names for signs
  '<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '&lt;b&gt;', '&amp;', '[x](javascript:alert(1))', '[x](data:text/html,<script>)', '[x](y)',
  '[1]', '[ ] todo', '[a][b]', '[a]: b', ':)', 'http://', 'https://[', 'a@b', '@anna', 'x@y.', '(c)',
])('stays as it was typed: %j', (source) => {
  expect(draw(read(source))).toBe(`paragraph(${source})`);
}); // prettier-ignore

test('a picture from elsewhere is no picture', () => {
  expect(seen(read('![x](https://tracker.example/pixel.png)'))).toBe(
    '![x](https://tracker.example/pixel.png)',
  );
});

test('of what was typed nothing but marks is taken away, whatever it is', { timeout: 60_000 }, () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  const next = chance(seed);
  const parts = [
    '*',
    '**',
    '_',
    '~~',
    '`',
    '```',
    '\n',
    '> ',
    '- ',
    '1. ',
    '2. ',
    ' ',
    '\\',
    'a',
    'b',
    '重',
    '🎉',
    '[a](https://b.example)',
    'www.x.y',
    '(',
    ')',
    '.',
    '#',
  ];
  const bare = (text: string) => text.replace(/[*_~`>\s\d.()[\]-]|https:\/\/b\.example/g, '');
  for (let index = 0; index < 5000; index += 1) {
    const source = Array.from(
      { length: 1 + next() * 20 },
      () => parts[Math.floor(next() * parts.length)],
    ).join('');
    expect(bare(seen(read(source))), `seed ${seed}: ${JSON.stringify(source)}`).toBe(bare(source));
    read(String(JSON.stringify(anything(next, parts))));
  }
});

test('what is nested without end is drawn, and soon', { timeout: 60_000 }, () => {
  const begun = Date.now();
  for (const part of [
    '>',
    '> ',
    '[',
    '[a](',
    '**_',
    '*a ',
    '*a _b ',
    '- ',
    '- \n',
    '```\n',
    '`a',
    '` ',
    '(',
    'www.)',
    '1. a\n',
    '~~a',
    'a@',
    'a.a@b.',
    '\n ',
  ]) {
    const source = part.repeat(Math.floor(20_000 / part.length));
    expect(seen(read(source)).length, part).toBeGreaterThanOrEqual(0);
  }
  expect(Date.now() - begun).toBeLessThan(20_000);
});
