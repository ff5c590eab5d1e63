/** The meeting's chat: what was said since one came in, and since the last reload of this tab. */
import type { Room } from 'livekit-client';
import {
  Assembler,
  CHAT_TOPICS,
  encodeMessage,
  encodeReaction,
  excerpt,
  parseReaction,
  type Body,
} from './chat-wire';
import type { Tell } from '../events';
import { plainName } from '../people/names';
import { onPacket } from './packets';

const KEPT = 300;
/** How long a message waits for a connection, and how often it looks: a rejoin exchanges the room itself. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** Reactions of different kinds that one message shows. */
const MOST_SIGNS = 20;

export interface Message extends Body {
  /** The packet's own sender, never what its text claims. */
  identity: string;
  name: string;
  own: boolean;
  /** Who reacted how: emoji to identities. */
  reactions?: Record<string, string[]>;
}

/** Where a tab keeps its messages, and what is half written, over a reload. */
export interface Shelf {
  load(): { messages: Message[]; draft: string };
  save(kept: { messages: Message[]; draft: string }): void;
}

export class Chat {
  messages = $state.raw<Message[]>([]);
  unread = $state(0);
  /** While the panel is open nothing counts as unread. */
  open = $state(false);
  /** The first message that came since the panel was last closed, while it is open. */
  marker = $state('');
  replyTo = $state.raw<Message | undefined>();

  #draft = $state('');
  #firstUnread = '';
  #room: Room | undefined;
  #assembler = new Assembler();
  #shelf: Shelf;
  #tell: Tell;

  constructor(shelf: Shelf, tell: Tell) {
    this.#shelf = shelf;
    this.#tell = tell;
    const { messages, draft } = shelf.load();
    this.messages = messages;
    this.#draft = draft;
  }

  /** What is half written. */
  get draft(): string {
    return this.#draft;
  }
  set draft(value: string) {
    this.#draft = value;
    this.#save();
  }

  show(open: boolean): void {
    this.open = open;
    this.marker = open ? this.#firstUnread : '';
    this.#firstUnread = '';
    if (open) this.unread = 0;
  }

  follow(room: Room): void {
    this.#room = room;
    onPacket(room, (payload, sender, topic) => {
      if (!CHAT_TOPICS.includes(topic)) return;
      const reaction = parseReaction(payload);
      if (reaction) return this.#mark(reaction.messageId, reaction.emoji, sender.identity);
      const body = this.#assembler.accept(payload, sender.identity);
      if (body) this.#add(body, sender.identity, plainName(sender.name, sender.identity), false);
    });
    room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
      void reader.readAll().then((message) => {
        const body = { id: reader.info.id, timestamp: reader.info.timestamp, message, attachments: [] };
        this.#add(body, identity, plainName(room.remoteParticipants.get(identity)?.name, identity), false);
      });
    });
  }

  /** True once there is a connection to send over: who writes while a call begins or comes back means it to arrive. */
  async ready(): Promise<boolean> {
    const end = Date.now() + PATIENCE_MS;
    while (this.#room?.state !== 'connected') {
      if (!this.#room || Date.now() > end) return false;
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    return true;
  }

  /** Sends to everyone inside. False when there is no connection to send it over. */
  async send(message: string): Promise<boolean> {
    const me = this.#room?.localParticipant;
    if (!me) return false;
    const body: Body = { id: crypto.randomUUID(), timestamp: Date.now(), message, attachments: [] };
    const answered = this.replyTo;
    if (answered) body.replyTo = { id: answered.id, name: answered.name, text: excerpt(answered.message) };
    const sent = await this.#publish(encodeMessage(body, { identity: me.identity, name: me.name ?? '' }));
    if (!sent) return false;
    this.replyTo = undefined;
    this.#add(body, me.identity, me.name ?? '', true);
    return true;
  }

  /** Reacts to a message, or takes that back. */
  async react(messageId: string, emoji: string): Promise<boolean> {
    const me = this.#room?.localParticipant;
    if (!me || !(await this.#publish([encodeReaction(messageId, emoji, me.identity)]))) return false;
    this.#mark(messageId, emoji, me.identity);
    return true;
  }

  /** The meeting is over: nothing of it stays in this browser. */
  forget(): void {
    this.#room = undefined;
    this.messages = [];
    this.#draft = '';
    this.#save();
  }

  async #publish(packets: Uint8Array[]): Promise<boolean> {
    const room = this.#room;
    if (room?.state !== 'connected') return false;
    try {
      for (const packet of packets)
        await room.localParticipant.publishData(packet as Uint8Array<ArrayBuffer>, {
          reliable: true,
          topic: 'chat',
        });
      return true;
    } catch {
      return false;
    }
  }

  #mark(messageId: string, emoji: string, voter: string): void {
    this.messages = this.messages.map((message) => {
      if (message.id !== messageId) return message;
      const before = message.reactions?.[emoji] ?? [];
      const voters = before.includes(voter) ? before.filter((one) => one !== voter) : [...before, voter];
      const { [emoji]: _, ...others } = message.reactions ?? {};
      if (!before.length && Object.keys(others).length >= MOST_SIGNS) return message;
      return { ...message, reactions: voters.length ? { ...message.reactions, [emoji]: voters } : others };
    });
    this.#save();
  }

  #add(body: Body, identity: string, name: string, own: boolean): void {
    if (this.messages.some((known) => known.id === body.id && known.identity === identity)) return;
    this.messages = [...this.messages, { ...body, identity, name, own }].slice(-KEPT);
    this.#save();
    if (own) return;
    this.#tell({ kind: 'message', name, text: excerpt(body.message), seen: this.open });
    if (this.open) return;
    this.unread += 1;
    this.#firstUnread ||= body.id;
  }

  #save(): void {
    this.#shelf.save({ messages: this.messages, draft: this.#draft });
  }
}
