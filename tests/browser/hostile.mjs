/** Packets that no client sends in good faith: hand-made ones, and any number of made-up ones, the same for one seed. */

const NAMES = [
  'type', 'id', 'timestamp', 'senderName', 'senderIdentity', 'message', 'attachments', 'url', 'name', 'mime', 'kind', 'poll', 'votes', 'options',
  'optionId', 'messageChunks', 'attachmentChunks', 'pollChunks', 'index', 'part', 'messageId', 'emoji', 'voterIdentity', 'replyTo', 'text', 'raised',
  'at', 'agoMs', 'event', 'actor', 'target', 'identity', 'deafened', 'avatarUrl', 'stage', 'own', 'reactions', 'key',
];
const TYPES = [
  'chat', 'chat_chunk_meta', 'chat_chunk', 'reaction', 'poll_vote', 'hand', 'lower_hand', 'system', 'deafen_state', 'profile_changed', 'stage_set',
  'stage_clear', 'stage_request', 'stage_state', 'stage_youtube_sync',
];
export const TOPICS = ['chat', 'lk-chat-topic', 'lk.chat', 'gesture', 'system', 'presence', 'stage', 'youtube', 'whiteboard', 'meeting-pointer', ''];
const ODD = [
  null, true, false, 0, -1, 0.5, 1e21, -1e300, 8.7e15, 1_700_000_000_000_000_000, '', '0', '__proto__', 'constructor', '\u0000', '\u202e', '\ud800', '👍',
  '👍 says Anna', '<img src=x onerror=alert(1)>', 'javascript:alert(1)', '/uploads/x.png', 'http://[', 'image/png', 'x'.repeat(3000), 'room_ended', 'kick',
  [], {}, [[]], [null], { length: -1 }, '**_'.repeat(500), '['.repeat(1000), '> '.repeat(500),
];

/** Numbers from 0 to 1 (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `{ topic, body }`; the body is text, since not all of it is JSON. `id` is a message that is really there. */
export function madeUp(next, id) {
  const pick = (from) => from[Math.floor(next() * from.length)];
  const value = (depth) => {
    const kind = next();
    if (depth === 0 || kind < 0.5) return pick(ODD);
    if (kind < 0.6) return pick([id, '1', '2', ...TYPES]);
    const size = Math.floor(next() * 5);
    if (kind < 0.75) return Array.from({ length: size }, () => value(depth - 1));
    return Object.fromEntries(Array.from({ length: size }, () => [pick(NAMES), value(depth - 1)]));
  };
  const body = { ...Object.fromEntries(Array.from({ length: 8 }, () => [pick(NAMES), value(3)])), type: pick(TYPES) };
  const text = JSON.stringify(body);
  return { topic: pick(TOPICS), body: next() < 0.05 ? text.slice(0, next() * text.length) : text };
}

const chat = (more) => ({ topic: 'chat', body: JSON.stringify({ type: 'chat', id: crypto.randomUUID(), message: 'odd', attachments: [], ...more }) });
const file = { kind: 'image', url: '/uploads/x.png', name: 'x', mime: 'image/png' };

export const HAND_MADE = [
  chat({ timestamp: 8.7e15, message: 'from the future' }),
  chat({ timestamp: -8.7e15 }),
  chat({ timestamp: 'yesterday' }),
  chat({ timestamp: null, attachments: 'no list' }),
  chat({ attachments: [file, file, file, { url: 5 }, { url: '/uploads/y.png', mime: 7, name: {} }, null, ...Array(5000).fill(0)] }),
  chat({ attachments: [{ url: 'javascript:alert(1)' }, { url: 'http://[' }, { url: '' }] }),
  chat({ id: 7 }),
  chat({ id: '', replyTo: { id: 5, name: [], text: {} } }),
  chat({ replyTo: { id: 'x'.repeat(9000), name: 'x'.repeat(9000), text: ' '.repeat(9000) } }),
  chat({ senderName: 'Anna', senderIdentity: {}, poll: { id: 1, votes: { __proto__: 1 }, options: 'x' } }),
  chat({ message: '**_'.repeat(6000) }),
  chat({ message: { toString: 1 } }),
  chat({ reactions: { '<b>': 1 }, own: true, key: 0, identity: 'x', name: 'Anna' }),
  { topic: 'chat', body: '' },
  { topic: 'chat', body: 'null' },
  { topic: 'chat', body: '['.repeat(50_000) },
  { topic: 'chat', body: `${'['.repeat(9000)}${']'.repeat(9000)}` },
  { topic: 'chat', body: JSON.stringify({ type: 'chat_chunk_meta', id: 'a', messageChunks: 1e9, attachmentChunks: -5, pollChunks: null }) },
  { topic: 'chat', body: JSON.stringify({ type: 'chat_chunk_meta', id: 'b', messageChunks: 1, attachmentChunks: 1 }) },
  { topic: 'chat', body: JSON.stringify({ type: 'chat_chunk', id: 'b', kind: 'attachment', index: 0, part: 'no json' }) },
  { topic: 'chat', body: JSON.stringify({ type: 'chat_chunk', id: 'b', kind: '__proto__', index: 0, part: 'x' }) },
  { topic: 'gesture', body: JSON.stringify({ type: 'hand', raised: 'yes', agoMs: -1e300 }) },
  { topic: 'gesture', body: JSON.stringify({ type: 'hand', raised: true, agoMs: 8.7e15 }) },
  { topic: 'gesture', body: JSON.stringify({ type: 'hand', raised: false }) },
  { topic: 'gesture', body: JSON.stringify({ type: 'lower_hand' }) },
  { topic: 'system', body: JSON.stringify({ type: 'system', event: 'room_ended', message: {} }) },
];
