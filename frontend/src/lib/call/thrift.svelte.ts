/**
 * Less video while the line is weak, so that the sound stays whole: first small pictures, then none. Goes down and up
 * by itself, one step at a time; a person may insist on full video.
 */
import { ConnectionQuality, RoomEvent, Track, VideoQuality, type Room } from 'livekit-client';

export type Level = 'full' | 'less' | 'none';

const levels: Level[] = ['full', 'less', 'none'];
/** How long a line has to be weak before a step down, and good before a step up. */
const WEAK_MS = 6000;
const GOOD_MS = 20_000;
/** For so long the page does not lower again what a person wanted full. */
const INSIST_MS = 180_000;
const SMALL_BITS = 90_000;

export class Thrift {
  level = $state<Level>('full');

  #room: Room | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #weak = false;
  #insistedAt = Number.NEGATIVE_INFINITY;
  #bitrates = new WeakMap<RTCRtpSender, (number | undefined)[]>();
  #changed: () => void;

  /** `changed` is called when other people's pictures come or go with the level. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  follow(room: Room): void {
    this.#room = room;
    room.on(RoomEvent.ConnectionQualityChanged, (quality, participant) => {
      if (participant.isLocal && quality !== ConnectionQuality.Unknown) this.#heed(quality);
    });
    for (const event of [RoomEvent.TrackSubscribed, RoomEvent.LocalTrackPublished] as const)
      room.on(event, () => this.level !== 'full' && this.#apply());
  }

  /** Full video, come what may, for some minutes. */
  insist(): void {
    this.#insistedAt = Date.now();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#step('full');
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #heed(quality: ConnectionQuality): void {
    const weak = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
    if (this.#timer !== undefined && weak === this.#weak) return;
    clearTimeout(this.#timer);
    this.#weak = weak;
    this.#wait();
  }

  #wait(): void {
    const next = levels[levels.indexOf(this.level) + (this.#weak ? 1 : -1)];
    this.#timer = undefined;
    if (!next) return;
    this.#timer = setTimeout(
      () => {
        const insists = this.#weak && Date.now() - this.#insistedAt < INSIST_MS;
        // During a reconnect there is nothing to save on, and quality means nothing.
        if (!insists && this.#room?.state === 'connected') this.#step(next);
        this.#wait();
      },
      this.#weak ? WEAK_MS : GOOD_MS,
    );
  }

  #step(level: Level): void {
    if (level === this.level) return;
    this.level = level;
    this.#apply();
    this.#changed();
  }

  #apply(): void {
    const quality = this.level === 'full' ? VideoQuality.HIGH : VideoQuality.LOW;
    for (const person of this.#room?.remoteParticipants.values() ?? []) {
      const camera = person.getTrackPublication(Track.Source.Camera);
      if (!camera?.isSubscribed) continue;
      camera.setVideoQuality(quality);
      camera.setEnabled(this.level !== 'none');
    }
    const own = this.#room?.localParticipant.getTrackPublication(Track.Source.Camera)?.track;
    if (own && 'sender' in own && own.sender) void this.#squeeze(own.sender).catch(() => {});
  }

  /** Bounds what one's own camera may take of the way up. */
  async #squeeze(sender: RTCRtpSender): Promise<void> {
    const parameters = sender.getParameters();
    const before = this.#bitrates.get(sender) ?? parameters.encodings.map((one) => one.maxBitrate);
    this.#bitrates.set(sender, before);
    parameters.encodings.forEach((encoding, index) => {
      const usual = before[index];
      const most = this.level === 'full' ? usual : Math.min(usual ?? SMALL_BITS, SMALL_BITS);
      if (most !== undefined) encoding.maxBitrate = most;
    });
    await sender.setParameters(parameters);
  }
}
