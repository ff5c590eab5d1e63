/** How loud a microphone is, for a meter that moves with the voice. */
export class Level {
  #context = new AudioContext();
  #analyser = this.#context.createAnalyser();
  #samples: Uint8Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack) {
    this.#analyser.fftSize = 512;
    this.#samples = new Uint8Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
    // Held back until the first gesture in some browsers; harmless where it runs.
    void this.#context.resume();
  }

  /** 0 (silence) to 1, on a scale that follows the ear: speech moves most of it. */
  now(): number {
    this.#analyser.getByteTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += ((sample - 128) / 128) ** 2;
    const decibels = 20 * Math.log10(Math.sqrt(sum / this.#samples.length) + 1e-6);
    return Math.min(1, Math.max(0, (decibels + 55) / 45));
  }

  close(): void {
    void this.#context.close();
  }
}
