/** One's own microphone, camera and screen in the call: what is on, what is allowed, and what to do about it. */
import {
  LocalAudioTrack,
  LocalVideoTrack,
  RoomEvent,
  Track,
  type LocalParticipant,
  type LocalTrack,
  type Room,
} from 'livekit-client';
import type { Backdrop } from './backdrop.svelte';
import { Choice } from './choice.svelte';
import type { Tell } from '../events';
import { AUDIO, troubleOf, VIDEO, type Kind } from './kinds';
import type { Handover } from './media.svelte';
import { onceAllowed } from './permission';
import { standingOf } from '../people/standing';
import { share } from './share';
import { sources as kindSources } from './spare';
import { Switch } from './switch.svelte';

type Device = Kind | 'screen';

const sources: Record<Device, Track.Source> = {
  ...kindSources,
  screen: Track.Source.ScreenShare,
};

/** As the server calls them. */
const names = { microphone: 'microphone', camera: 'camera', screen: 'screenshare' } as const;

const devices = Object.keys(sources) as Device[];

export class Own {
  #place: 'stage' | 'audience' | undefined;
  may = $state<Record<Device | 'chat', boolean>>({
    microphone: true,
    camera: true,
    screen: true,
    chat: true,
  });
  /** What was allowed and then was not: a moderator's doing, not the room's. */
  taken = $state<Record<Device, boolean>>({ microphone: false, camera: false, screen: false });
  readonly microphone = new Switch((on) => this.#apply('microphone', on));
  readonly camera = new Switch((on) => this.#apply('camera', on));
  readonly screen = new Switch((on) => this.#apply('screen', on));
  readonly choice: Choice;

  #room: Room | undefined;
  #hand: Handover;
  #tell: Tell;
  #backdrop: Backdrop;
  #unwait: (() => void) | undefined;

  constructor(hand: Handover, backdrop: Backdrop, tell: Tell) {
    this.#hand = hand;
    this.#backdrop = backdrop;
    this.#tell = tell;
    this.choice = new Choice(
      hand,
      tell,
      (kind, error, off) => this.#failed(kind, error, off),
      (kind) => this[kind].on,
    );
  }

  follow(room: Room): void {
    this.#room = room;
    this.choice.follow(room);
    room.on(RoomEvent.ParticipantPermissionsChanged, (_before, participant) => {
      if (participant.isLocal) this.#readPermissions();
    });
    for (const event of [
      RoomEvent.LocalTrackUnpublished,
      RoomEvent.TrackMuted,
      RoomEvent.TrackUnmuted,
    ] as const) {
      // Later, since the same event comes while a whole room is being taken down.
      room.on(event, () => setTimeout(() => this.#settle(room), 0));
    }
  }

  /** Publishes what should be on, with the tracks of the pre-join screen the first time. */
  async publish(want: Record<Kind, boolean>): Promise<void> {
    this.#readPermissions(true);
    this.screen.settle(false);
    await Promise.all([this.#start('microphone', want.microphone), this.#start('camera', want.camera)]);
  }

  /** Lets go of tracks that never came to be published. */
  close(): void {
    this.#hand.microphone?.stop();
    this.#hand.camera?.stop();
    this.#unwait?.();
    this.choice.close();
  }

  async #start(kind: Kind, on: boolean): Promise<void> {
    this[kind].settle(false);
    if (on && this.may[kind]) return this[kind].set(true);
    this.#takeHand(kind)?.stop();
  }

  /** The track of the pre-join screen, once. */
  #takeHand(kind: Kind): LocalAudioTrack | LocalVideoTrack | undefined {
    const { [kind]: track, blurredCamera, onSlow } = this.#hand;
    this.#hand = { ...this.#hand, [kind]: undefined };
    if (!track || track.readyState === 'ended') return undefined;
    if (kind === 'camera' && blurredCamera) {
      onSlow(() => void this.#backdrop.giveUp(blurredCamera));
      return blurredCamera;
    }
    return kind === 'microphone'
      ? new LocalAudioTrack(track, { ...AUDIO }, false)
      : new LocalVideoTrack(track, { ...VIDEO }, false);
  }

  async #apply(device: Device, on: boolean): Promise<boolean> {
    const me = this.#room?.localParticipant;
    if (!me || (on && !this.may[device])) return false;
    try {
      await this.#turn(me, device, on);
      return isOn(me, device);
    } catch (error) {
      const again = () => this.#turn(me, device, on);
      if (on && device !== 'screen' && (await this.choice.instead(device, error, again)))
        return isOn(me, device);
      // Closing the browser's own chooser is an answer, not a failure.
      const declined =
        device === 'screen' && error instanceof DOMException && error.name === 'NotAllowedError';
      if (!declined) this.#failed(device, error, false);
      return isOn(me, device);
    }
  }

  async #turn(me: LocalParticipant, device: Device, on: boolean): Promise<void> {
    const made = on && device !== 'screen' ? await this.#make(me, device) : undefined;
    if (made instanceof LocalVideoTrack && !(await this.#backdrop.dress(made))) {
      made.stop();
      this.#tell({ kind: 'noBlur', cameraOff: true });
      return;
    }
    if (made) await me.publishTrack(made, { source: sources[device] });
    else if (device === 'microphone') await me.setMicrophoneEnabled(on);
    else if (device === 'camera') await me.setCameraEnabled(on);
    else await share(me, on);
  }

  /** A track that has to be looked after before anybody gets it. */
  async #make(me: LocalParticipant, kind: Kind): Promise<LocalTrack | undefined> {
    const first = this.#takeHand(kind);
    if (first || kind === 'microphone' || !this.#backdrop.blurred) return first;
    return me.getTrackPublication(sources.camera) ? undefined : (await me.createTracks({ video: true }))[0];
  }

  /** `off` where it was on until now. */
  #failed(device: Device, error: unknown, off: boolean): void {
    const why = device === 'screen' ? undefined : troubleOf(error);
    this.#tell({ kind: 'deviceFailed', device, why, off });
    if (device === 'screen' || why !== 'blocked') return;
    this.#unwait?.();
    this.#unwait = onceAllowed(device, () => this.#tell({ kind: 'deviceAllowed', device }));
  }

  /** The truth may change without us: a moderator, a device pulled out, the browser's own "stop sharing". */
  #settle(room: Room): void {
    if (room !== this.#room || room.state !== 'connected') return;
    const me = room.localParticipant;
    // The server stops a share by muting it; nothing of it should go on then.
    if (me.getTrackPublication(Track.Source.ScreenShare)?.isMuted) void this.screen.set(false);
    for (const device of devices) this[device].settle(isOn(me, device));
  }

  #readPermissions(first = false): void {
    const permissions = this.#room?.localParticipant.permissions;
    if (!permissions) return;
    const allowed = permissions.canPublishSources;
    const { held, place } = standingOf(this.#room?.localParticipant.metadata);
    const moved = !first && place !== undefined && place !== this.#place;
    this.#place = place;
    if (moved) this.#tell({ kind: 'stage', on: place === 'stage' });
    for (const device of devices) {
      const may =
        permissions.canPublish &&
        (allowed.length === 0 || allowed.includes(Track.sourceToProto(sources[device])));
      if (this.may[device] && !may && !first) {
        this.taken[device] = true;
        if (!moved) this.#tell({ kind: 'taken', device });
      }
      if (may && this.taken[device] && !moved) this.#tell({ kind: 'givenBack', device });
      if (first && !may) this.taken[device] = held.includes(names[device]);
      if (may) this.taken[device] = false;
      this.may[device] = may;
      if (!may) this[device].settle(false);
    }
    this.may.chat = permissions.canPublishData;
  }
}

function isOn(me: LocalParticipant, device: Device): boolean {
  const publication = me.getTrackPublication(sources[device]);
  return publication !== undefined && !publication.isMuted;
}
