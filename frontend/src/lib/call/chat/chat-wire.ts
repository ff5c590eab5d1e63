/** Chat messages as data packets: the wire contract's `chat` topic, with long ones in chunks. Pure. */

/** The topics that clients use for chat; ours is the first. */
export const CHAT_TOPICS = ['chat', 'lk-chat-topic', 'lk.chat'];

const LIMIT_BYTES = 60_000;
/** Room for the envelope and for JSON's escapes, which can double a part. */
const PART_BYTES = 24_000;
const OPEN_ASSEMBLIES = 20;
const MOST_CHUNKS = 200;

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

export interface Body {
  id: string;
  timestamp: number;
  message: string;
  attachments: Attachment[];
  /** An addition of ours; older clients show the answer alone. */
  replyTo?: Quote;
}

const QUOTED_CHARACTERS = 200;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const pack = (value: unknown) => encoder.encode(JSON.stringify(value));

/** Cuts without breaking a character in two. */
function cut(value: string): string[] {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const character of value) {
    const bytes = encoder.encode(character).length;
    if (size + bytes > PART_BYTES) {
      parts.push(part);
      part = '';
      size = 0;
    }
    part += character;
    size += bytes;
  }
  parts.push(part);
  return parts;
}

/** The packets that carry one message, in the order to send them. */
export function encodeMessage(body: Body, sender: { identity: string; name: string }): Uint8Array[] {
  const head = {
    id: body.id,
    timestamp: body.timestamp,
    senderName: sender.name,
    senderIdentity: sender.identity,
    replyTo: body.replyTo,
  };
  const whole = pack({ type: 'chat', ...head, message: body.message, attachments: body.attachments });
  if (whole.length <= LIMIT_BYTES) return [whole];
  const message = cut(body.message);
  const attachments = body.attachments.length ? cut(JSON.stringify(body.attachments)) : [];
  const meta = pack({
    type: 'chat_chunk_meta',
    ...head,
    messageChunks: message.length,
    attachmentChunks: attachments.length,
    pollChunks: 0,
  });
  const chunk = (kind: string) => (part: string, index: number) =>
    pack({ type: 'chat_chunk', id: body.id, kind, index, part });
  return [meta, ...message.map(chunk('message')), ...attachments.map(chunk('attachment'))];
}

/** A reaction to a message; sent again, it takes itself back. */
export const encodeReaction = (messageId: string, emoji: string, voterIdentity: string): Uint8Array =>
  pack({ type: 'reaction', messageId, emoji, voterIdentity });

/** One sign, not a text: some emoji are joined of many. */
const isSign = (value: string) => value.length > 0 && value.length <= 32 && /^\p{Emoji}/u.test(value);

/** The voter is the packet's own sender, whatever the body says. */
export function parseReaction(payload: Uint8Array): { messageId: string; emoji: string } | undefined {
  const packet = parse(payload);
  if (packet?.type !== 'reaction') return undefined;
  const [messageId, emoji] = [word(packet.messageId), word(packet.emoji)];
  return messageId && isSign(emoji) && !/^[\d#*]/.test(emoji) ? { messageId, emoji } : undefined;
}

interface Assembly {
  id: string;
  timestamp: number;
  replyTo?: Quote;
  parts: Record<'message' | 'attachment', (string | undefined)[]>;
}

const word = (value: unknown) => (typeof value === 'string' ? value : '');
const count = (value: unknown) => Math.min(Math.max(0, Math.trunc(Number(value) || 0)), MOST_CHUNKS);

function moment(value: unknown): number {
  const asNumber = typeof value === 'number' ? value : Date.parse(word(value));
  return Number.isFinite(asNumber) ? asNumber : Date.now();
}

function parse(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(payload));
    return parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What somebody says that they answer to. */
function quoteOf(value: unknown): Quote | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { id, name, text } = value as Record<string, unknown>;
  if (!word(id)) return undefined;
  return { id: word(id), name: word(name).slice(0, 100), text: excerpt(word(text)) };
}

/** The beginning of a message, on one line. */
export const excerpt = (message: string): string =>
  [...message.replace(/\s+/g, ' ').trim()].slice(0, QUOTED_CHARACTERS).join('');

function attachmentsOf(value: unknown): Attachment[] {
  if (!Array.isArray(value)) return [];
  return (value as unknown[]).filter(
    (item): item is Attachment => typeof (item as Attachment | null)?.url === 'string',
  );
}

/** Puts packets together again, each sender's apart, so that nobody can finish somebody else's message. */
export class Assembler {
  #open = new Map<string, Assembly>();

  /** Gives the message that this packet completed, if it did. `sender` is the packet's own. */
  accept(payload: Uint8Array, sender: string): Body | undefined {
    const packet = parse(payload);
    if (!packet) return undefined;
    const id = word(packet.id) || crypto.randomUUID();
    if (packet.type === 'chat_chunk_meta') return this.#begin(`${sender}/${id}`, id, packet);
    if (packet.type === 'chat_chunk') return this.#add(`${sender}/${id}`, packet);
    // LiveKit's own chat has no type at all.
    if (packet.type !== 'chat' && packet.type !== undefined) return undefined;
    const attachments = attachmentsOf(packet.attachments);
    const message = word(packet.message);
    if (!message && attachments.length === 0) return undefined;
    const replyTo = quoteOf(packet.replyTo);
    return { id, timestamp: moment(packet.timestamp), message, attachments, ...(replyTo && { replyTo }) };
  }

  #begin(key: string, id: string, packet: Record<string, unknown>): undefined {
    // The oldest unfinished message gives way: a sender that never ends must not fill the memory.
    if (this.#open.size >= OPEN_ASSEMBLIES) this.#open.delete(this.#open.keys().next().value ?? '');
    this.#open.set(key, {
      id,
      timestamp: moment(packet.timestamp),
      replyTo: quoteOf(packet.replyTo),
      parts: {
        message: new Array<undefined>(count(packet.messageChunks)).fill(undefined),
        attachment: new Array<undefined>(count(packet.attachmentChunks)).fill(undefined),
      },
    });
  }

  #add(key: string, packet: Record<string, unknown>): Body | undefined {
    const assembly = this.#open.get(key);
    const kind = packet.kind === 'attachments' ? 'attachment' : word(packet.kind);
    if (!assembly || (kind !== 'message' && kind !== 'attachment')) return undefined;
    const index = Number(packet.index);
    if (Number.isInteger(index) && index >= 0 && index < assembly.parts[kind].length) {
      assembly.parts[kind][index] = word(packet.part);
    }
    const { message, attachment } = assembly.parts;
    if (message.includes(undefined) || attachment.includes(undefined)) return undefined;
    this.#open.delete(key);
    return {
      id: assembly.id,
      timestamp: assembly.timestamp,
      message: message.join(''),
      attachments: attachment.length ? parseAttachments(attachment.join('')) : [],
      ...(assembly.replyTo && { replyTo: assembly.replyTo }),
    };
  }
}

function parseAttachments(json: string): Attachment[] {
  try {
    return attachmentsOf(JSON.parse(json));
  } catch {
    return [];
  }
}
