/**
 * Marks inside a line of what people write: code, links, and emphasis. A mark is one only where it surely is: it leans
 * on a word from outside. Everything else stays as it was typed, every backslash and every star of it. Pure.
 */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  /** `host` is set where the words of a link are not the link itself: they may tell of another place. */
  | { kind: 'link'; href: string; host: string; nodes: Inline[] }
  | { kind: 'strong' | 'emphasis' | 'struck'; nodes: Inline[] };

interface Mark {
  mark: '*' | '_' | '~';
  text: string;
  opens: boolean;
  closes: boolean;
}
type Piece = Inline | Mark;

/** These scripts write without spaces: there a mark may stand between two letters. */
const dense =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}　-〿＀-￯]/u;
const sign = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}️`;
/** What may stand before an opening mark, and behind it. */
const beforeOpening = new RegExp(String.raw`[\s([{"'«»“”„‘’‚¿¡—–|*_~${sign}]`, 'u');
const behindOpening = new RegExp(String.raw`[\p{L}\p{N}\p{Sc}([{"'«“„‘‚¿¡*_~@#+\u0060${sign}]`, 'u');
/** What may stand before a closing mark, and behind it. */
const beforeClosing = new RegExp(
  String.raw`[\p{L}\p{M}\p{N}\p{Sc})\]}"'»“”’.!?…:;,%*_~+#\u0060${sign}]`,
  'u',
);
const behindClosing = new RegExp(String.raw`[\s)\]}"'»«“”’.,;:!?…—–|*_~${sign}-]`, 'u');
const content = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

const link = /\[([^[\]\n]{1,300})\]\(((?:https?:\/\/|mailto:)(?:[^\s()<>]|\([^\s()<>]*\))+)\)/y;
const address = /(?:https?:\/\/|www\.)[^\s<>"]+/iy;
const mail = /[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/iy;

const matchAt = (pattern: RegExp, source: string, at: number) => {
  pattern.lastIndex = at;
  return pattern.exec(source);
};

/** The character before or behind a place, whole; nothing at the ends. */
const before = (source: string, at: number) => [...source.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
const behind = (source: string, at: number) => [...source.slice(at, at + 2)][0] ?? '';
const isWord = (character: string) => /[\p{L}\p{N}_]/u.test(character);

export function readMarks(source: string): Inline[] {
  return tree(pieces(source), []);
}

function pieces(source: string): Piece[] {
  const found: Piece[] = [];
  let plain = '';
  const put = (piece: Piece, length: number) => {
    if (plain) found.push({ kind: 'text', text: plain });
    plain = '';
    found.push(piece);
    at += length;
  };
  let at = 0;
  const fences = codeFences(source);
  while (at < source.length) {
    const character = source[at] ?? '';
    const fence = character === '`' ? fences.get(at) : undefined;
    if (fence) {
      put({ kind: 'code', text: fence.text }, fence.length);
      continue;
    }
    if (character === '[' && source[at - 1] !== '!') {
      const [whole, words = '', href = ''] = matchAt(link, source, at) ?? [];
      const to = whole && linkTo(href, [{ kind: 'text', text: words }], words !== href);
      if (to) {
        put(to, whole.length);
        continue;
      }
    }
    if (!isWord(before(source, at)) && /[\w+]/.test(character)) {
      const written = addressAt(source, at);
      const to = written && linkTo(written.href, [{ kind: 'text', text: written.text }], false);
      if (to) {
        put(to, written.text.length);
        continue;
      }
    }
    if (character === '*' || character === '_' || character === '~') {
      const text = /^(.)\1*/.exec(source.slice(at, at + 100))?.[0] ?? character;
      put({ mark: character, text, ...leaning(source, at, text) }, text.length);
      continue;
    }
    plain += character;
    at += 1;
  }
  if (plain) found.push({ kind: 'text', text: plain });
  return found;
}

/** Which way a mark leans. */
function leaning(source: string, at: number, text: string): { opens: boolean; closes: boolean } {
  const most = text.startsWith('*') ? 3 : text.startsWith('_') ? 1 : 2;
  const least = text.startsWith('~') ? 2 : 1;
  if (text.length > most || text.length < least) return { opens: false, closes: false };
  const [left, right] = [before(source, at), behind(source, at + text.length)];
  return {
    opens: (left === '' || beforeOpening.test(left) || dense.test(left)) && behindOpening.test(right),
    closes:
      (beforeClosing.test(left) || dense.test(left)) &&
      (right === '' || behindClosing.test(right) || dense.test(right)),
  };
}

const kinds = { '*': 'emphasis', '**': 'strong', '***': 'strong', _: 'emphasis', '~~': 'struck' } as const;

/** Puts what stands between two marks below them. `within` are the marks that are open already. */
function tree(all: Piece[], within: readonly string[]): Inline[] {
  const nodes: Inline[] = [];
  const put = (node: Inline) => {
    const last = nodes.at(-1);
    if (node.kind === 'text' && last?.kind === 'text') last.text += node.text;
    else nodes.push(node.kind === 'text' ? { ...node } : node);
  };
  const ends = closings(all);
  for (let at = 0; at < all.length; at += 1) {
    const piece = all[at] as Piece;
    if (!('mark' in piece)) {
      put(piece);
      continue;
    }
    const end = within.includes(piece.text) ? -1 : (ends[at] ?? -1);
    if (end < 0) {
      put({ kind: 'text', text: piece.text });
      continue;
    }
    const inside = tree(all.slice(at + 1, end), [...within, piece.text]);
    const kind = kinds[piece.text as keyof typeof kinds];
    put({ kind, nodes: piece.text === '***' ? [{ kind: 'emphasis', nodes: inside }] : inside });
    at = end;
  }
  return nodes;
}

/** Where each mark ends that begins a stretch of words, before the next empty line; or -1. In one pass: many may begin. */
function closings(all: Piece[]): number[] {
  const ends: number[] = [];
  const nearest = new Map<string, number>();
  const words: number[] = [];
  let count = 0;
  for (const piece of all) {
    if (!('mark' in piece) && (piece.kind !== 'text' || content.test(piece.text))) count += 1;
    words.push(count);
  }
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const piece = all[at] as Piece;
    if ('mark' in piece) {
      const end = piece.opens ? (nearest.get(piece.text) ?? -1) : -1;
      ends[at] = end >= 0 && words[end] !== words[at] ? end : -1;
      if (piece.closes) nearest.set(piece.text, at);
    } else if (piece.kind === 'text' && /\n\s*\n/.test(piece.text)) nearest.clear();
  }
  return ends;
}

/** What stands between as many backticks as before it, by where it begins. */
function codeFences(source: string): Map<number, { text: string; length: number }> {
  const runs = [...source.matchAll(/`+/g)];
  const found = new Map<number, { text: string; length: number }>();
  const failed = new Set<number>();
  let from = 0;
  runs.forEach((run, index) => {
    const { length } = run[0];
    if (run.index < from || failed.has(length) || isWord(before(source, run.index))) return;
    const end = runs.slice(index + 1).find((one) => one[0].length === length);
    if (!end) return void failed.add(length);
    const text = source.slice(run.index + length, end.index);
    if (!text.trim() || /\n\s*\n/.test(text) || isWord(behind(source, end.index + length))) return;
    from = end.index + length;
    // A blank on either side keeps backticks apart.
    found.set(run.index, { text: /^ .* $/s.test(text) ? text.slice(1, -1) : text, length: from - run.index });
  });
  return found;
}

/** A link or an address as it was written, without the end of the sentence. */
function addressAt(source: string, at: number): { text: string; href: string } | undefined {
  const web = matchAt(address, source, at)?.[0];
  if (web) {
    let text = web;
    for (;;) {
      const last = text.at(-1) ?? '';
      const open = last === ')' && text.split('(').length >= text.split(')').length;
      if (open || !/[.,;:!?'"*_~)\]}»”’…|]/.test(last)) break;
      text = text.slice(0, -1);
    }
    return { text, href: /^www\./i.test(text) ? `http://${text}` : text };
  }
  const text = matchAt(mail, source, at)?.[0].replace(/[.-]+$/, '');
  return text && text.includes('.', text.indexOf('@')) ? { text, href: `mailto:${text}` } : undefined;
}

function linkTo(href: string, nodes: Inline[], named: boolean): Inline | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined;
  if (!url || !['https:', 'http:', 'mailto:'].includes(url.protocol)) return undefined;
  if (url.protocol !== 'mailto:' && !url.host) return undefined;
  const place = url.protocol === 'mailto:' ? url.pathname : url.host;
  return { kind: 'link', href: url.href, host: named ? place : '', nodes };
}
