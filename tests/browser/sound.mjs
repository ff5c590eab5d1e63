/** Files for a made-up microphone: Chromium plays them instead of its beeps. */
import { writeFileSync } from 'node:fs';

const RATE = 48_000;
const SECONDS = 4;
const HEAD_BYTES = 44;

/** Writes a WAV file of this loudness (0 is digital silence): many tones that come and go, as a voice does. */
export function writeVoice(file, loudness) {
  const data = Buffer.alloc(RATE * SECONDS * 2);
  for (let at = 0; at < RATE * SECONDS; at += 1) {
    const seconds = at / RATE;
    const tones = [140, 310, 620, 1250, 2400].reduce((sum, hertz) => sum + Math.sin(2 * Math.PI * hertz * seconds), 0) / 5;
    const breath = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * seconds);
    data.writeInt16LE(Math.round(tones * breath * loudness * 32_000), at * 2);
  }
  const head = Buffer.alloc(HEAD_BYTES);
  head.write('RIFF', 0);
  head.writeUInt32LE(HEAD_BYTES - 8 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  writeFileSync(file, Buffer.concat([head, data]));
}
