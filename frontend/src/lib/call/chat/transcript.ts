/** The messages of a meeting in the order in which they came here: how many are kept, and whose go first. Pure. */
import { list, some, text } from '../../data/read';
import {
  LONGEST_DRAFT,
  MOST_SIGNS,
  MOST_SIGNS_EACH,
  MOST_VOTERS,
  excerpt,
  readMessage,
  type Body,
  type Message,
} from './message';

/** Messages, and characters of all of them: a browser keeps five million for a tab, and some of ours are written as six. */
const MOST = 300;
const MOST_CHARACTERS = 600_000;
/** Whoever wrote more than this loses their own oldest before anybody else's goes. */
const FAIR = 100;
const FAIR_CHARACTERS = 200_000;

export interface Kept {
  messages: Message[];
  draft: string;
}

/** Each with its key, in the order in which they were kept. */
export function readKept(given: unknown, now = Date.now()): Kept {
  const { messages, draft } =
    some({ messages: list((one) => one, 10 * MOST), draft: text(LONGEST_DRAFT) })(given) ?? {};
  const read = (messages ?? []).map((one, index) => readMessage(one, index, now));
  return { messages: read.filter((one) => one !== undefined).slice(-MOST), draft: draft ?? '' };
}

const sizes = new WeakMap<Message, number>();

function sizeOf(message: Message): number {
  const known = sizes.get(message);
  if (known !== undefined) return known;
  const size = measure(message);
  sizes.set(message, size);
  return size;
}

function measure({ id, identity, name, message, attachments, replyTo, reactions }: Message): number {
  let size = id.length + identity.length + name.length + message.length + (replyTo?.text.length ?? 0);
  for (const one of attachments) size += one.url.length + (one.name?.length ?? 0);
  for (const voters of Object.values(reactions ?? {})) for (const voter of voters) size += voter.length;
  return size;
}

export class Transcript {
  #messages: Message[];
  #next: number;

  constructor(messages: Message[]) {
    this.#messages = [...messages];
    this.#next = Math.max(-1, ...messages.map((one) => one.key)) + 1;
    this.#makeRoom();
  }

  /** Never changed; what changes is exchanged. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Nothing where this sender's message is there already. */
  add(body: Body, from: Pick<Message, 'identity' | 'name' | 'own'>, now = Date.now()): Message | undefined {
    if (this.#messages.some((known) => known.id === body.id && known.identity === from.identity))
      return undefined;
    const message: Message = { ...body, ...from, key: this.#next++, timestamp: now };
    if (body.replyTo) message.replyTo = this.#original(body.replyTo);
    this.#messages = [...this.#messages, message];
    this.#makeRoom();
    return message;
  }

  /** What the server kept, by its clock; true where that is news. */
  merge(kept: readonly Omit<Message, 'key'>[]): boolean {
    const place = (one: Omit<Message, 'key'>) => `${one.identity} ${one.id}`;
    const all = new Map(this.#messages.map((one) => [place(one), one]));
    let changed = false;
    for (const one of kept) {
      const known = all.get(place(one));
      if (known?.timestamp === one.timestamp) continue;
      changed = true;
      all.set(place(one), known ? { ...known, timestamp: one.timestamp } : { ...one, key: this.#next++ });
    }
    if (!changed) return false;
    this.#messages = [...all.values()].toSorted((a, b) => a.timestamp - b.timestamp);
    this.#makeRoom();
    return true;
  }

  /** Somebody's message was taken back; true where it was here. */
  remove(identity: string, id: string): boolean {
    const rest = this.#messages.filter((one) => one.identity !== identity || one.id !== id);
    if (rest.length === this.#messages.length) return false;
    this.#messages = rest;
    return true;
  }

  /** Somebody's reaction to a message; made again, it is taken back. False when it changes nothing. */
  mark(messageId: string, emoji: string, voter: string): boolean {
    const at = this.#messages.findIndex((message) => message.id === messageId);
    const message = this.#messages[at];
    if (!message) return false;
    const reactions = message.reactions ?? {};
    const before = reactions[emoji] ?? [];
    const { [emoji]: _, ...others } = reactions;
    const undone = before.includes(voter);
    const voters = undone ? before.filter((one) => one !== voter) : [...before, voter];
    const used = Object.values(others).filter((identities) => identities.includes(voter)).length;
    const full = !before.length && Object.keys(others).length >= MOST_SIGNS;
    if (!undone && (full || used >= MOST_SIGNS_EACH || voters.length > MOST_VOTERS)) return false;
    const changed = { ...message, reactions: voters.length ? { ...reactions, [emoji]: voters } : others };
    this.#messages = this.#messages.map((one, index) => (index === at ? changed : one));
    this.#makeRoom();
    return true;
  }

  clear(): void {
    this.#messages = [];
  }

  /** What was said is told by the message itself, where it is here; where not, nobody is named for it. */
  #original(quote: NonNullable<Body['replyTo']>): NonNullable<Body['replyTo']> {
    const original = this.#messages.find((message) => message.id === quote.id);
    return original
      ? { id: quote.id, name: original.name, text: excerpt(original.message) }
      : { ...quote, name: '' };
  }

  #makeRoom(): void {
    let [count, characters] = [
      this.#messages.length,
      this.#messages.reduce((sum, one) => sum + sizeOf(one), 0),
    ];
    while (count > 1 && (count > MOST || characters > MOST_CHARACTERS)) {
      const gone = this.#first(count > MOST ? 'count' : 'characters');
      characters -= sizeOf(this.#messages[gone] as Message);
      count -= 1;
      this.#messages = this.#messages.filter((_, index) => index !== gone);
    }
  }

  /** Where the message stands that has to go: the oldest of who has the most, if that is more than fair; else the oldest. */
  #first(by: 'count' | 'characters'): number {
    const shares = new Map<string, number>();
    for (const one of this.#messages) {
      const weight = by === 'count' ? 1 : sizeOf(one);
      shares.set(one.identity, (shares.get(one.identity) ?? 0) + weight);
    }
    const [most, share] = [...shares].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    if (share <= (by === 'count' ? FAIR : FAIR_CHARACTERS)) return 0;
    return this.#messages.findIndex((one) => one.identity === most);
  }
}
