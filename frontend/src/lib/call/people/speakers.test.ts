import { Room } from 'livekit-client';
import { expect, test } from 'vitest';
import { hearSpeakersFromServerOnly } from './speakers';

interface Inside {
  engine: { emit(event: string, speakers: unknown[]): void };
  recreateEngine(): void;
}

/** As if a data packet had told that one speaks oneself. */
function toldToSpeak(room: Room): boolean {
  const { engine } = room as unknown as Inside;
  engine.emit('activeSpeakersUpdate', [{ sid: room.localParticipant.sid, level: 1, active: true }]);
  return room.localParticipant.isSpeaking;
}

test('a packet tells nobody who is speaking', () => {
  const room = new Room();
  hearSpeakersFromServerOnly(room);
  expect(toldToSpeak(room)).toBe(false);
  (room as unknown as Inside).recreateEngine();
  expect(toldToSpeak(room)).toBe(false);
});

test('without that, the library would believe it', () => {
  expect(toldToSpeak(new Room())).toBe(true);
});
