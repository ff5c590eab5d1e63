/** Chat messages as data packets: the wire contract's `chat` topic, with long ones in chunks. Pure. */
import { json, key, oneOf, some, text, whole } from '../../data/read';
import {
  LONGEST_MESSAGE,
  readAttachments,
  readId,
  readQuote,
  readSign,
  type Body,
  type Quote,
} from './message';

/** The topics that clients use for chat; ours is the first. */
export const CHAT_TOPICS = ['chat', 'lk-chat-topic', 'lk.chat'];

const LIMIT_BYTES = 60_000;
/** Room for the envelope and for JSON's escapes, which can double a part. */
const PART_BYTES = 24_000;
/** Unfinished messages of one person, and of all. */
const OPEN_EACH = 4;
const OPEN_IN_ALL = 40;
const MOST_CHUNKS = 200;
/** Characters of an unfinished message, its attachments included. */
const LONGEST_PARTS = 4 * LONGEST_MESSAGE;

const encoder = new TextEncoder();
const pack = (value: unknown) => encoder.encode(JSON.stringify(value));

/** Without breaking a character in two. */
function divide(value: string): string[] {
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
export function encodeMessage(
  body: Body & { timestamp: number },
  sender: { identity: string; name: string },
): Uint8Array[] {
  const head = {
    id: body.id,
    timestamp: body.timestamp,
    senderName: sender.name,
    senderIdentity: sender.identity,
    replyTo: body.replyTo,
  };
  const single = pack({ type: 'chat', ...head, message: body.message, attachments: body.attachments });
  if (single.length <= LIMIT_BYTES) return [single];
  const message = divide(body.message);
  const attachments = body.attachments.length ? divide(JSON.stringify(body.attachments)) : [];
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

const readReaction = some({ type: oneOf('reaction'), messageId: readId, emoji: readSign });

/** The voter is the packet's own sender, whatever the body says. */
export function parseReaction(payload: Uint8Array): { messageId: string; emoji: string } | undefined {
  const { type, messageId, emoji } = readReaction(json(payload)) ?? {};
  return type && messageId && emoji ? { messageId, emoji } : undefined;
}

type PartKind = 'message' | 'attachment';

interface Assembly {
  sender: string;
  id: string;
  replyTo?: Quote;
  parts: Record<PartKind, (string | undefined)[]>;
}

const chunks = whole(0, MOST_CHUNKS);

const readPacket = some({
  type: key(40),
  id: readId,
  message: text(LONGEST_MESSAGE),
  attachments: readAttachments,
  replyTo: readQuote,
  messageChunks: chunks,
  attachmentChunks: chunks,
  kind: oneOf('message', 'attachment', 'attachments'),
  index: chunks,
  part: text(LIMIT_BYTES),
});

type Packet = NonNullable<ReturnType<typeof readPacket>>;

/** Puts packets together again, each sender's apart, so that nobody can finish somebody else's message. */
export class Assembler {
  #open = new Map<string, Assembly>();

  /** Gives the message that this packet completed, if it did. `sender` is the packet's own. */
  accept(payload: Uint8Array, sender: string): Body | undefined {
    const given = json(payload);
    const packet = readPacket(given);
    if (!packet) return undefined;
    const id = packet.id ?? crypto.randomUUID();
    if (packet.type === 'chat_chunk_meta') return this.#begin(sender, id, packet);
    if (packet.type === 'chat_chunk') return this.#add(sender, id, packet);
    // LiveKit's own chat has no type at all.
    if (packet.type !== 'chat' && Object.hasOwn(given as object, 'type')) return undefined;
    return bodyOf(id, packet.message ?? '', packet.attachments ?? [], packet.replyTo);
  }

  #begin(sender: string, id: string, packet: Packet): undefined {
    const { messageChunks = 0, attachmentChunks = 0, replyTo } = packet;
    if (messageChunks + attachmentChunks === 0) return;
    const place = `${sender}/${id}`;
    this.#open.delete(place);
    // The oldest gives way, one's own first: a sender that never ends must not fill the memory.
    const own = [...this.#open].filter(([, one]) => one.sender === sender);
    if (own.length >= OPEN_EACH) this.#open.delete(own[0]?.[0] ?? '');
    else if (this.#open.size >= OPEN_IN_ALL) this.#open.delete(this.#open.keys().next().value ?? '');
    this.#open.set(place, {
      sender,
      id,
      replyTo,
      parts: {
        message: new Array<undefined>(messageChunks).fill(undefined),
        attachment: new Array<undefined>(attachmentChunks).fill(undefined),
      },
    });
  }

  #add(sender: string, id: string, { kind, index, part }: Packet): Body | undefined {
    const place = `${sender}/${id}`;
    const assembly = this.#open.get(place);
    if (!assembly || !kind || index === undefined || part === undefined) return undefined;
    const parts = assembly.parts[kind === 'message' ? 'message' : 'attachment'];
    if (index >= parts.length) return undefined;
    parts[index] = part;
    const { message, attachment } = assembly.parts;
    const size = [...message, ...attachment].reduce((sum, one) => sum + (one?.length ?? 0), 0);
    if (size > LONGEST_PARTS) this.#open.delete(place);
    else if (!message.includes(undefined) && !attachment.includes(undefined)) {
      this.#open.delete(place);
      const attachments = readAttachments(json(attachment.join(''))) ?? [];
      return bodyOf(id, text(LONGEST_MESSAGE)(message.join('')) ?? '', attachments, assembly.replyTo);
    }
    return undefined;
  }
}

function bodyOf(
  id: string,
  message: string,
  attachments: Body['attachments'],
  replyTo?: Quote,
): Body | undefined {
  if (!message && attachments.length === 0) return undefined;
  return { id, message, attachments, ...(replyTo && { replyTo }) };
}
