/**
 * Noise suppression by RNNoise, a small neural network that runs on the sound's own thread. Imported when first used;
 * program and weights come from this server.
 */
import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import plainUrl from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import workletUrl from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';
import type { AudioProcessorOptions, Track, TrackProcessor } from 'livekit-client';

/** What the network was trained on. */
export const SAMPLE_RATE = 48_000;

export class Denoise implements TrackProcessor<Track.Kind.Audio, AudioProcessorOptions> {
  readonly name = 'denoise';
  processedTrack?: MediaStreamTrack;

  #source: MediaStreamAudioSourceNode | undefined;
  #node: RnnoiseWorkletNode | undefined;

  async init({ track, audioContext }: AudioProcessorOptions): Promise<void> {
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url: plainUrl, simdUrl }),
      audioContext.audioWorklet.addModule(workletUrl),
    ]);
    this.#source = audioContext.createMediaStreamSource(new MediaStream([track]));
    this.#node = new RnnoiseWorkletNode(audioContext, { maxChannels: 1, wasmBinary });
    const end = audioContext.createMediaStreamDestination();
    this.#source.connect(this.#node).connect(end);
    this.processedTrack = end.stream.getAudioTracks()[0];
  }

  async restart(options: AudioProcessorOptions): Promise<void> {
    await this.destroy();
    await this.init(options);
  }

  async destroy(): Promise<void> {
    this.#source?.disconnect();
    this.#node?.disconnect();
    this.#node?.destroy();
    this.processedTrack?.stop();
  }
}
