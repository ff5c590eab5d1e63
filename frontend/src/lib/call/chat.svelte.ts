/** The meeting's chat: what was said since one came in, and since the last reload of this tab. */
import { RoomEvent, type Room } from 'livekit-client';
import { Assembler, CHAT_TOPICS, encodeMessage, type Body } from './chat-wire';

const KEPT = 300;

export interface Message extends Body {
  /** The packet's own sender, never what its text claims. */
  identity: string;
  name: string;
  own: boolean;
}

/** Where a tab keeps its messages over a reload. */
export interface Shelf {
  load(): Message[];
  save(messages: Message[]): void;
}

export class Chat {
  messages = $state.raw<Message[]>([]);
  unread = $state(0);
  /** While the panel is open nothing counts as unread. */
  open = $state(false);

  #room: Room | undefined;
  #assembler = new Assembler();
  #shelf: Shelf;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
    this.messages = shelf.load();
  }

  show(open: boolean): void {
    this.open = open;
    if (open) this.unread = 0;
  }

  follow(room: Room): void {
    this.#room = room;
    room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic) => {
      if (!sender || !CHAT_TOPICS.includes(topic ?? '')) return;
      const body = this.#assembler.accept(payload, sender.identity);
      if (body) this.#add(body, sender.identity, sender.name || sender.identity, false);
    });
    room.registerTextStreamHandler('lk.chat', (reader, { identity }) => {
      void reader.readAll().then((message) => {
        const body = { id: reader.info.id, timestamp: reader.info.timestamp, message, attachments: [] };
        this.#add(body, identity, room.remoteParticipants.get(identity)?.name || identity, false);
      });
    });
  }

  /** Sends to everyone inside. False when there is no connection to send it over. */
  async send(message: string): Promise<boolean> {
    const me = this.#room?.localParticipant;
    if (!me || this.#room?.state !== 'connected') return false;
    const body: Body = { id: crypto.randomUUID(), timestamp: Date.now(), message, attachments: [] };
    try {
      for (const packet of encodeMessage(body, { identity: me.identity, name: me.name ?? '' })) {
        await me.publishData(packet as Uint8Array<ArrayBuffer>, { reliable: true, topic: 'chat' });
      }
    } catch {
      return false;
    }
    this.#add(body, me.identity, me.name ?? '', true);
    return true;
  }

  #add(body: Body, identity: string, name: string, own: boolean): void {
    if (this.messages.some((known) => known.id === body.id && known.identity === identity)) return;
    this.messages = [...this.messages, { ...body, identity, name, own }].slice(-KEPT);
    this.#shelf.save(this.messages);
    if (!own && !this.open) this.unread += 1;
  }
}
