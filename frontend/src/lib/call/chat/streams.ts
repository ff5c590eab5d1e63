/**
 * Text that other clients send as LiveKit's data streams. livekit-client 2.23 tells streams apart by their id alone, so
 * that anybody could write on in somebody else's, keeps any number of them open, and throws when an id comes twice.
 */
import type { Room } from 'livekit-client';
import { cut } from '../../data/read';
import { LONGEST_MESSAGE, readId } from './message';

export const LONGEST_STREAM_BYTES = 4 * LONGEST_MESSAGE;
/** Unfinished streams of one person, and of all. */
const OPEN_EACH = 10;
const OPEN_IN_ALL = 50;

/** As much of a packet as is looked at here. */
interface Packet {
  participantIdentity: string;
  value: { case?: string; value?: unknown };
}
interface Part {
  streamId: string;
  topic?: string;
  contentHeader?: { case?: string };
  content?: Uint8Array;
}
type Handle = (packet: Packet, encryption: unknown) => void;

/** Which streams are open, by the names that they have here, and how many bytes came in each. */
export class Streams {
  #open = new Map<string, number>();
  #topic: string;

  constructor(topic: string) {
    this.#topic = topic;
  }

  /** The name of a stream that nobody else can write on in. */
  static nameOf = (identity: string, id: string) => `${identity}/${id}`;

  /** Whether the packet may pass; it then carries the stream's own name. */
  admit({ participantIdentity: identity, value: { case: kind, value } }: Packet): boolean {
    const part = value as Part | undefined;
    if (!part || !identity || !readId(part.streamId)) return false;
    const name = Streams.nameOf(identity, part.streamId);
    part.streamId = name;
    const bytes = this.#open.get(name);
    if (kind === 'streamHeader') {
      if (part.topic !== this.#topic || part.contentHeader?.case !== 'textHeader') return false;
      const own = [...this.#open.keys()].filter((one) => one.startsWith(`${identity}/`)).length;
      if (bytes !== undefined || own >= OPEN_EACH || this.#open.size >= OPEN_IN_ALL) return false;
      this.#open.set(name, 0);
      return true;
    }
    if (bytes === undefined) return false;
    const now = bytes + (part.content?.length ?? 0);
    this.#open.set(name, now);
    // One that is too long ends too early then, and is no message.
    return kind === 'streamTrailer' || now <= LONGEST_STREAM_BYTES;
  }

  close(name: string): void {
    this.#open.delete(name);
  }
}

/** Calls `take` with each text of this topic, its id and its sender. */
export function onText(
  room: Room,
  topic: string,
  take: (id: string, text: string, identity: string) => void,
): void {
  const streams = new Streams(topic);
  guard(room, streams);
  room.registerTextStreamHandler(topic, (reader, { identity }) => {
    const name = reader.info.id;
    void reader
      .readAll()
      .then((text) => take(name.slice(identity.length + 1), cut(text, LONGEST_MESSAGE), identity))
      // Broken off, too long, or not in order: nobody's message.
      .catch(() => {})
      .finally(() => streams.close(name));
  });
}

/** Puts itself before the library's own reading, for which there is no door. */
function guard(room: Room, streams: Streams): void {
  const { incomingDataStreamManager: manager } = room as unknown as {
    incomingDataStreamManager: { handleDataStreamPacket: Handle };
  };
  const handle = manager.handleDataStreamPacket.bind(manager);
  manager.handleDataStreamPacket = (packet, encryption) => {
    if (streams.admit(packet)) handle(packet, encryption);
  };
}
