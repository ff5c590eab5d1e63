/** Soft tones for what happens, made by the browser itself: no sound files, nothing to load. */

export type Tone = 'join' | 'leave' | 'hand' | 'message';

/** Notes in hertz, played one after the other. */
const tunes: Record<Tone, number[]> = {
  join: [523, 784],
  leave: [784, 523],
  hand: [659, 880, 659],
  message: [880],
};
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.05;
/** Many people at once are one sound. */
const LEAST_PAUSE_MS = 400;

let context: AudioContext | undefined;
let last = 0;

export function play(tone: Tone): void {
  if (Date.now() - last < LEAST_PAUSE_MS) return;
  last = Date.now();
  context ??= new AudioContext();
  // Before the first press on the page the browser plays nothing, and later is too late.
  if (context.state !== 'running') return void context.resume();
  const begin = context.currentTime;
  tunes[tone].forEach((hertz, index) => note(hertz, begin + index * NOTE_SECONDS * 0.7));
}

function note(hertz: number, at: number): void {
  if (!context) return;
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_SECONDS * 2);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + NOTE_SECONDS * 2);
}
