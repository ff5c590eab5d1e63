import { Room } from 'livekit-client';
import { expect, test } from 'vitest';
import { LONGEST_STREAM_BYTES, onText, Streams } from './streams';

const NONE = 0;

/** As the server hands them on: the sender is the packet's own. */
const header = (identity: string, streamId: string, more = {}) => ({
  participantIdentity: identity,
  value: {
    case: 'streamHeader',
    value: {
      streamId,
      topic: 'lk.chat',
      timestamp: 0n,
      attributes: {},
      compression: 0,
      contentHeader: { case: 'textHeader', value: { attachedStreamIds: [] } },
      ...more,
    },
  },
});
const chunk = (identity: string, streamId: string, index: number, text: string) => ({
  participantIdentity: identity,
  value: {
    case: 'streamChunk',
    value: { streamId, chunkIndex: BigInt(index), content: new TextEncoder().encode(text), version: 0 },
  },
});
const trailer = (identity: string, streamId: string) => ({
  participantIdentity: identity,
  value: { case: 'streamTrailer', value: { streamId, reason: '', attributes: {} } },
});

/** A room of the library itself: this also shows that what is guarded is still where it was. */
function heard() {
  const room = new Room();
  const said: string[] = [];
  onText(room, 'lk.chat', (id, text, identity) => said.push(`${identity} ${id}: ${text}`));
  const { incomingDataStreamManager: manager } = room as unknown as {
    incomingDataStreamManager: {
      setConnected(on: boolean): void;
      handleDataStreamPacket(packet: unknown, encryption: number): void;
    };
  };
  manager.setConnected(true);
  return {
    said,
    give: (...all: unknown[]) => all.forEach((one) => manager.handleDataStreamPacket(one, NONE)),
  };
}

const settled = () => new Promise((done) => setTimeout(done, 20));

test('a text comes as it was sent', async () => {
  const { said, give } = heard();
  give(header('bo', '1'), chunk('bo', '1', 0, 'Hel'), chunk('bo', '1', 1, 'lo'), trailer('bo', '1'));
  await settled();
  expect(said).toEqual(['bo 1: Hello']);
});

test('nobody writes on in the text of somebody else, or ends it', async () => {
  const { said, give } = heard();
  give(header('bo', '1'), chunk('mallory', '1', 0, 'I resign'), trailer('mallory', '1'));
  give(header('mallory', '1'), chunk('bo', '1', 0, 'I stay'), trailer('bo', '1'), trailer('mallory', '1'));
  await settled();
  expect(said).toContain('bo 1: I stay');
  expect(said.join()).not.toContain('resign');
});

test('an id that comes twice, a text that breaks off, and another topic hurt nobody', async () => {
  const { said, give } = heard();
  give(header('bo', '1'), header('bo', '1'), header('bo', '2', { topic: 'lk.rpc_request' }));
  give(chunk('bo', '1', 5, 'a gap'), trailer('bo', '1'), trailer('bo', '1'));
  give(header('bo', '3'), chunk('bo', '3', 0, 'after'), trailer('bo', '3'));
  await settled();
  expect(said).toEqual(['bo 3: after']);
});

test('texts without an end are few, and none is long', () => {
  const streams = new Streams('lk.chat');
  const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
  expect(ids.filter((id) => streams.admit(header('bo', id)))).toHaveLength(10);
  expect(streams.admit(header('cleo', '1'))).toBe(true);
  const many = 'x'.repeat(LONGEST_STREAM_BYTES / 4);
  const taken = ids.slice(0, 20).filter(() => streams.admit(chunk('cleo', '1', 0, many)));
  expect(taken).toHaveLength(4);
});
