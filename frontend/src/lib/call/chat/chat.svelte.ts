/** The meeting's chat: what was said since one came in, and since the last reload of this tab. */
import type { Room } from 'livekit-client';
import { Assembler, CHAT_TOPICS, encodeMessage, encodeReaction, parseReaction } from './chat-wire';
import type { Tell } from '../events';
import { plainName } from '../people/names';
import { excerpt, LONGEST_DRAFT, type Body, type Message } from './message';
import { paced } from './pace';
import { onPacket } from './packets';
import { onText } from './streams';
import { readKept, Transcript, type Kept } from './transcript';

/** How long a message waits for a connection, and how often it looks: a rejoin exchanges the room itself. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;
/** A flood is drawn so often, and kept so often. */
const DRAWN_EVERY_MS = 100;
const KEPT_EVERY_MS = 1000;
/** Messages that are told between two drawings; who is told of more listens to none. */
const TOLD_AT_ONCE = 3;

/** Where a tab keeps its messages, and what is half written, over a reload. What it loads is read here. */
export interface Shelf {
  load(): unknown;
  save(kept: Kept): void;
}

export class Chat {
  messages = $state.raw<readonly Message[]>([]);
  unread = $state(0);
  /** While the panel is open nothing counts as unread. */
  open = $state(false);
  /** The key of the first message that came since the panel was last closed, while it is open; or -1. */
  marker = $state(-1);
  replyTo = $state.raw<Message | undefined>();

  #draft = $state('');
  #firstUnread = -1;
  #room: Room | undefined;
  #assembler = new Assembler();
  #shelf: Shelf;
  #tell: Tell;
  #transcript: Transcript;
  #told = 0;
  #draw = paced(DRAWN_EVERY_MS, () => {
    this.#told = 0;
    this.messages = this.#transcript.messages;
  });
  #save = paced(KEPT_EVERY_MS, () =>
    this.#shelf.save({ messages: [...this.#transcript.messages], draft: this.#draft }),
  );

  constructor(shelf: Shelf, tell: Tell) {
    this.#shelf = shelf;
    this.#tell = tell;
    const { messages, draft } = readKept(shelf.load());
    this.#transcript = new Transcript(messages);
    this.messages = this.#transcript.messages;
    this.#draft = draft;
    // A reload keeps what is not kept yet.
    globalThis.addEventListener('pagehide', this.#save.finish);
  }

  /** What is half written. */
  get draft(): string {
    return this.#draft;
  }
  set draft(value: string) {
    this.#draft = value.slice(0, LONGEST_DRAFT);
    this.#save.soon();
  }

  show(open: boolean): void {
    this.open = open;
    this.marker = open ? this.#firstUnread : -1;
    this.#firstUnread = -1;
    if (open) this.unread = 0;
  }

  follow(room: Room): void {
    this.#room = room;
    onPacket(room, CHAT_TOPICS, (payload, sender) => {
      const reaction = parseReaction(payload);
      if (reaction) return this.#mark(reaction.messageId, reaction.emoji, sender.identity);
      const body = this.#assembler.accept(payload, sender.identity);
      if (body) this.#add(body, sender.identity, sender.name, false);
    });
    onText(room, 'lk.chat', (id, message, identity) => {
      const body: Body = { id, message, attachments: [] };
      this.#add(body, identity, room.remoteParticipants.get(identity)?.name, false);
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
    const body: Body = { id: crypto.randomUUID(), message, attachments: [] };
    const answered = this.replyTo;
    if (answered) body.replyTo = { id: answered.id, name: answered.name, text: excerpt(answered.message) };
    const sent = await this.#publish(
      encodeMessage({ ...body, timestamp: Date.now() }, { identity: me.identity, name: me.name ?? '' }),
    );
    if (!sent) return false;
    this.replyTo = undefined;
    this.#add(body, me.identity, me.name, true);
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
    this.#transcript.clear();
    this.#draft = '';
    this.#draw.atOnce();
    this.#save.atOnce();
  }

  /** The call is over. */
  close(): void {
    this.#save.finish();
    globalThis.removeEventListener('pagehide', this.#save.finish);
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
    if (!this.#transcript.mark(messageId, emoji, voter)) return;
    this.#draw.soon();
    this.#save.soon();
  }

  #add(body: Body, identity: string, called: string | undefined, own: boolean): void {
    const name = plainName(called, identity);
    const message = this.#transcript.add(body, { identity, name, own });
    if (!message) return;
    this.#draw.soon();
    this.#save.soon();
    if (own) return;
    this.#told += 1;
    if (this.#told <= TOLD_AT_ONCE)
      this.#tell({ kind: 'message', name, text: excerpt(body.message), seen: this.open });
    if (this.open) return;
    this.unread += 1;
    if (this.#firstUnread < 0) this.#firstUnread = message.key;
  }
}
