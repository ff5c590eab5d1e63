/** Soft tones for what happens, made by the browser itself: no sound files, nothing to load. */

export type Tone = 'join' | 'leave' | 'hand' | 'message' | 'knock';

/** Notes in hertz, played one after the other. */
const tunes: Record<Tone, number[]> = {
  join: [523, 784],
  leave: [784, 523],
  hand: [659, 880, 659],
  message: [880],
  knock: [587, 587, 784],
};
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.05;
/** Many people at once are one sound. */
const LEAST_PAUSE_MS = 400;

/** Not in the types of TypeScript yet (W3C, Audio Output Devices API). */
type Output = AudioContext & { setSinkId?: (id: string) => Promise<void> };

let context: Output | undefined;
let output = '';
let last = 0;

/** Where they come out: with the voices. A browser that cannot, or a device that is gone, leaves it to the system. */
export function playOn(id: string): void {
  // Elements know the system's own by a name, contexts by none.
  output = id === 'default' ? '' : id;
  context?.setSinkId?.(output).catch(() => {});
}

export function play(tone: Tone): void {
  if (Date.now() - last < LEAST_PAUSE_MS) return;
  last = Date.now();
  if (!context) {
    context = new AudioContext();
    playOn(output);
  }
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
