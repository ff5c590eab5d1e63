/**
 * What people write, as a tree to draw: emphasis, links, code, lists and quotes where they surely are meant. Nothing of
 * it ever becomes HTML, so there is nothing to sanitise. Libraries for Markdown read far more than that into a text, and
 * take away what they read: backslashes, stars between numbers, the `#` of a shell.
 */
import { readMarks, type Inline } from './marks';

export type Node =
  | Inline
  | { kind: 'block'; text: string }
  | { kind: 'ordered'; start: number; nodes: Node[] }
  | { kind: 'paragraph' | 'quote' | 'list' | 'item'; nodes: Node[] };

/** Longer ones stay plain: reading them would take too long. */
const LONGEST = 20_000;
const DEEPEST = 5;

const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*[\w+#.-]*[ \t]*$/;
const bullet = /^([-*]) +(?=\S)/;
const numbered = /^(\d{1,9})\. +(?=\S)/;
const quoted = /^>( |$)/;
const indented = /^( {2,}|\t)(?=\S)/;

export const read = (source: string): Node[] =>
  source.length > LONGEST
    ? [{ kind: 'paragraph', nodes: [{ kind: 'text', text: source }] }]
    : readBlocks(source.replace(/\r\n?/g, '\n').split('\n'), 0);

function readBlocks(lines: string[], depth: number): Node[] {
  const nodes: Node[] = [];
  let plain: string[] = [];
  const end = () => {
    const text = plain
      .slice(
        Math.max(
          0,
          plain.findIndex((line) => line.trim()),
        ),
      )
      .join('\n')
      .trimEnd();
    if (text) nodes.push({ kind: 'paragraph', nodes: readMarks(text) });
    plain = [];
  };
  for (let at = 0; at < lines.length;) {
    const block = depth < DEEPEST ? blockAt(lines, at, depth) : undefined;
    if (block) {
      end();
      nodes.push(block.node);
      at += block.lines;
    } else plain.push(lines[at++] ?? '');
  }
  end();
  return nodes;
}

type Block = { node: Node; lines: number } | undefined;

function blockAt(lines: string[], at: number, depth: number): Block {
  return codeAt(lines, at) ?? quoteAt(lines, at, depth) ?? listAt(lines, at, depth);
}

/** Only where it ends too. */
function codeAt(lines: string[], at: number): Block {
  const mark = fence.exec(lines[at] ?? '')?.[1];
  if (!mark) return undefined;
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const bare = (lines[end] ?? '').trim();
    if (bare.startsWith(mark) && bare === mark.charAt(0).repeat(bare.length)) break;
  }
  if (end === lines.length) return undefined;
  return { node: { kind: 'block', text: lines.slice(at + 1, end).join('\n') }, lines: end - at + 1 };
}

function quoteAt(lines: string[], at: number, depth: number): Block {
  let end = at;
  while (quoted.test(lines[end] ?? '')) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(quoted, ''));
  if (!inside.some((line) => line.trim())) return undefined;
  return { node: { kind: 'quote', nodes: readBlocks(inside, depth + 1) }, lines: end - at };
}

/** At least two points one below the other; numbers count up by one, since they are counted anew when drawn. */
function listAt(lines: string[], at: number, depth: number): Block {
  const [first = ''] = [lines[at]];
  const start = numbered.exec(first)?.[1];
  const mark = bullet.exec(first)?.[1];
  if (start === undefined && !mark) return undefined;
  if (start !== undefined && String(Number(start)) !== start) return undefined;
  const begins = (line: string, count: number) =>
    start === undefined
      ? bullet.exec(line)?.[1] === mark
      : numbered.exec(line)?.[1] === String(Number(start) + count);
  const items: string[][] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    if (begins(line, items.length)) items.push([line.replace(start === undefined ? bullet : numbered, '')]);
    else if (indented.test(line)) items.at(-1)?.push(line.replace(/^(\t| {1,4})/, ''));
    else break;
  }
  if (items.length < 2) return undefined;
  const nodes: Node[] = items.map((item) => ({ kind: 'item', nodes: itemOf(item, depth) }));
  return {
    node: start === undefined ? { kind: 'list', nodes } : { kind: 'ordered', start: Number(start), nodes },
    lines: end - at,
  };
}

/** A point of one line is no paragraph of its own. */
function itemOf(lines: string[], depth: number): Node[] {
  const [first = '', ...more] = lines;
  return [...readMarks(first), ...(more.length ? readBlocks(more, depth + 1) : [])];
}
