import { expect, test } from 'vitest';
import { loadReader, mayBeMarked, read, type Node } from './markdown';

const reader = await loadReader();

/** A short way to write a tree down. */
const draw = (nodes: Node[]): string =>
  nodes
    .map((node) => {
      if (node.kind === 'break') return '/';
      if ('text' in node) return node.kind === 'text' ? node.text : `${node.kind}<${node.text}>`;
      const name = node.kind === 'link' ? `link ${node.href}${node.host && ` at ${node.host}`}` : node.kind;
      return `${name}(${draw(node.nodes)})`;
    })
    .join('');

test.each([
  ['**b** and _e_ and ~~d~~', 'paragraph(strong(b) and emphasis(e) and struck(d))'],
  ['one\ntwo', 'paragraph(one/two)'],
  ['`a<b`', 'paragraph(code<a<b>)'],
  ['```\nx < 1\n```', 'block<x < 1>'],
  ['- a\n- b', 'list(item(a)item(b))'],
  ['> said', 'quote(paragraph(said))'],
  ['# loud', 'paragraph(strong(loud))'],
  ['see https://a.example/x, ok', 'paragraph(see link https://a.example/x(https://a.example/x), ok)'],
  ['[bank](https://evil.example/)', 'paragraph(link https://evil.example/ at evil.example(bank))'],
  ['mail a@b.example', 'paragraph(mail link mailto:a@b.example(a@b.example))'],
])('%s', (source, expected) => {
  expect(mayBeMarked(source) || expected === `paragraph(${source.replace('\n', '/')})`).toBe(true);
  expect(draw(read(reader, source))).toBe(expected);
});

test.each([
  ['<img src=x onerror=alert(1)>'],
  ['<script>alert(1)</script>'],
  ['[x](javascript:alert(1))'],
  ['[x](data:text/html,<script>)'],
  ['![x](https://tracker.example/pixel.png)'],
  ['|a|b|'],
  ['&lt;b&gt;'],
])('%s stays text', (source) => {
  expect(draw(read(reader, source))).toBe(`paragraph(${source})`);
});

test('what is nested without end is drawn, and soon', { timeout: 60_000 }, () => {
  const begun = Date.now();
  for (const source of ['>'.repeat(10_000), '['.repeat(10_000), '**_'.repeat(3000), '- '.repeat(5000)])
    expect(draw(read(reader, source)).length).toBeGreaterThan(0);
  expect(Date.now() - begun).toBeLessThan(30_000);
});

test('plain words need no library', () => {
  expect(mayBeMarked('Hello, who is there? I am.')).toBe(false);
  expect(mayBeMarked('👍🎉')).toBe(false);
});
