import { expect, test } from 'vitest';
import { anything, chance } from '../../data/fuzz';
import { Assembler, parseReaction } from './chat-wire';
import { parseGesture } from './gesture-wire';
import { parseNotice } from './system';
import { readKept, Transcript } from './transcript';

const CASES = 5000;
const PATIENCE = { timeout: 60_000 };
const seed = Number(process.env.SEED ?? Date.now() % 1e9);
const names = [
  'type', 'chat', 'chat_chunk_meta', 'chat_chunk', 'reaction', 'poll_vote', 'hand', 'lower_hand', 'system', 'kick', 'id', '1', '2',
  'timestamp', 'senderName', 'senderIdentity', 'message', 'attachments', 'url', 'name', 'mime', 'kind', 'poll', 'votes', 'options',
  'messageChunks', 'attachmentChunks', 'pollChunks', 'index', 'part', 'messageId', 'emoji', 'voterIdentity', 'replyTo', 'text',
  'raised', 'at', 'agoMs', 'event', 'actor', 'target', 'messages', 'draft', 'identity', 'own', 'reactions', 'key', '👍', '❤️',
]; // prettier-ignore
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Half of them look like a packet at first sight. */
function packets(next: () => number) {
  return Array.from({ length: CASES }, () => {
    const given = anything(next, names);
    const type = names[Math.floor(next() * 10)];
    return next() < 0.5 || typeof given !== 'object' || given === null ? given : { ...given, type };
  });
}

test(`no packet hurts, whatever it says (seed ${seed})`, PATIENCE, () => {
  const assembler = new Assembler();
  const transcript = new Transcript([]);
  for (const [index, given] of packets(chance(seed)).entries()) {
    const payload = encode(given);
    const sender = `guest-${index % 3}`;
    const body = assembler.accept(payload, sender);
    if (body) transcript.add(body, { identity: sender, name: sender, own: false });
    const reaction = parseReaction(payload);
    if (reaction) transcript.mark(reaction.messageId, reaction.emoji, sender);
    parseGesture(payload);
    parseNotice(payload, index % 2 === 0);
  }
  for (const message of transcript.messages) {
    expect(new Date(message.timestamp).toISOString()).toBeTruthy();
    expect(typeof message.message).toBe('string');
    for (const one of message.attachments) expect(typeof one.url).toBe('string');
  }
  // what is kept is read again as it was
  const kept = readKept(JSON.parse(JSON.stringify({ messages: transcript.messages, draft: 'x' })));
  expect(kept.messages.map(({ key: _, ...one }) => one)).toEqual(
    transcript.messages.map(({ key: _, ...one }) => one),
  );
});

test.each([
  ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x7b])],
  ['nothing', new Uint8Array()],
  [
    'nesting without end',
    new TextEncoder().encode(`{"type":"chat","id":"1","message":${'['.repeat(60_000)}`),
  ],
  ['nesting that ends', new TextEncoder().encode(`{"a":${'['.repeat(9000)}${']'.repeat(9000)}}`)],
  [
    'a number without end',
    new TextEncoder().encode(`{"type":"chat","timestamp":1e99999,"id":${'9'.repeat(999)}}`),
  ],
])('%s is no message', (_what, payload) => {
  expect(new Assembler().accept(payload, 'bo')).toBeUndefined();
  expect(parseReaction(payload)).toBeUndefined();
  expect(parseGesture(payload)).toBeUndefined();
  expect(parseNotice(payload, false)).toBeUndefined();
});

test(`what was kept is read, or left out (seed ${seed})`, PATIENCE, () => {
  const next = chance(seed);
  for (let index = 0; index < CASES; index += 1) {
    const { messages, draft } = readKept({
      messages: [anything(next, names), anything(next, names)],
      draft: anything(next, names),
    });
    expect(typeof draft).toBe('string');
    for (const one of messages) expect(new Date(one.timestamp).toISOString()).toBeTruthy();
    readKept(anything(next, names));
  }
});
