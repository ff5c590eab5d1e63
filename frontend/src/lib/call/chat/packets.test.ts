import { EventEmitter } from 'node:events';
import { RoomEvent, type Room } from 'livekit-client';
import { expect, test } from 'vitest';
import { onPacket } from './packets';

const payload = new Uint8Array([1]);

function heard(): [EventEmitter, string[]] {
  const [room, senders] = [new EventEmitter(), [] as string[]];
  onPacket(room as unknown as Room, ['chat', 'system'], (_payload, sender, topic) =>
    senders.push(`${sender.identity} ${topic}`),
  );
  return [room, senders];
}

test('a packet that is there before its sender waits for them', () => {
  const [room, senders] = heard();
  room.emit(RoomEvent.DataReceived, payload, undefined, 0, 'chat', 0, 'bo');
  room.emit(RoomEvent.ParticipantConnected, { identity: 'cleo' });
  expect(senders).toEqual([]);
  room.emit(RoomEvent.ParticipantConnected, { identity: 'bo' });
  room.emit(RoomEvent.ParticipantConnected, { identity: 'bo' });
  expect(senders).toEqual(['bo chat']);
});

test('what the server sends is not of a person', () => {
  const [room, senders] = heard();
  room.emit(RoomEvent.DataReceived, payload, undefined, 0, 'system');
  room.emit(RoomEvent.ParticipantConnected, { identity: '' });
  room.emit(RoomEvent.DataReceived, payload, { identity: 'bo' }, 0, 'chat', 0, 'bo');
  expect(senders).toEqual(['bo chat']);
});
