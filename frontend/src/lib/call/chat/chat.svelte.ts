/** The meeting's chat: what was said since one came in, and since the last reload of this tab. */
import { RoomEvent, type Room } from 'livekit-client';
import { Assembler, CHAT_TOPICS, encodeMessage, encodeReaction, parseReaction } from './chat-wire';
import type { Tell } from '../events';
import { plainName } from '../people/names';
import { excerpt, LONGEST_DRAFT, readMessage, type Body, type Message } from './message';
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

/** What the server keeps of the chat: for who comes later, and over a reload. */
export interface ChatRecord {
  /** What was said, oldest first; read here. */
  said(): Promise<unknown[]>;
  say(body: Body): Promise<unknown>;
  unsay(identity: string, id: string): Promise<unknown>;
}

/** The server is told once more after these times. */
const AGAIN_MS = [1000, 5000];

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
  #record: ChatRecord;
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

  constructor(shelf: Shelf, tell: Tell, record: ChatRecord) {
    this.#shelf = shelf;
    this.#record = record;
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
    room.on(RoomEvent.Connected, () => void this.#catchUp());
    room.on(RoomEvent.Reconnected, () => void this.#catchUp());
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
    void this.#keep(body);
    return true;
  }

  /** Takes a message back, for everybody; fails where the server does not allow it. */
  async unsay({ identity, id }: Message): Promise<void> {
    await this.#record.unsay(identity, id);
    this.removed(identity, id);
  }

  /** The server told that a message was taken back. */
  removed(identity: string, id: string): void {
    if (!this.#transcript.remove(identity, id)) return;
    this.#draw.atOnce();
    this.#save.atOnce();
  }

  /** What was said before one came, or while one was away. */
  async #catchUp(): Promise<void> {
    const own = this.#room?.localParticipant.identity;
    const kept = await this.#record.said().catch(() => []);
    const read = kept.map((one, index) => readMessage(one, index)).filter((one) => one !== undefined);
    if (!this.#transcript.merge(read.map((one) => ({ ...one, own: one.identity === own })))) return;
    this.#draw.soon();
    this.#save.soon();
  }

  /** Tells the server, which keeps it. The others have it already. */
  async #keep(body: Body): Promise<void> {
    for (const pause of [0, ...AGAIN_MS]) {
      await new Promise((done) => setTimeout(done, pause));
      const kept = await this.#record.say(body).then(
        () => true,
        () => false,
      );
      if (kept) return;
    }
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
