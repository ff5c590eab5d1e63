/** Noise suppression of one's own microphone: wanted or not, and on every microphone track that comes. */
import { LocalAudioTrack, RoomEvent, Track, type Room } from 'livekit-client';
import type { Tell } from '../events';

export class Clarity {
  on = $state(false);

  #room: Room | undefined;
  #context: AudioContext | undefined;
  #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  follow(room: Room): void {
    this.#room = room;
    room.on(RoomEvent.LocalTrackPublished, (publication) => {
      if (publication.source === Track.Source.Microphone) void this.#apply();
    });
  }

  async set(on: boolean): Promise<void> {
    this.on = on;
    await this.#apply();
  }

  close(): void {
    void this.#context?.close();
    this.#context = undefined;
  }

  async #apply(): Promise<void> {
    const track = this.#room?.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
    if (!(track instanceof LocalAudioTrack) || this.on === (track.getProcessor() !== undefined)) return;
    try {
      if (!this.on) return await track.stopProcessor();
      const { Denoise, SAMPLE_RATE } = await import('./denoise');
      this.#context ??= new AudioContext({ sampleRate: SAMPLE_RATE });
      track.setAudioContext(this.#context);
      await track.setProcessor(new Denoise());
    } catch {
      // The voice goes on as it was.
      this.on = false;
      this.#tell({ kind: 'noClarity' });
    }
  }
}
