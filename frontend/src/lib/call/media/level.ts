/** How loud a microphone is, for a meter that moves with the voice. */
export class Level {
  #context = new AudioContext();
  #analyser = this.#context.createAnalyser();
  #samples: Float32Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack) {
    this.#analyser.fftSize = 512;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
    // Held back until the first gesture in some browsers; harmless where it runs.
    void this.#context.resume();
  }

  /** False while the browser holds the sound back: then nothing that is measured here means anything. */
  get running(): boolean {
    return this.#context.state === 'running';
  }

  /** 0 (silence) to 1, on a scale that follows the ear: speech moves most of it. */
  now(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample ** 2;
    const decibels = 20 * Math.log10(Math.sqrt(sum / this.#samples.length) + 1e-6);
    return Math.min(1, Math.max(0, (decibels + 55) / 45));
  }

  /** Nothing at all, not even the noise that every open microphone has. */
  isDead(): boolean {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return this.#samples.every((sample) => sample === 0);
  }

  close(): void {
    void this.#context.close();
  }
}
