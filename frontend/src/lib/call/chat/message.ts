/** What a message of the chat is, and how much of one there may be. */
import { flag, key, list, number, some, table, text, type Reader } from '../../data/read';
import { plainName } from '../people/names';

/** Our own field sends 10,000 at most; older clients may send more. */
export const LONGEST_MESSAGE = 100_000;
export const LONGEST_DRAFT = 100_000;
const MOST_ATTACHMENTS = 20;
/** Reactions of different kinds that one message shows, that one person may give it, and people of one kind. */
export const MOST_SIGNS = 20;
export const MOST_SIGNS_EACH = 6;
export const MOST_VOTERS = 500;
const QUOTED_CHARACTERS = 200;

export interface Attachment {
  kind: string;
  url: string;
  name?: string;
  mime?: string;
}

/** What a message answers to, as its writer saw it: whoever came later does not have the original. */
export interface Quote {
  id: string;
  name: string;
  text: string;
}

/** What somebody wrote. When, and who they are, is not theirs to say. */
export interface Body {
  id: string;
  message: string;
  attachments: Attachment[];
  /** An addition of ours; older clients show the answer alone. */
  replyTo?: Quote;
}

export interface Message extends Body {
  /** Counted in this page. */
  key: number;
  /** When it came, by this browser's clock (Unix milliseconds). */
  timestamp: number;
  /** The packet's own sender, never what its text claims. */
  identity: string;
  name: string;
  own: boolean;
  /** Who reacted how: emoji to identities. */
  reactions?: Record<string, string[]>;
}

/** The beginning of a message, on one line. */
export const excerpt = (message: string): string =>
  [
    ...message
      .slice(0, 10 * QUOTED_CHARACTERS)
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, QUOTED_CHARACTERS)
    .join('');

export const readId = key(200);
export const readIdentity = key(300);

export const readAttachments: Reader<Attachment[]> = list((given) => {
  const { kind, url, name, mime } =
    some({ kind: text(20), url: key(2000), name: text(300), mime: text(100) })(given) ?? {};
  if (url === undefined) return undefined;
  const shown = plainName(name, '');
  return { kind: kind ?? '', url, ...(shown && { name: shown }), ...(mime && { mime }) };
}, MOST_ATTACHMENTS);

export const readQuote: Reader<Quote> = (given) => {
  const {
    id,
    name,
    text: quoted,
  } = some({ id: readId, name: text(300), text: text(10 * QUOTED_CHARACTERS) })(given) ?? {};
  return id === undefined ? undefined : { id, name: plainName(name, ''), text: excerpt(quoted ?? '') };
};

const picture = String.raw`\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?`;
const nation = String.raw`\p{Regional_Indicator}{2}|\u{1F3F4}[\u{E0020}-\u{E007E}]+\u{E007F}`;
const sign = new RegExp(`^(?:${nation}|${picture}(?:\\u200D${picture})*)$`, 'u');

/** One sign, joined of many as some are, and no text beside it. */
export const readSign: Reader<string> = (given) =>
  typeof given === 'string' && given.length <= 40 && sign.test(given) ? given : undefined;

const readReactions = table(readSign, list(readIdentity, MOST_VOTERS), MOST_SIGNS);

const readKept = some({
  id: readId,
  message: text(LONGEST_MESSAGE),
  attachments: readAttachments,
  replyTo: readQuote,
  timestamp: number(0, Number.MAX_SAFE_INTEGER),
  identity: readIdentity,
  name: text(300),
  own: flag,
  reactions: readReactions,
});

/** A message that was kept, if it can still be shown. None is of the future. */
export function readMessage(given: unknown, key: number, now = Date.now()): Message | undefined {
  const {
    id,
    message = '',
    attachments = [],
    replyTo,
    timestamp,
    identity,
    name,
    own,
    reactions,
  } = readKept(given) ?? {};
  if (!id || !identity || !(message || attachments.length)) return undefined;
  const used = Object.entries(reactions ?? {})
    .map(([emoji, voters]) => [emoji, [...new Set(voters)]] as [string, string[]])
    .filter(([, voters]) => voters.length);
  return {
    key,
    id,
    message,
    attachments,
    identity,
    timestamp: Math.min(timestamp ?? now, now),
    name: plainName(name, identity),
    own: own ?? false,
    ...(replyTo && { replyTo }),
    ...(used.length && { reactions: Object.fromEntries(used) }),
  };
}
