import { expect, test } from 'vitest';
import { Assembler, encodeMessage, encodeReaction, parseReaction } from './chat-wire';
import type { Body } from './message';

const anna = { identity: 'anna', name: 'Anna' };
const body = (message: string): Body => ({
  id: 'm1',
  message,
  attachments: [],
});
const sent = (message: Body) => encodeMessage({ ...message, timestamp: 1_700_000_000_000 }, anna);
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function through(packets: Uint8Array[], sender = 'anna'): Body | undefined {
  const assembler = new Assembler();
  return packets.map((packet) => assembler.accept(packet, sender)).find((found) => found !== undefined);
}

test('a short message is one packet', () => {
  const packets = sent(body('Hello'));
  expect(packets).toHaveLength(1);
  expect(through(packets)).toEqual(body('Hello'));
});

test('a long message comes whole, in any order after its head, with no packet above the limit', () => {
  const long = body('ä😀"\\'.repeat(20_000));
  const [head, ...chunks] = sent(long);
  if (!head) throw new Error('no head');
  expect(chunks.length).toBeGreaterThan(2);
  for (const packet of [head, ...chunks]) expect(packet.length).toBeLessThanOrEqual(60_000);
  expect(through([head, ...chunks.reverse()])).toEqual(long);
});

test('nobody finishes the message of somebody else', () => {
  const [head, ...chunks] = sent(body('x'.repeat(70_000)));
  const assembler = new Assembler();
  if (head) assembler.accept(head, 'anna');
  for (const chunk of chunks) expect(assembler.accept(chunk, 'mallory')).toBeUndefined();
});

test('the chat of plain LiveKit clients is read', () => {
  expect(through([bytes({ id: 'x', timestamp: 5, message: 'Hi' })])).toMatchObject({ message: 'Hi' });
});

test.each([['null'], ['[1]'], ['{"type":"reaction","id":"1"}'], ['no json'], ['{"type":"chat"}']])(
  'nothing is made of %s',
  (raw) => {
    expect(through([new TextEncoder().encode(raw)])).toBeUndefined();
  },
);

test('an answer tells what it answers to, in chunks too', () => {
  const quoted = { id: 'm0', name: 'Bo', text: 'Who has the key?' };
  for (const message of ['I do', 'x'.repeat(70_000)]) {
    const answer = { ...body(message), replyTo: quoted };
    expect(through(sent(answer))).toEqual(answer);
  }
});

test('a reaction comes as it was sent, and nothing else passes for one', () => {
  expect(parseReaction(encodeReaction('m1', '👩‍🌾', 'anna'))).toEqual({ messageId: 'm1', emoji: '👩‍🌾' });
  for (const emoji of ['', '<b>', '1', 'x'.repeat(40), '👍 says Anna', '👍👍', '\u200d'])
    expect(parseReaction(bytes({ type: 'reaction', messageId: 'm1', emoji }))).toBeUndefined();
  expect(parseReaction(bytes({ type: 'chat', messageId: 'm1', emoji: '👍' }))).toBeUndefined();
});

test.each(['👍', '❤️', '❤', '👍🏽', '👩‍🌾', '🇩🇪', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'])(
  '%s is one sign',
  (emoji) => {
    expect(parseReaction(encodeReaction('m1', emoji, 'anna'))).toEqual({ messageId: 'm1', emoji });
  },
);

test('messages that are never finished do not pile up, nor keep others from finishing theirs', () => {
  const assembler = new Assembler();
  const [head, ...chunks] = sent(body('y'.repeat(70_000)));
  if (head) assembler.accept(head, 'anna');
  for (let index = 0; index < 10_000; index += 1)
    assembler.accept(bytes({ type: 'chat_chunk_meta', id: `${index}`, messageChunks: 200 }), 'mallory');
  expect(chunks.map((chunk) => assembler.accept(chunk, 'anna')).at(-1)).toMatchObject({ id: 'm1' });
});
