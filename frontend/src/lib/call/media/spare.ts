/** What stands in for a device of one's own that does not open or that went away. */
import { LocalAudioTrack, LocalVideoTrack, Track, type Room } from 'livekit-client';
import { troubleOf, type Kind } from './kinds';

export type OwnTrack = LocalAudioTrack | LocalVideoTrack;

export const sources: Record<Kind, Track.Source.Microphone | Track.Source.Camera> = {
  microphone: Track.Source.Microphone,
  camera: Track.Source.Camera,
};
export const inputs: Record<Kind, 'audioinput' | 'videoinput'> = {
  microphone: 'audioinput',
  camera: 'videoinput',
};

/** Somebody waits meanwhile. */
const MOST_TRIES = 4;

export function trackOf(room: Room | undefined, kind: Kind): OwnTrack | undefined {
  const track = room?.localParticipant.getTrackPublication(sources[kind])?.track;
  return track instanceof LocalAudioTrack || track instanceof LocalVideoTrack ? track : undefined;
}

/** The device itself: with a processor, the track that is sent lives on when its device is gone. */
const deviceOf = (track: OwnTrack) => track.mediaStream?.getTracks()[0];

export const lives = (track: OwnTrack): boolean => deviceOf(track)?.readyState === 'live';

export const labelOf = (track: OwnTrack): string => deviceOf(track)?.label ?? '';

/** Ids to try: `first`, then every other one, but not the one that has just failed. */
export async function others(kind: Kind, first: string, failed: string): Promise<string[]> {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const ids = all.filter((device) => device.kind === inputs[kind]).map((device) => device.deviceId);
  return [...new Set([first, ...ids])].filter((id) => id && id !== failed).slice(0, MOST_TRIES);
}

/** Opens one of these in a track that should be on. Gives the id of the one that did. */
export async function openOneOf(ids: string[], track: OwnTrack): Promise<string | undefined> {
  for (const id of ids) {
    try {
      await track.setDeviceId({ exact: id });
      if (track.isMuted) await track.unmute();
      if (lives(track)) return id;
    } catch (error) {
      if (troubleOf(error) === 'blocked') return undefined;
    }
  }
  return undefined;
}

/** Nothing opens: the SFU and everybody hear of it, and the next press asks for whatever there is by then. */
export async function giveUp(track: OwnTrack, wanted: string): Promise<void> {
  await track.mute();
  await track.setDeviceId({ ideal: wanted || 'default' });
}
