/**
 * Something like a voice that never pauses. Chromium's own fake microphone beeps once a second, and in between the codec
 * sends a packet every 400 ms only: no gap could be told from silence.
 */
const RATE = 48_000;
const SECONDS = 4;
const HARMONICS = 12;

/** A WAV file, 16 bit mono. */
export function speech() {
  const samples = new Int16Array(RATE * SECONDS);
  let phase = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const t = index / RATE;
    // a whole number of swings in the file, so that its end meets its beginning
    phase += (2 * Math.PI * (140 + 40 * Math.sin(2 * Math.PI * 0.75 * t))) / RATE;
    const syllable = 0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * t);
    let voice = 0;
    for (let harmonic = 1; harmonic <= HARMONICS; harmonic += 1) voice += Math.sin(harmonic * phase) / harmonic;
    samples[index] = 8000 * syllable * voice;
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(2 * RATE, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([header, Buffer.from(samples.buffer)]);
}
