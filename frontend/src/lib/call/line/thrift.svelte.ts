/**
 * Less video while the line is weak, so that the sound stays whole: first small pictures, then none. Goes down and up
 * by itself, one step at a time; a person may insist on full video.
 */
import { ConnectionQuality, RoomEvent, Track, VideoQuality, type Room } from 'livekit-client';
import { readLine, type Counters } from './line';

export type Level = 'full' | 'less' | 'none';

const levels: Level[] = ['full', 'less', 'none'];
/** How long a line has to be weak before a step down, and good before a step up. */
const WEAK_MS = 6000;
const GOOD_MS = 20_000;
/** For so long the page does not lower again what a person wanted full. */
const INSIST_MS = 180_000;
const SMALL_BITS = 90_000;
/**
 * What the SFU calls weak is how a picture comes out in the end, and packets that are sent again make good for a lot. So the
 * page looks at the loss of its own voice, as the SFU reports it: what is lost of the others' may be lost on their way.
 * Between these two a line stays what it was.
 */
const LOSSY_PERCENT = 10;
const WHOLE_PERCENT = 5;
const LOOK_MS = 2000;

export class Thrift {
  level = $state<Level>('full');

  #room: Room | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #goal: Level = 'full';
  #poor = false;
  #lossy = false;
  #looking: ReturnType<typeof setInterval> | undefined;
  #counters: Counters = new Map();
  /** From the first step on, also what was out of sight meanwhile has to learn of the last one. */
  #stepped = false;
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
      if (!participant.isLocal || quality === ConnectionQuality.Unknown) return;
      this.#poor = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost;
      this.#heed();
    });
    clearInterval(this.#looking);
    this.#counters.clear();
    this.#looking = setInterval(() => void this.#look(room), LOOK_MS);
    for (const event of [RoomEvent.TrackSubscribed, RoomEvent.LocalTrackPublished] as const)
      room.on(event, () => this.#stepped && this.#apply());
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
    clearInterval(this.#looking);
  }

  async #look(room: Room): Promise<void> {
    const microphone = room.localParticipant.getTrackPublication(Track.Source.Microphone);
    if (room.state !== 'connected') return;
    const report = await microphone?.track?.getRTCStatsReport().catch(() => undefined);
    // A silent microphone sends too little to tell by.
    const told = report && !microphone?.isMuted ? readLine(report.values(), this.#counters) : {};
    this.#lossy = (told.lossPercent ?? 0) >= (this.#lossy ? WHOLE_PERCENT : LOSSY_PERCENT);
    this.#heed();
  }

  #heed(): void {
    // A loss that retransmission makes good for is no reason to do without pictures.
    const goal = this.#poor ? 'none' : this.#lossy ? 'less' : 'full';
    if (this.#timer !== undefined && goal === this.#goal) return;
    clearTimeout(this.#timer);
    this.#goal = goal;
    this.#wait();
  }

  #wait(): void {
    const down = Math.sign(levels.indexOf(this.#goal) - levels.indexOf(this.level));
    const next = levels[levels.indexOf(this.level) + down];
    this.#timer = undefined;
    if (down === 0 || !next) return;
    this.#timer = setTimeout(
      () => {
        const insists = down > 0 && Date.now() - this.#insistedAt < INSIST_MS;
        // During a reconnect there is nothing to save on, and quality means nothing.
        if (!insists && this.#room?.state === 'connected') this.#step(next);
        this.#wait();
      },
      down > 0 ? WEAK_MS : GOOD_MS,
    );
  }

  #step(level: Level): void {
    if (level === this.level) return;
    this.level = level;
    this.#stepped = true;
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
