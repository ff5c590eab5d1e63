/**
 * What people write, as a tree to draw: a subset of Markdown, and links. Nothing of it ever becomes HTML, so there is
 * nothing to sanitise; what is not in the subset stays the text that it was. The library comes when first needed.
 */
import type { Marked, Token, Tokens } from 'marked';

export type Kind = 'paragraph' | 'strong' | 'emphasis' | 'struck' | 'quote' | 'list' | 'item';

export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'block'; text: string }
  | { kind: 'break' }
  /** `host` is set where the words of a link do not tell where it leads. */
  | { kind: 'link'; href: string; host: string; nodes: Node[] }
  | { kind: 'ordered'; start: number; nodes: Node[] }
  | { kind: Kind; nodes: Node[] };

/** Longer ones stay plain: reading them would take too long. */
const LONGEST = 20_000;
const DEEPEST = 12;
const signs = /[*_`~[\]>#]|^\s*(?:[-+]|\d+[.)])\s|:\/\/|www\.|\S@\S/m;

/** Whether the library could find anything in it. */
export const mayBeMarked = (source: string): boolean => source.length <= LONGEST && signs.test(source);

let loading: Promise<Marked> | undefined;

/** The reader, loaded once. HTML, tables and reference definitions are not read: they stay text. */
export function loadReader(): Promise<Marked> {
  const nothing = () => undefined;
  loading ??= import('marked').then(
    ({ Marked }) =>
      new Marked({
        gfm: true,
        breaks: true,
        tokenizer: { html: nothing, tag: nothing, table: nothing, def: nothing },
      }),
  );
  return loading;
}

export function read(reader: Marked, source: string): Node[] {
  try {
    return reader.lexer(source).flatMap((token) => nodeOf(token, 0));
  } catch {
    // Brackets nested ten thousand deep are nobody's message.
    return [{ kind: 'text', text: source }];
  }
}

const containers: Record<string, Kind> = {
  paragraph: 'paragraph',
  heading: 'paragraph',
  strong: 'strong',
  em: 'emphasis',
  del: 'struck',
  blockquote: 'quote',
  list_item: 'item',
};

function nodeOf(token: Token, depth: number): Node[] {
  const within = 'tokens' in token ? token.tokens : undefined;
  const inside = (tokens: Token[] | undefined) => (tokens ?? []).flatMap((each) => nodeOf(each, depth + 1));
  if (depth > DEEPEST) return [{ kind: 'text', text: token.raw }];
  switch (token.type) {
    case 'space':
      return [];
    case 'br':
      return [{ kind: 'break' }];
    case 'codespan':
      return [{ kind: 'code', text: (token as Tokens.Codespan).text }];
    case 'code':
      return [{ kind: 'block', text: (token as Tokens.Code).text }];
    case 'list': {
      const list = token as Tokens.List;
      const nodes = inside(list.items);
      return [list.ordered ? { kind: 'ordered', start: Number(list.start), nodes } : { kind: 'list', nodes }];
    }
    case 'link':
      return [linkOf(token as Tokens.Link, inside(within))];
    case 'text':
    case 'escape':
      if (within) return inside(within);
      return [{ kind: 'text', text: (token as Tokens.Text).text }];
    case 'heading':
      return [{ kind: 'paragraph', nodes: [{ kind: 'strong', nodes: inside(within) }] }];
    default: {
      const kind = containers[token.type];
      return kind ? [{ kind, nodes: inside(within) }] : [{ kind: 'text', text: token.raw }];
    }
  }
}

function linkOf(token: Tokens.Link, nodes: Node[]): Node {
  const url = URL.canParse(token.href) ? new URL(token.href) : undefined;
  if (!url || !['https:', 'http:', 'mailto:'].includes(url.protocol))
    return { kind: 'text', text: token.raw };
  const place = url.protocol === 'mailto:' ? url.pathname : url.host;
  return { kind: 'link', href: url.href, host: token.text.includes(place) ? '' : place, nodes };
}
