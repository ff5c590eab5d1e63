/** One's own background in the call: as it is, or blurred on every camera track before anybody sees it. */
import { LocalVideoTrack, Track, type Room } from 'livekit-client';
import type { Tell } from '../events';

export class Backdrop {
  blurred = $state(false);

  #room: Room | undefined;
  #giveUp: () => Promise<void>;
  #tell: Tell;

  /** `giveUp` turns the camera off. */
  constructor(blurred: boolean, giveUp: () => Promise<void>, tell: Tell) {
    this.blurred = blurred;
    this.#giveUp = giveUp;
    this.#tell = tell;
  }

  follow(room: Room): void {
    this.#room = room;
  }

  /** Changes what others see now, and from now on. */
  async set(blurred: boolean): Promise<void> {
    this.blurred = blurred;
    const track = this.#room?.localParticipant.getTrackPublication(Track.Source.Camera)?.track;
    if (!(track instanceof LocalVideoTrack) || (await this.dress(track))) return;
    this.#tell({ kind: 'noBlur', cameraOff: false });
  }

  /** Makes a camera track look as wanted, unless it does already. Tells whether that went well. */
  async dress(track: LocalVideoTrack): Promise<boolean> {
    if (this.blurred === (track.getProcessor() !== undefined)) return true;
    try {
      if (!this.blurred) await track.stopProcessor();
      else await track.setProcessor((await import('./blur')).createBlur(() => void this.giveUp(track)));
      return true;
    } catch {
      this.blurred = false;
      return false;
    }
  }

  /** For a machine that is too slow. Nobody is shown as they did not want to be: the camera goes off, and a press turns it on as it is. */
  async giveUp(track: LocalVideoTrack): Promise<void> {
    if (!this.blurred || track.getProcessor() === undefined) return;
    this.blurred = false;
    await this.#giveUp();
    // A camera that is off cannot be told its constraints again, which comes last; the processor is gone by then.
    await track.stopProcessor().catch(() => {});
    this.#tell({ kind: 'noBlur', cameraOff: true });
  }
}
