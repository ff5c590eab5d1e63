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

export interface Body {
  id: string;
  timestamp: number;
  message: string;
  attachments: Attachment[];
}

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

interface Assembly {
  id: string;
  timestamp: number;
  parts: Record<'message' | 'attachment', (string | undefined)[]>;
}

const word = (value: unknown) => (typeof value === 'string' ? value : '');
const count = (value: unknown) => Math.min(Math.max(0, Math.trunc(Number(value) || 0)), MOST_CHUNKS);

function moment(value: unknown): number {
  const asNumber = typeof value === 'number' ? value : Date.parse(word(value));
  return Number.isFinite(asNumber) ? asNumber : Date.now();
}

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
    let packet: Record<string, unknown>;
    try {
      const parsed: unknown = JSON.parse(decoder.decode(payload));
      if (parsed === null || typeof parsed !== 'object') return undefined;
      packet = parsed as Record<string, unknown>;
    } catch {
      return undefined;
    }
    const id = word(packet.id) || crypto.randomUUID();
    if (packet.type === 'chat_chunk_meta') return this.#begin(`${sender}/${id}`, id, packet);
    if (packet.type === 'chat_chunk') return this.#add(`${sender}/${id}`, packet);
    // LiveKit's own chat has no type at all.
    if (packet.type !== 'chat' && packet.type !== undefined) return undefined;
    const attachments = attachmentsOf(packet.attachments);
    const message = word(packet.message);
    if (!message && attachments.length === 0) return undefined;
    return { id, timestamp: moment(packet.timestamp), message, attachments };
  }

  #begin(key: string, id: string, packet: Record<string, unknown>): undefined {
    // The oldest unfinished message gives way: a sender that never ends must not fill the memory.
    if (this.#open.size >= OPEN_ASSEMBLIES) this.#open.delete(this.#open.keys().next().value ?? '');
    this.#open.set(key, {
      id,
      timestamp: moment(packet.timestamp),
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
