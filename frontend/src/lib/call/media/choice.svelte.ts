/**
 * Which devices the call uses. One that does not open, or goes away, gives way to another; where there is none, the track
 * is muted for everybody, so that nobody seems to be heard or seen who is not.
 */
import { RoomEvent, TrackEvent, type Room } from 'livekit-client';
import type { Tell } from '../events';
import { troubleOf, type Kind } from './kinds';
import type { Handover } from './media.svelte';
import { isBlocked } from './permission';
import { watchPlugs } from './plugs';
import { giveUp, inputs, labelOf, lives, openOneOf, others, sources, trackOf } from './spare';

const kinds: Kind[] = ['microphone', 'camera'];
/** livekit-client stops a device before it opens the next one; where that fails, no event tells. Seen twice, it is so. */
const LOOK_MS = 1500;

export class Choice {
  microphone = $state('');
  camera = $state('');
  speaker = $state('');

  #room: Room | undefined;
  #tell: Tell;
  #failed: (kind: Kind, error: unknown, off: boolean) => void;
  #wants: (kind: Kind) => boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  #busy = new Set<Kind>();

  /** `failed` is told what did not open and whether it is off now; `wants` tells whether a person wants it on. */
  constructor(
    hand: Handover,
    tell: Tell,
    failed: (kind: Kind, error: unknown, off: boolean) => void,
    wants: (kind: Kind) => boolean,
  ) {
    this.microphone = hand.microphoneId;
    this.camera = hand.cameraId;
    this.speaker = hand.speakerId;
    this.#tell = tell;
    this.#failed = failed;
    this.#wants = wants;
  }

  follow(room: Room): void {
    this.#room = room;
    watchPlugs(room, this.#tell, (kind) => void this.#gone(kind));
    room.on(RoomEvent.LocalTrackPublished, ({ source, track }) => {
      const kind = kinds.find((one) => sources[one] === source);
      if (!kind) return;
      this.#read(kind);
      track?.on(TrackEvent.Restarted, () => this.#read(kind));
    });
    clearInterval(this.#timer);
    const dead = new Set<Kind>();
    this.#timer = setInterval(() => {
      for (const kind of kinds) {
        const track = trackOf(room, kind);
        const isDead = track !== undefined && !track.isMuted && !lives(track) && !this.#busy.has(kind);
        if (!isDead) dead.delete(kind);
        else if (dead.has(kind)) void this.#rescue(kind, this[kind], '', noSound());
        else dead.add(kind);
      }
    }, LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Changes the device now, or from the next time on that it is turned on. */
  async choose(kind: Kind, id: string): Promise<void> {
    const before = this[kind];
    this[kind] = id;
    this.#busy.add(kind);
    try {
      await this.#room?.switchActiveDevice(inputs[kind], id);
    } catch (error) {
      await this.#rescue(kind, before, id, error);
    } finally {
      this.#busy.delete(kind);
    }
  }

  async chooseSpeaker(id: string): Promise<void> {
    const before = this.speaker;
    this.speaker = id;
    try {
      await this.#room?.switchActiveDevice('audiooutput', id);
    } catch (error) {
      this.speaker = before;
      this.#tell({ kind: 'deviceFailed', device: 'speaker', why: troubleOf(error) });
    }
  }

  /** Turns on with another device what did not open with the chosen one. Tells whether that went well. */
  async instead(kind: Kind, error: unknown, turnOn: () => Promise<unknown>): Promise<boolean> {
    const failed = this[kind];
    const why = troubleOf(error);
    if (why === 'blocked') return false;
    for (const id of await others(kind, '', failed)) {
      try {
        await this.#room?.switchActiveDevice(inputs[kind], id);
        await turnOn();
        this[kind] = id;
        this.#tell({ kind: 'deviceKept', device: kind, why, name: this.#label(kind) });
        return true;
      } catch {
        // the next one may
      }
    }
    // not exactly this one: the next press takes what there is by then
    await this.#room?.switchActiveDevice(inputs[kind], failed, false).catch(() => {});
    return false;
  }

  /** A device that should be on is dead. `first` is what to try before all others. */
  async #rescue(kind: Kind, first: string, failed: string, error: unknown): Promise<void> {
    const track = trackOf(this.#room, kind);
    this[kind] = first;
    if (!track || track.isMuted) return this.#failed(kind, error, false);
    this.#busy.add(kind);
    const why = troubleOf(error);
    // A browser that asks for each device may still allow the one before.
    const ids = why === 'blocked' ? [first] : await others(kind, first, failed);
    const id = await openOneOf(ids, track);
    if (id === undefined) await giveUp(track, first);
    this.#busy.delete(kind);
    if (id === undefined) return this.#failed(kind, error, true);
    this[kind] = id;
    this.#tell({ kind: 'deviceKept', device: kind, why, name: labelOf(track) });
  }

  /** livekit-client searched after the end of a device, and muted the track. */
  async #gone(kind: Kind): Promise<void> {
    const track = trackOf(this.#room, kind);
    if (!track || !this.#wants(kind)) return;
    if (await isBlocked(kind)) return this.#failed(kind, new DOMException('', 'NotAllowedError'), true);
    const id = await openOneOf(await others(kind, '', this[kind]), track);
    if (id === undefined) {
      await giveUp(track, this[kind]);
      return this.#tell({ kind: 'deviceGone', device: kind });
    }
    this[kind] = id;
    this.#tell({ kind: 'deviceReplaced', device: kind, name: labelOf(track) });
  }

  #label(kind: Kind): string {
    const track = trackOf(this.#room, kind);
    return track ? labelOf(track) : '';
  }

  #read(kind: Kind): void {
    const used = trackOf(this.#room, kind)?.getSourceTrackSettings().deviceId;
    if (used) this[kind] = used;
  }
}

const noSound = () => new DOMException('The device ended.', 'NotReadableError');
