/** Two soft notes, to hear whether the sound comes out where it should. */

const NOTES_HERTZ = [523.25, 659.25];
const NOTE_SECONDS = 0.35;
const LOUDNESS = 0.12;

/** Plays them on this output (empty: the system's own) and ends when they have faded. */
export async function playTone(outputId: string): Promise<void> {
  const context = new AudioContext();
  try {
    const sink = context.createMediaStreamDestination();
    NOTES_HERTZ.forEach((hertz, index) => {
      const note = context.createOscillator();
      const loudness = context.createGain();
      const begin = context.currentTime + 0.05 + index * NOTE_SECONDS;
      note.frequency.value = hertz;
      loudness.gain.setValueAtTime(0, begin);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.001, begin + NOTE_SECONDS);
      note.connect(loudness).connect(sink);
      note.start(begin);
      note.stop(begin + NOTE_SECONDS);
    });
    // An element, because only elements can be told where to play in every browser that can at all.
    const element = new Audio();
    element.srcObject = sink.stream;
    if (outputId && 'setSinkId' in element) await element.setSinkId(outputId);
    await element.play();
    await new Promise((done) => setTimeout(done, (NOTES_HERTZ.length * NOTE_SECONDS + 0.3) * 1000));
    element.srcObject = null;
  } finally {
    void context.close();
  }
}
